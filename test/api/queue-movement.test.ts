/** How waiting calls move up: what a subscriber of `viewerEvents` sees of it, and that nothing is stored for it. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import { CallDetails } from '../support/documents.ts';
import { openShop, type Shop } from './orders.ts';
import { countRows, eventually, generate, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ CONCURRENCY: '1' });
});
afterAll(() => shop?.[Symbol.asyncDispose]());

interface Movement {
  readonly __typename: string;
  readonly call?: { readonly id: string; readonly queuePosition: number | null };
  readonly waitingCalls?: readonly { readonly id: string; readonly queuePosition: number | null }[] | null;
}

const FOLLOW = `subscription { viewerEvents {
  __typename ... on GenerationEvent { call { id queuePosition } waitingCalls { id queuePosition } } } }`;

/** A normalized cache of positions, as clients keep it, and the events that it was filled from. */
function follow() {
  const client = createClient({ url: `${shop.url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
  const positions = new Map<string, number | null>();
  const events: Movement[] = [];
  const stop = client.subscribe<{ viewerEvents: Movement }>(
    { query: FOLLOW },
    {
      next({ data }) {
        if (data == null) return;
        const { viewerEvents: event } = data;
        events.push(event);
        for (const { id, queuePosition } of [...(event.call ? [event.call] : []), ...(event.waitingCalls ?? [])])
          positions.set(id, queuePosition);
      },
      error: () => undefined,
      complete: () => undefined,
    },
  );
  return { positions, events, stop };
}

it('the positions of all waiting calls follow from the events of the others', async () => {
  const { positions, events, stop } = follow();
  const shows = (what: string, expected: Readonly<Record<string, number | null>>) =>
    eventually(what, async () =>
      Object.entries(expected).every(([id, position]) => positions.get(id) === position) ? true : undefined,
    );
  try {
    const options = { partialImages: 0 } as const;
    const running = await generate(shop.url, { prompt: 'a slow fox [sim:duration=3000]', options });
    const waiting = [];
    for (const name of ['one', 'two', 'three'])
      waiting.push((await generate(shop.url, { prompt: `${name} [sim:duration=300]`, options })).id);
    const [one = '', two = '', three = ''] = waiting;
    await shows('the queue', { [running.id]: null, [one]: 1, [two]: 2, [three]: 3 });
    await data(shop.url, CancelGeneration, { input: { callId: one } });
    await shows('a cancellation to move two calls up', { [one]: null, [two]: 1, [three]: 2 });
    await shows('the end of the running call to start the next one', { [two]: null, [three]: 1 });
    await watchToEnd(shop.url, three);
    await shows('an empty queue', { [three]: null });
    // What moved nothing says so, and does not say that the queue is empty.
    for (const { __typename: type, waitingCalls } of events)
      if (/^(?:PartialImageReceived|Image)/u.test(type) && waitingCalls !== undefined) expect(waitingCalls).toBeNull();
    // Four calls, one of them cancelled: no movement was stored.
    const { events: stored } = countRows(shop.server.dataDir);
    expect(stored).toBe(4 + 3 * 3 + 1 + 4);
    expect((await data(shop.url, CallDetails, { id: three })).generationCall?.status).toBe('COMPLETED');
  } finally {
    stop();
  }
}, 30_000);
