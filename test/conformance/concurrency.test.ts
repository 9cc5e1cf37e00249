/** What a client may have open at once, on every way in; and that whatever ends, however it ends, leaves room for the next. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { useRateLimits } from '../../src/graphql/plugins/use-rate-limits.ts';
import { socketAddress } from '../../src/http/admission/client-address.ts';
import { createClientConcurrency } from '../../src/limits/client-concurrency.ts';
import { createClientRates } from '../../src/limits/client-rates.ts';
import { createInProcessRateLimits } from '../../src/limits/drivers/in-process/rate-limits.ts';
import { eventually } from '../api/steps.ts';
import { openReader, openSse, postSse, type Reader } from '../graphql/readers.ts';
import { type BareServer, startBareServer } from '../http/bare-server.ts';

const MAX = 3;
const WATCH = `subscription { generationEvents(callId: "${encodeGlobalId('GenerationCall', randomUUID())}") { sequence } }`;
const CYCLES = 1_000;

/** Streams that say nothing until they are told to end, and fail to begin when they shall. */
function createStreams() {
  const enders = new Set<() => void>();
  const counts = { open: 0 };
  let failure: 'none' | 'begin' | 'next' = 'none';
  async function ofCall() {
    if (failure === 'begin') throw new Error('it cannot begin');
    counts.open += 1;
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<never, undefined>>();
    const end = () => {
      if (enders.delete(end)) counts.open -= 1;
      resolve({ done: true, value: undefined });
    };
    enders.add(end);
    if (failure === 'next') {
      enders.delete(end);
      counts.open -= 1;
      reject(new Error('it broke off'));
    }
    return {
      next: () => promise,
      async return() {
        end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
  return {
    ofCall,
    counts,
    endAll: () => [...enders].map((end) => end()),
    fail: (how: typeof failure) => {
      failure = how;
    },
  };
}

let streams = createStreams();
let bare: BareServer;
let slowQueries: (() => void)[] = [];

const perMinute = {
  REQUESTS: null,
  COST: null,
  UPLOADS: null,
  IMAGES: null,
  VARIANTS: null,
  FAILED_AUTHENTICATIONS: null,
};
const concurrency = createClientConcurrency({
  max: { subscriptionsPerPrincipal: null, subscriptionsPerAddress: MAX, operationsPerPrincipal: MAX },
  credentialSharePercent: 100,
  addressOf: socketAddress,
});

beforeAll(async () => {
  const rates = createClientRates({
    whole: { perMinute, rates: createInProcessRateLimits({ perMinute, maxSubjects: 10 }) },
    share: null,
    addressOf: socketAddress,
    maxSubjects: 10,
    nowMs: Date.now,
  });
  const { first, last } = useRateLimits({ rates, concurrency, costOf: () => 1, nowMs: Date.now });
  bare = await startBareServer({
    keepAliveMs: 200,
    contextFor: () => ({
      principal: 'somebody',
      eventStreams: { ofCall: streams.ofCall },
      reader: { costOfEverything: () => new Promise((_, reject) => slowQueries.push(() => reject(new Error('slow')))) },
    }),
    audienceOf: () => 'everybody',
    plugins: [first, last],
  });
});
afterAll(() => bare[Symbol.asyncDispose]());
beforeEach(() => {
  streams = createStreams();
  slowQueries = [];
});

const isOpen = (count: number) =>
  eventually(`${count} subscriptions to be open`, () => streams.counts.open === count || undefined);

/** Everything that was counted has been given back. */
async function expectRoomForAll(): Promise<void> {
  await isOpen(0);
  await eventually('all places to be free', () => {
    return inUse('SUBSCRIPTIONS') + inUse('OPERATIONS') === 0 || undefined;
  });
}

function inUse(kind: 'SUBSCRIPTIONS' | 'OPERATIONS'): number {
  // The address of the tests is all that is looked at.
  const client = { identity: { credential: null }, req: { socket: { remoteAddress: '127.0.0.1' } } };
  const usages = concurrency.usageOf(client as unknown as Parameters<typeof concurrency.usageOf>[0]);
  return usages.find((usage) => usage.kind === kind)?.inUse ?? Number.NaN;
}

async function refused(reader: Reader, id: string) {
  reader.subscribe(id, WATCH);
  await reader.until('a refusal', (got) => got.some((message) => message.id === id && message.type === 'error'));
  return reader.messages.find((message) => message.id === id)?.payload;
}

describe('subscriptions at once', () => {
  it('are bounded for WebSocket and server-sent events together', async () => {
    using one = await openReader(bare.url);
    using other = await openReader(bare.url);
    one.subscribe('1', WATCH);
    other.subscribe('1', WATCH);
    using _sse = await openSse(bare.url, WATCH, {});
    await isOpen(MAX);
    expect(await refused(one, '2')).toEqual([
      {
        message:
          'Only 3 subscriptions at once are allowed for each address (MAX_SUBSCRIPTIONS_PER_ADDRESS). ' +
          'End one first, or follow a whole conversation.',
        extensions: { code: 'RATE_LIMITED', retryAfter: null },
      },
    ]);
    const overSse = postSse(bare.url, WATCH, {});
    const [response] = await once(overSse, 'response');
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toBeUndefined();
    response.resume();
    // The socket is still open, and what ends makes room.
    one.send({ id: '1', type: 'complete' });
    await isOpen(MAX - 1);
    one.subscribe('3', WATCH);
    await isOpen(MAX);
  });

  it('leave room again however they end, a thousand times', async () => {
    const endings = {
      'the server completes it': async () => {
        using reader = await openReader(bare.url);
        reader.subscribe('1', WATCH);
        await isOpen(1);
        streams.endAll();
        await reader.until('its end', (got) => got.some(({ type }) => type === 'complete'));
      },
      'the client completes it': async () => {
        using reader = await openReader(bare.url);
        reader.subscribe('1', WATCH);
        await isOpen(1);
        reader.send({ id: '1', type: 'complete' });
        await isOpen(0);
      },
      'the client completes it before it has begun': async () => {
        using reader = await openReader(bare.url);
        reader.subscribe('1', WATCH);
        reader.send({ id: '1', type: 'complete' });
        reader.send({ type: 'ping' });
        await reader.until('the server to have read it', (got) => got.some(({ type }) => type === 'pong'));
      },
      'the WebSocket breaks off': async () => {
        using reader = await openReader(bare.url);
        for (const id of ['1', '2', '3']) reader.subscribe(id, WATCH);
        await isOpen(3);
        reader.socket.terminate();
      },
      'the server closes the WebSocket': async () => {
        using reader = await openReader(bare.url);
        reader.subscribe('1', WATCH);
        await isOpen(1);
        reader.subscribe('1', WATCH);
        await reader.closed;
      },
      'the connection of its events breaks off': async () => {
        const sse = await openSse(bare.url, WATCH, {});
        await isOpen(1);
        sse[Symbol.dispose]();
      },
      'its events end': async () => {
        using sse = await openSse(bare.url, WATCH, {});
        await isOpen(1);
        streams.endAll();
        await sse.ended;
      },
      'the client does not accept events': async () => {
        const [response] = await once(postSse(bare.url, WATCH, {}, 'application/json'), 'response');
        response.resume();
      },
      'it cannot begin': async () => {
        streams.fail('begin');
        using reader = await openReader(bare.url);
        reader.subscribe('1', WATCH);
        await reader.until('its error', (got) => got.length > 1);
      },
      'it fails while it runs': async () => {
        streams.fail('next');
        using reader = await openReader(bare.url);
        reader.subscribe('1', WATCH);
        await reader.until('its error', (got) => got.length > 1);
      },
    };
    const all = Object.entries(endings);
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const [how, end] = all[cycle % all.length] ?? ['', async () => undefined];
      streams.fail('none');
      await end();
      await expectRoomForAll().catch((cause: unknown) => {
        throw new Error(`no room in cycle ${cycle}: ${how}`, { cause });
      });
    }
  }, 120_000);
});

describe('operations at once', () => {
  const QUERY = '{ viewer { cost { amount } } }';

  it('are bounded over HTTP and WebSocket together, and leave room however they end', async () => {
    using reader = await openReader(bare.url);
    reader.subscribe('1', QUERY);
    const ask = () =>
      fetch(`${bare.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY }),
      });
    const running = [ask(), ask()];
    await eventually('all to run', () => slowQueries.length === MAX || undefined);
    const refusedAnswer = await ask();
    expect(refusedAnswer.status).toBe(429);
    expect(await refusedAnswer.json()).toEqual({
      errors: [
        {
          message:
            'Only 3 operations at once are allowed for each address (MAX_OPERATIONS_PER_PRINCIPAL). Wait for one to end.',
          extensions: { code: 'RATE_LIMITED', retryAfter: null },
        },
      ],
    });
    reader.subscribe('2', QUERY);
    await reader.until('a refusal', (got) => got.some(({ id, type }) => id === '2' && type === 'error'));
    for (const end of slowQueries) end();
    await Promise.all(running);
    await expectRoomForAll();
  });
});
