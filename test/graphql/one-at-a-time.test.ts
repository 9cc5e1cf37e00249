/** The subscriptions of one connection take turns: one event at a time is made, sent and forgotten. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { GenerationEvent } from '../../src/domain/generation/generation-event.ts';
import { deliverOneAtATime } from '../../src/events/one-at-a-time.ts';

/** Streams of three events each, all of them there already. */
function createStreams() {
  const counts = { open: 0 };
  async function* events(callId: string): AsyncGenerator<GenerationEvent> {
    counts.open += 1;
    try {
      for (const sequence of [1, 2, 3]) {
        const at = '2026-11-23T00:00:00.000Z';
        yield { type: 'GenerationQueued', id: sequence, callId, conversationId: 'c', sequence, position: sequence, at };
      }
    } finally {
      counts.open -= 1;
    }
  }
  const ofCall = async (_: string, callId: string) => events(callId);
  return { counts, streams: deliverOneAtATime({ ofCall, ofConversation: ofCall, ofViewer: ofCall.bind(null, '') }) };
}

/** What has come by now. */
async function soon<T>(promise: Promise<T>): Promise<T | 'nothing yet'> {
  return Promise.race([promise, turnOfTheLoop(undefined).then(() => 'nothing yet' as const)]);
}

async function twoSubscriptions() {
  const { counts, streams } = createStreams();
  const first = await streams.ofCall('p', 'first', null);
  const second = await streams.ofCall('p', 'second', null);
  expect(await soon(first.next())).toMatchObject({ value: { callId: 'first', sequence: 1 } });
  return { counts, first, second };
}

describe('the subscriptions of one connection', () => {
  it('promise 9: get an event when the one before, of whichever, has been sent', async () => {
    const { first, second } = await twoSubscriptions();
    const waiting = second.next();
    expect(await soon(waiting)).toBe('nothing yet');
    // Asking for the next one says that the first was sent.
    const next = first.next();
    expect(await soon(waiting)).toMatchObject({ value: { callId: 'second', sequence: 1 } });
    expect(await soon(next)).toBe('nothing yet');
    void second.next();
    expect(await soon(next)).toMatchObject({ value: { callId: 'first', sequence: 2 } });
  });

  it('promise 9: do not hold each other up when one leaves in the middle of its turn', async () => {
    const { counts, first, second } = await twoSubscriptions();
    const waiting = second.next();
    await first.return(undefined);
    expect(await soon(waiting)).toMatchObject({ value: { callId: 'second', sequence: 1 } });
    await second.return(undefined);
    expect(counts.open).toBe(0);
  });

  it('promise 9: do not hold each other up when one leaves while it waits for its turn', async () => {
    const { first, second } = await twoSubscriptions();
    const waiting = second.next();
    await turnOfTheLoop();
    await second.return(undefined);
    expect(await soon(first.next())).toMatchObject({ value: { sequence: 2 } });
    expect(await soon(waiting)).toEqual({ done: true, value: undefined });
  });

  it('promises 1, 3: end when their streams end, with nothing missing', async () => {
    const { streams } = createStreams();
    const read = async (callId: string) => {
      const sequences: number[] = [];
      for await (const event of await streams.ofCall('p', callId, null)) sequences.push(event.sequence);
      return sequences;
    };
    expect(await Promise.all(['a', 'b', 'c'].map(read))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});
