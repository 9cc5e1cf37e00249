/** @darkroom/client in Node against a real server, through a network with faults. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CallEvent,
  type CallProgress,
  createDarkroomClient,
  eventStream,
  NO_PROGRESS,
  progressAfter,
  SubscriptionRefusedError,
  type Token,
  type Transport,
  webSocket,
} from '../../client/src/index.ts';
import { callDetails, eventually, generate, within } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type FaultyNetwork, startFaultyNetwork } from './faulty-network.ts';

const LIMIT_MS = 20_000;
const SILENCE_MS = 1_000;
const UNKNOWN_CALL = Buffer.from('GenerationCall:00000000-0000-7000-8000-000000000000').toString('base64');

interface Given {
  readonly url: string;
  readonly token?: Token;
}

const TRANSPORTS: readonly (readonly [string, (given: Given) => Transport])[] = [
  ['WebSocket', (given) => webSocket({ ...given, silenceMs: SILENCE_MS })],
  ['server-sent events', (given) => eventStream({ ...given, silenceMs: SILENCE_MS })],
];

let app: TestApp;
let network: FaultyNetwork;

beforeAll(async () => {
  app = await startTestApp({}, { SIMULATOR_DURATION_MS: '500', KEEP_ALIVE_MS: '300' });
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  network = await startFaultyNetwork(app.url);
});
afterEach(() => network[Symbol.asyncDispose]());

const newCall = async (count = 1) =>
  (await generate(app.url, { prompt: 'a pear', count, options: { partialImages: 2 } })).id;

async function collect(events: AsyncIterable<CallEvent>, onEvent: (event: CallEvent) => void = () => {}) {
  const collected: CallEvent[] = [];
  await within(LIMIT_MS, 'the last event', async () => {
    for await (const event of events) {
      collected.push(event);
      onEvent(event);
    }
  });
  return collected;
}

describe.each(TRANSPORTS)('over %s', (_, transport) => {
  const client = () => createDarkroomClient(transport({ url: network.url }));

  it('follows a call to its end, and completes (promise 3)', async () => {
    const events = await collect(client().watchCall(await newCall()));
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(events.at(-1)?.__typename).toBe('GenerationCompleted');
  });

  it('misses and repeats nothing when the connection is cut after every event (promise 2)', async () => {
    const states: string[] = [];
    const onState = (state: string) => void states.push(state);
    const events = await collect(client().watchCall(await newCall(), { onState }), () => network.cut());
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(network.accepted).toBeGreaterThan(3);
    expect(states.slice(0, 4)).toEqual(['connecting', 'open', 'connecting', 'open']);
  });

  it('replaces a connection through which nothing comes', async () => {
    const events = await collect(client().watchCall(await newCall()), ({ sequence }) => {
      if (sequence === 2) network.stall();
    });
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(network.accepted).toBeGreaterThan(1);
  });

  it('keeps a connection that is silent only because nothing happens', async () => {
    const callId = await newCall();
    const { conversation } = await callDetails(app.url, callId);
    const after = (await collect(client().watchCall(callId))).at(-1)?.cursor;
    const accepted = network.accepted;
    const ending = new AbortController();
    const next = client().watchConversation(conversation.id, { after, signal: ending.signal }).next();
    await delay(SILENCE_MS * 2.5);
    expect(network.accepted - accepted).toBeLessThan(2);
    ending.abort();
    await expect(next).rejects.toBe(ending.signal.reason);
  });

  it('keeps a connection whose events are taken slowly', async () => {
    const watching = client().watchCall(await newCall());
    const first = await watching.next();
    await delay(SILENCE_MS * 1.5);
    const rest = await collect(watching);
    expect([first.value?.sequence, ...rest.map(({ sequence }) => sequence)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(network.accepted).toBe(1);
  });

  it('waits for a server that cannot be reached', async () => {
    network.isRefusing = true;
    const lost: unknown[] = [];
    const onState = (_state: string, error: Error | null) => {
      if (error !== null) lost.push(error.name);
    };
    const watched = collect(client().watchCall(await newCall(), { onState }));
    await eventually('three refusals', () => (lost.length >= 3 ? true : undefined));
    network.isRefusing = false;
    expect((await watched).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(lost)).toEqual(new Set(['ConnectionLostError']));
  });

  it('says what a subscription was refused for, and asks once', async () => {
    const error = await collect(client().watchCall(UNKNOWN_CALL)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SubscriptionRefusedError);
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('call') });
    expect(network.accepted).toBe(1);
  });

  it('says what is wrong with a document', async () => {
    const watching = client().watch<unknown, Record<string, unknown>>('subscription { nothing }', {});
    await expect(watching.next()).rejects.toThrow('nothing');
  });

  it('refuses a document that does not select its cursor', async () => {
    const query =
      'subscription ($callId: ID!, $after: String) { generationEvents(callId: $callId, after: $after) { at } }';
    const watching = client().watch<unknown, { callId: string }>(query, { callId: await newCall() });
    await expect(watching.next()).rejects.toThrow('Select `cursor`');
  });

  it('ends with the reason of the signal, and leaves no connection', async () => {
    const ending = new AbortController();
    const callId = await newCall();
    const error = await collect(client().watchCall(callId, { signal: ending.signal }), () => ending.abort()).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBe(ending.signal.reason);
    await eventually('no connection', () => (network.open === 0 ? true : undefined));
    await expect(client().watchCall(callId, { signal: ending.signal }).next()).rejects.toBe(ending.signal.reason);
  });

  it('leaves no connection when its loop is left', async () => {
    for await (const event of client().watchCall(await newCall())) if (event.sequence === 2) break;
    await eventually('no connection', () => (network.open === 0 ? true : undefined));
  });

  it('starts behind a cursor', async () => {
    const callId = await newCall();
    const all = await collect(client().watchCall(callId));
    const rest = await collect(client().watchCall(callId, { after: all[2]?.cursor }));
    expect(rest.map(({ cursor }) => cursor)).toEqual(all.slice(3).map(({ cursor }) => cursor));
  });

  it('follows a conversation and the viewer', async () => {
    const ending = new AbortController();
    const { signal } = ending;
    const viewer = client().watchViewer({ signal });
    const first = viewer.next();
    await eventually('a connection', () => (network.open === 1 ? true : undefined));
    const { conversation } = await callDetails(app.url, await newCall());
    const conversationId = conversation.id;
    const inConversation: unknown[] = [];
    for await (const { __typename: type } of client().watchConversation(conversationId, { signal })) {
      inConversation.push(type);
      if (type === 'GenerationCompleted') break;
    }
    expect(inConversation.at(0)).toBe('GenerationQueued');
    expect((await first).value?.__typename).toBe('ConversationCreated');
    ending.abort();
  });
});

describe('over WebSocket', () => {
  it('uses one connection for all that is followed, and closes it behind the last', async () => {
    const client = createDarkroomClient(webSocket({ url: network.url }));
    const calls = await Promise.all([newCall(), newCall(), newCall()]);
    const watched = await Promise.all(calls.map((callId) => collect(client.watchCall(callId))));
    expect(watched.map(({ length }) => length)).toEqual([6, 6, 6]);
    expect(network.accepted).toBe(1);
    await eventually('no connection', () => (network.open === 0 ? true : undefined));
  });

  it.each([
    ['while it is opened', 0],
    ['later', 2],
  ])('keeps it for what is followed in the place of something else: %s', async (_, taken) => {
    const client = createDarkroomClient(webSocket({ url: network.url }));
    const [first, second] = await Promise.all([newCall(), newCall()]);
    const ending = new AbortController();
    const lost: (Error | null)[] = [];
    const onState = (_state: string, error: Error | null) => void lost.push(error);
    const watching = client.watchCall(first, { signal: ending.signal, onState });
    for (let index = 0; index < taken; index += 1) await watching.next();
    const next = watching.next().catch((error: unknown) => error);
    ending.abort();
    expect(await collect(client.watchCall(second, { onState }))).toHaveLength(6);
    expect(await next).toBe(ending.signal.reason);
    expect(network.accepted).toBe(1);
    expect(lost.filter((error) => error !== null)).toEqual([]);
  });
});

describe('the progress of a call', () => {
  const sumUp = (events: readonly CallEvent[]) => events.reduce<CallProgress>(progressAfter, NO_PROGRESS);

  it('is what its events add up to', async () => {
    const client = createDarkroomClient(webSocket({ url: network.url }));
    const events = await collect(client.watchCall(await newCall(2)));
    const early = sumUp(events.slice(0, 3));
    expect(early).toMatchObject({ status: 'IN_PROGRESS', images: [{}, {}] });
    expect(early.images.filter(({ partial }) => partial !== null)).toHaveLength(1);
    const whole = sumUp(events);
    expect(whole).toMatchObject({ status: 'COMPLETED', failure: null, cursor: events.at(-1)?.cursor });
    expect(whole.images.map(({ image }) => image?.imageIndex)).toEqual([0, 1]);
  });
});
