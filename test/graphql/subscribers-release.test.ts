/** Whoever leaves, however and whenever, leaves nothing open: over real sockets, with event streams that are counted. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { eventually } from '../api/steps.ts';
import { type BareServer, startBareServer } from '../http/bare-server.ts';
import { openReader, openSse, postSse } from './readers.ts';

const KEEP_ALIVE_MS = 200;
const LATE_MS = 1_000;
const WATCH = `subscription { generationEvents(callId: "${encodeGlobalId('GenerationCall', randomUUID())}") { sequence } }`;

/** Subscribing takes until `answer` is called; what it gives is silent, and counted until it is returned. */
function createSlowStreams() {
  const answers: (() => void)[] = [];
  const counts = { asked: 0, open: 0, opened: 0 };
  async function ofCall() {
    counts.asked += 1;
    await new Promise<void>((resolve) => answers.push(resolve));
    counts.open += 1;
    counts.opened += 1;
    const { promise, resolve } = Promise.withResolvers<IteratorResult<never, undefined>>();
    let isOpen = true;
    return {
      next: () => promise,
      async return() {
        if (isOpen) counts.open -= 1;
        isOpen = false;
        resolve({ done: true, value: undefined });
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
  return { ofCall, counts, answer: () => answers.splice(0).map((resolve) => resolve()) };
}

let streams = createSlowStreams();
let bare: BareServer;
let server: Server;
let url: string;

beforeAll(async () => {
  bare = await startBareServer({
    keepAliveMs: KEEP_ALIVE_MS,
    contextFor: () => ({ principal: 'somebody', eventStreams: { ofCall: streams.ofCall } }),
    audienceOf: () => 'everybody',
  });
  ({ server, url } = bare);
});
afterAll(() => bare[Symbol.asyncDispose]());
beforeEach(() => {
  streams = createSlowStreams();
});

function asked(times = 1) {
  return eventually('the subscription to be asked for', () => streams.counts.asked >= times || undefined);
}

/** Lets what was asked for begin, and waits until everything that began has been released. */
async function released(times = 1): Promise<void> {
  streams.answer();
  await eventually('all to be released', () => {
    const { opened, open } = streams.counts;
    return (opened >= times && open === 0) || undefined;
  });
}

describe('a subscription that comes about when its subscriber has left', () => {
  it('promise 9: is released when the operation was completed over WebSocket', async () => {
    using reader = await openReader(url);
    reader.subscribe('1', WATCH);
    await asked();
    reader.send({ id: '1', type: 'complete' });
    reader.send({ type: 'ping' });
    await reader.until('the server to have read it', (got) => got.some(({ type }) => type === 'pong'));
    await released();
  });

  it.each(['close', 'terminate'] as const)('promise 9: is released when the WebSocket went by %s()', async (how) => {
    using reader = await openReader(url);
    reader.subscribe('1', WATCH);
    await asked();
    reader.socket[how]();
    await reader.closed;
    await eventually('the server to notice', async () => ((await connectionsOf(server)) === 0 ? true : undefined));
    await released();
  });

  it('promise 9: is released when the request for server-sent events was aborted', async () => {
    const request = postSse(url, WATCH, {});
    await asked();
    request.destroy();
    await eventually('the server to notice', async () => ((await connectionsOf(server)) === 0 ? true : undefined));
    await released();
  });

  it('promise 9: is released when its answer cannot be a stream of events', async () => {
    const request = postSse(url, WATCH, {}, 'application/json');
    await asked();
    streams.answer();
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(406);
    await released();
    request.destroy();
  });

  it('promise 9: is released when another one has taken its id meanwhile, and nothing is told twice', async () => {
    using reader = await openReader(url);
    reader.subscribe('1', WATCH);
    await asked();
    reader.send({ id: '1', type: 'complete' });
    reader.subscribe('1', WATCH);
    expect(await reader.closed).toMatchObject({ code: 4409 });
    await released();
    expect(streams.counts.opened).toBe(1);
  });
});

describe('a subscription that waits', () => {
  it('promise 9: is released within two keep-alives when its subscriber does not answer over WebSocket', async () => {
    using vanished = await openReader(url, { autoPong: false });
    vanished.subscribe('1', WATCH);
    await asked();
    streams.answer();
    await eventually('it to begin', () => streams.counts.open === 1 || undefined);
    const startedAt = performance.now();
    await released();
    expect(performance.now() - startedAt).toBeLessThan(2 * KEEP_ALIVE_MS + LATE_MS);
  });

  it('promise 9: is released when the connection of its server-sent events goes', async () => {
    setTimeout(() => streams.answer(), 50);
    const sse = await openSse(url, WATCH, {});
    await eventually('it to begin', () => streams.counts.open === 1 || undefined);
    sse[Symbol.dispose]();
    await released();
  });

  it('promise 9: is released, each of many, when their one WebSocket goes', async () => {
    using reader = await openReader(url);
    for (let id = 0; id < 5; id += 1) reader.subscribe(String(id), WATCH);
    await asked(5);
    streams.answer();
    await eventually('all to begin', () => streams.counts.open === 5 || undefined);
    reader.socket.terminate();
    await released(5);
  });
});

function connectionsOf(listening: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    listening.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
