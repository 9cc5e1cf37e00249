/** When @darkroom/client connects again, and how long it waits: with connections that fail as a test says, and no network. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ConnectionLostError,
  createDarkroomClient,
  eventStream,
  SubscriptionRefusedError,
  type SubscriptionResult,
  type Transport,
  webSocket,
} from '../../client/src/index.ts';

const EVENT: SubscriptionResult = { data: { generationEvents: { cursor: 'c1', sequence: 1 } } };
const NOW = Date.parse('2026-11-28T12:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  // The longest wait of those that are possible.
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Connection = () => readonly SubscriptionResult[];

const lose =
  (retryAfterMs = 0): Connection =>
  () => {
    throw new ConnectionLostError('lost', { retryAfterMs });
  };
const refuse =
  (code: string, extensions: object = {}): Connection =>
  () => [{ errors: [{ message: code, extensions: { code, ...extensions } }] }];

/** @returns how many milliseconds passed before each connection but the first, and how it ended */
async function follow(connections: readonly Connection[]) {
  const waits: number[] = [];
  let lastAt = NOW;
  const left = [...connections];
  const transport: Transport = {
    async *subscribe(_request, _signal, onOpen) {
      waits.push(Date.now() - lastAt);
      lastAt = Date.now();
      onOpen();
      yield* left.shift()?.() ?? [];
      if (left.length > 0) throw new ConnectionLostError('lost');
    },
  };
  const watching = createDarkroomClient(transport).watchCall('any');
  const ended = (async () => {
    for await (const _ of watching);
    return null;
  })().catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  return { waits: waits.slice(1), error: await ended };
}

describe('a lost connection', () => {
  it('is replaced after twice as long each time, and 15 seconds at most', async () => {
    const { waits, error } = await follow([...Array.from({ length: 9 }, () => lose()), () => []]);
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    expect(error).toBeNull();
  });

  it('is replaced after half of that at least, so that clients do not all come at the same time', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    expect((await follow([lose(), lose(), () => []])).waits).toEqual([125, 250]);
  });

  it('is replaced as fast as the first time once an event has come', async () => {
    const { waits } = await follow([lose(), lose(), () => [EVENT], () => []]);
    expect(waits).toEqual([250, 500, 250]);
  });

  it('is replaced when the server asks for it, but not before', async () => {
    expect((await follow([lose(30_000), lose(100), () => []])).waits).toEqual([30_000, 500]);
  });
});

describe('an error of the server', () => {
  it.each(['AUTHENTICATION_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'RATE_LIMITED', 'TOO_MANY_OPERATIONS'])(
    'is waited for when it passes: %s',
    async (code) => {
      const { waits, error } = await follow([refuse(code), () => [EVENT]]);
      expect({ waits, error }).toEqual({ waits: [250], error: null });
    },
  );

  it('is waited for as long as it says', async () => {
    const retryAfter = new Date(NOW + 40_000).toISOString();
    expect((await follow([refuse('RATE_LIMITED', { retryAfter }), () => [EVENT]])).waits).toEqual([40_000]);
  });

  it('ends the subscription when it does not pass', async () => {
    const { waits, error } = await follow([refuse('NOT_FOUND'), () => [EVENT]]);
    expect(error).toBeInstanceOf(SubscriptionRefusedError);
    expect(waits).toEqual([]);
  });

  it('is left to the reader when it is about a field of an event', async () => {
    const partly = () => [{ ...EVENT, errors: [{ message: 'no cost', extensions: { code: 'FORBIDDEN' } }] }];
    expect(await follow([partly])).toEqual({ waits: [], error: null });
  });
});

describe('server-sent events', () => {
  async function failing(status: number, headers: Record<string, string>, body = '') {
    const fetching = async () => new Response(body, { status, headers });
    const transport = eventStream({ url: 'http://127.0.0.1/graphql', fetch: fetching });
    const reading = (async () => {
      const results: SubscriptionResult[] = [];
      const request = { query: 'subscription { any }', variables: {} };
      for await (const result of transport.subscribe(request, new AbortController().signal, () => {})) {
        results.push(result);
      }
      return results;
    })();
    return reading.catch((error: unknown) => error);
  }

  it.each([408, 425, 429, 500, 502, 503])('waits for a server that answers %i', async (status) => {
    const error = await failing(status, { 'retry-after': '7' });
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error).toMatchObject({ retryAfterMs: 7_000 });
  });

  it.each([400, 403, 404, 421])('tells what is refused with %i', async (status) => {
    const errors = [{ message: 'in words', extensions: { code: 'REFUSED' } }];
    expect(await failing(status, {}, JSON.stringify({ errors }))).toEqual([{ errors }]);
    // Not by the server itself, but by something before it.
    expect(await failing(status, {}, '<html>')).toEqual([
      { errors: [{ message: `The server answered with status ${status}.` }] },
    ]);
  });
});

it.each([
  ['WebSocket', webSocket],
  ['server-sent events', eventStream],
] as const)('a token that cannot be had is asked for again over %s', async (_, transport) => {
  let asked = 0;
  const ending = new AbortController();
  const token = () => {
    asked += 1;
    if (asked === 3) ending.abort();
    throw new Error('The server for tokens is away.');
  };
  const lost: unknown[] = [];
  const onState = (_state: string, error: Error | null) => {
    if (error !== null) lost.push(error);
  };
  const client = createDarkroomClient(transport({ url: 'http://127.0.0.1/graphql', token }));
  const next = client.watchViewer({ signal: ending.signal, onState }).next();
  const ended = next.catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(await ended).toBe(ending.signal.reason);
  expect(asked).toBe(3);
  expect(lost).toEqual([expect.any(ConnectionLostError), expect.any(ConnectionLostError)]);
  expect(lost[0]).toMatchObject({ cause: { message: 'The server for tokens is away.' } });
});
