/** conversationEvents: the logs of all calls of a conversation as one, in one order. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRANSPORTS } from '../support/client.ts';
import { WatchConversation } from '../support/documents.ts';
import type { RunningServer } from '../support/server.ts';
import {
  callDetails,
  collect,
  type Event,
  generate,
  makeImage,
  refusal,
  type Transport,
  typesOf,
  unknownId,
  watchConversation,
  watchToEnd,
  within,
} from './steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startServerAt } from './upstreams.ts';

const PARTIALS = 2;
const EVENTS_PER_CALL = 4 + PARTIALS;

let upstream: DevelopingUpstream;
let server: RunningServer;
let url: string;

beforeAll(async () => {
  upstream = await startDevelopingUpstream({ partials: PARTIALS, gapMs: () => Math.random() * 15 });
  server = await startServerAt(upstream);
  ({ url } = server);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

function places(events: readonly Event[]): string[] {
  return events.map(({ call, sequence, __typename }) => `${call.id} ${sequence} ${__typename}`);
}

/** A conversation with one finished call and `more` that were started at once. */
async function startConversation(more: number) {
  const first = await generate(url, { prompt: 'the first of many' });
  await watchToEnd(url, first.id);
  const conversationId = first.conversation.id;
  const rest = await Promise.all(
    Array.from({ length: more }, (_, number) => generate(url, { prompt: `number ${number}`, conversationId })),
  );
  return { conversationId, callIds: [first.id, ...rest.map(({ id }) => id)] };
}

async function followWithDrops(conversationId: string, count: number, over: Transport): Promise<Event[]> {
  const seen: Event[] = [];
  for (let connections = 1; seen.length < count && connections <= 200; connections += 1) {
    const dropped = AbortSignal.timeout(Math.round(20 + Math.random() * 60 + 4 * connections));
    const after = seen.at(-1)?.cursor ?? null;
    for await (const event of watchConversation(url, conversationId, { after, over, signal: dropped })) {
      seen.push(event);
    }
  }
  return seen;
}

describe('several calls in one conversation', () => {
  it('promises 1, 2: are one log in one order for everybody, each call gap-free in it, through drops and reconnects', async () => {
    const { conversationId, callIds } = await startConversation(6);
    const count = callIds.length * EVENTS_PER_CALL;
    const [steady, ...others] = await Promise.all([
      collect(watchConversation(url, conversationId), count),
      ...Object.values(TRANSPORTS).map((over) =>
        within(20_000, 'a follower', () => followWithDrops(conversationId, count, over)),
      ),
    ]);
    for (const other of others) expect(places(other)).toEqual(places(steady));
    for (const callId of callIds) {
      const ofCall = steady.filter(({ call }) => call.id === callId);
      expect(ofCall.map(({ sequence }) => sequence)).toEqual(Array.from({ length: EVENTS_PER_CALL }, (_, i) => i + 1));
    }
  });

  it('promise 2: a cursor of either subscription goes on in both', async () => {
    const { conversationId, callIds } = await startConversation(2);
    const [callId = ''] = callIds.slice(1);
    const ofCall = await watchToEnd(url, callId);
    const count = callIds.length * EVENTS_PER_CALL;
    const ofAll = await collect(watchConversation(url, conversationId), count);
    for (const { cursor, sequence } of ofCall) {
      const place = ofAll.findIndex(({ call, sequence: other }) => call.id === callId && other === sequence);
      expect(ofAll[place]?.cursor).toBe(cursor);
      expect(places(await watchToEnd(url, callId, { after: cursor }))).toEqual(places(ofCall.slice(sequence)));
      const left = count - place - 1;
      if (left === 0) continue;
      const rest = await collect(watchConversation(url, conversationId, { after: cursor }), left);
      expect(places(rest)).toEqual(places(ofAll.slice(place + 1)));
    }
  });
});

describe.each(Object.entries(TRANSPORTS))('over %s', (_, over) => {
  it('promise 3: the subscription stays open behind a terminal event, and shows the next call', async () => {
    const { callId, events } = await makeImage(url, { prompt: 'the first' });
    const { conversation } = await callDetails(url, callId);
    const conversationId = conversation.id;
    const tail = watchConversation(url, conversationId, { over, after: events.at(-1)?.cursor ?? null });
    const next = tail.next();
    expect(await Promise.race([next, delay(200, 'silence')])).toBe('silence');
    const second = await generate(url, { prompt: 'the second', conversationId });
    // Sooner than the slow poll would find it: it was woken.
    expect(await within(2_500, 'the next call', () => next)).toMatchObject({
      value: { __typename: 'GenerationQueued', call: { id: second.id } },
    });
    expect(typesOf(await collect(tail, EVENTS_PER_CALL - 1)).at(-1)).toBe('GenerationCompleted');
  });

  it('promise 3: gone, a conversation that is not there is an error', async () => {
    const variables = { conversationId: unknownId('Conversation'), after: null };
    expect(await refusal(over(url, WatchConversation, variables))).toMatchObject([
      { extensions: { code: 'NOT_FOUND', field: 'conversationId' } },
    ]);
  });
});
