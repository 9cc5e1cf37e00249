/** Streams that fail: cut, silent, too large, aborted, or abandoned by their reader. Nothing leaks, nothing is sent again. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProviderEvent } from '../../src/provider/image-provider.ts';
import {
  cutReply,
  errorReply,
  type Reply,
  recordedEvents,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { pictureBytes, picturesOf, providerError, providerFor, REQUEST, run, Sinks } from './run.ts';

const FINAL = pictureBytes('final', 300_000);
const PARTIAL = pictureBytes('partial', 200_000);
const EVENTS = recordedEvents({ pictures: [{ bytes: FINAL, partials: [PARTIAL] }] });
const STREAM = { writes: EVENTS.map(sse) };
const TEXT = STREAM.writes.join('');

/** Positions at which the stream can be cut, and what is complete before them. */
const CUTS: readonly [string, number, string[]][] = [
  ['before the first event', 0, []],
  ['inside the first event', 40, []],
  ['inside a partial’s base64', TEXT.indexOf('partial_image_b64') + 100_001, ['accepted']],
  ['inside the picture’s base64', TEXT.indexOf('"result"') + 100_002, ['accepted', 'partial']],
  ['behind the picture', TEXT.indexOf('event: response.completed'), ['accepted', 'partial', 'image']],
  ['inside the repetition of the picture', TEXT.lastIndexOf('"result"') + 100_003, ['accepted', 'partial', 'image']],
  ['one byte before the end of the last event', TEXT.length - 3, ['accepted', 'partial', 'image']],
];

describe.each(['end', 'destroy'] as const)('a stream that is lost (%s)', (ending) => {
  it.each(CUTS)('%s', async (_, byteLength, told) => {
    const result = await run(cutReply(STREAM, byteLength, ending));
    expect(providerError(result)).toMatchObject({ nothingBought: false, kind: 'LOST' });
    expect(providerError(result).failure).toMatchObject({ code: 'OUTCOME_UNKNOWN', requestId: 'req_scripted' });
    expect(result.events.map((event) => event.type)).toEqual(told);
    expect(result.sinks.open).toBe(0);
    expect(result.requests).toHaveLength(1);
  });
});

describe('a server that cannot be reached', () => {
  it('was never asked', async () => {
    const upstream = await startScriptedUpstream(() => ({}));
    await upstream.close();
    const unknownHost = 'http://darkroom-upstream.invalid/v1';
    for (const baseURL of [upstream.baseURL, unknownHost]) {
      const provider = providerFor(baseURL);
      const signal = new AbortController().signal;
      const events = provider.generate(REQUEST, { signal, openSink: new Sinks().openSink });
      await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        failure: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
        nothingBought: true,
      });
    }
  });
});

/** The error that Node's fetch rejects with. */
function failedFetch(code: string, syscall?: string): TypeError {
  const cause = Object.assign(new Error(`${syscall ?? ''} ${code}`), { code, ...(syscall && { syscall }) });
  return new TypeError('fetch failed', { cause });
}

/** The dispatcher of Node's fetch, which tests can replace. */
function stubDispatcher() {
  const key = Symbol.for('undici.globalDispatcher.1');
  // Node creates the dispatcher when a fetch global is first used.
  void Response;
  const own = Object.getOwnPropertyDescriptor(globalThis, key) ?? {};
  const put = (value: unknown) => Object.defineProperty(globalThis, key, { ...own, value });
  return {
    failWith: (cause: unknown) =>
      put({
        dispatch: (_: unknown, handler: { onResponseError(controller: null, error: unknown): void }) =>
          handler.onResponseError(null, cause),
      }),
    remove: () => put(undefined),
    restore: () => Object.defineProperty(globalThis, key, own),
  };
}

/** Every address of the host was tried. */
function failedEach(...errors: readonly { readonly code: string; readonly syscall: string }[]): TypeError {
  const each = errors.map((error) => Object.assign(new Error(error.code), error));
  return new TypeError('fetch failed', { cause: Object.assign(new AggregateError(each), { code: errors[0]?.code }) });
}

describe.each(['asked directly', 'that fetch makes'])('a connection %s that fails', (way) => {
  const dispatcher = stubDispatcher();
  afterEach(() => {
    vi.unstubAllGlobals();
    dispatcher.restore();
  });

  async function kindBehind(error: TypeError) {
    if (way === 'asked directly') dispatcher.failWith(error.cause);
    else dispatcher.remove();
    vi.stubGlobal('fetch', () => Promise.reject(error));
    const events = providerFor('http://upstream.test/v1').generate(REQUEST, {
      signal: new AbortController().signal,
      openSink: new Sinks().openSink,
    });
    return events[Symbol.asyncIterator]()
      .next()
      .catch((caught: unknown) => providerError({ error: caught }).kind);
  }

  it.each([
    ['is refused', failedFetch('ECONNREFUSED', 'connect')],
    ['finds no way there', failedFetch('EHOSTUNREACH', 'connect')],
    ['takes too long to be made', failedFetch('ETIMEDOUT', 'connect')],
    ['takes too long to be made, says fetch', failedFetch('UND_ERR_CONNECT_TIMEOUT')],
    ['has a name that nobody knows', failedFetch('ENOTFOUND', 'getaddrinfo')],
    ['has a name that cannot be looked up now', failedFetch('EAI_AGAIN', 'getaddrinfo')],
    ['meets a certificate that has expired', failedFetch('CERT_HAS_EXPIRED')],
    [
      'fails with every address',
      failedEach({ code: 'ENETUNREACH', syscall: 'connect' }, { code: 'ECONNREFUSED', syscall: 'connect' }),
    ],
  ])('before it is made bought nothing: it %s', async (_, error) => {
    expect(await kindBehind(error)).toBe('NOTHING_BOUGHT');
  });

  it.each([
    ['the way there is lost while the answer is read', failedFetch('EHOSTUNREACH', 'read')],
    ['the network is lost while the answer is read', failedFetch('ENETUNREACH', 'read')],
    ['the way there is lost while the request is written', failedFetch('EHOSTUNREACH', 'write')],
    ['it times out while the answer is read', failedFetch('ETIMEDOUT', 'read')],
    ['it is reset', failedFetch('ECONNRESET')],
    [
      'one of several errors is not of connecting',
      failedEach({ code: 'ENETUNREACH', syscall: 'connect' }, { code: 'ENETUNREACH', syscall: 'read' }),
    ],
    ['nothing is said of where it failed', failedFetch('EHOSTUNREACH')],
  ])('once it is made may have bought something: %s', async (_, error) => {
    expect(await kindBehind(error)).toBe('LOST');
  });
});

describe('a server that takes the request and then', () => {
  it('drops the connection leaves the outcome unknown', async () => {
    const result = await run({ beforeHeaders: 'destroy' });
    expect(providerError(result).failure.code).toBe('OUTCOME_UNKNOWN');
    expect(providerError(result).nothingBought).toBe(false);
    expect(result.requests).toHaveLength(1);
  });

  it('never answers is given up', async () => {
    const result = await run({ beforeHeaders: 'hang' }, { provider: { firstByteTimeoutMs: 60 } });
    expect(providerError(result).failure.code).toBe('TIMED_OUT');
    expect(providerError(result).nothingBought).toBe(false);
    expect(result.requests).toHaveLength(1);
  });

  it('refuses, but never ends its refusal, is given up', async () => {
    const reply: Reply = { ...errorReply(500, { message: 'boom' }), ending: 'hang' };
    const result = await run(reply, { provider: { firstByteTimeoutMs: 200, idleTimeoutMs: 200 } });
    expect(providerError(result)).toMatchObject({ nothingBought: false, failure: { retryable: true } });
    expect(result.requests).toHaveLength(1);
  });

  it.each([
    ['before the first event', 0, []],
    ['inside a picture', CUTS[3]?.[1] ?? 0, ['accepted', 'partial']],
  ])('falls silent %s is given up', async (_, byteLength, told) => {
    const reply: Reply = { writes: [TEXT.slice(0, byteLength)], ending: 'hang' };
    const result = await run(reply, { provider: { idleTimeoutMs: 80 } });
    expect(providerError(result).failure).toMatchObject({ code: 'TIMED_OUT', retryable: true });
    expect(providerError(result).nothingBought).toBe(false);
    expect(result.events.map((event) => event.type)).toEqual(told);
    expect(result.sinks.open).toBe(0);
    expect(result.requests).toHaveLength(1);
  });

  it('is slow but never silent is waited for', async () => {
    const writes = EVENTS.flatMap((event) => [{ delayMs: 30 }, ': keepalive\n\n', { delayMs: 30 }, sse(event)]);
    const result = await run({ writes }, { provider: { idleTimeoutMs: 300 } });
    expect(result.error).toBeNull();
  });
});

describe('time that the reader takes for itself', () => {
  it('is not held against the upstream', async () => {
    const upstream = await startScriptedUpstream(() => streamReply(EVENTS));
    const sinks = new Sinks();
    let last: ProviderEvent<Buffer> | null = null;
    const signal = new AbortController().signal;
    const provider = providerFor(upstream.baseURL, { idleTimeoutMs: 50 });
    for await (const event of provider.generate(REQUEST, { signal, openSink: sinks.openSink })) {
      last = event;
      await delay(120);
    }
    expect(last).toMatchObject({ type: 'completed' });
    await upstream.close();
  });
});

describe('a stream that is no response stream', () => {
  it.each<[string, string]>([
    ['an event larger than is taken', `data: {"result":"${'A'.repeat(2_000_000)}"}\n\n`],
    ['an event with malformed JSON', 'data: {"type":"response.completed",\n\n'],
    ['an event nested too deeply', `data: {"a":${'['.repeat(1_000)}\n\n`],
    ['an event with too many pictures', `data: {"a":[${'{"result":"AAAA"},'.repeat(100)}0]}\n\n`],
    ['text without end', `data: {"a":"${'x'.repeat(9_000_000)}`],
  ])('%s ends the run', async (_, tail) => {
    const provider = { maxLineBytes: tail.length > 8_000_000 ? 64_000_000 : 1_000_000 };
    const result = await run({ writes: [...STREAM.writes.slice(0, -1), tail], ending: 'hang' }, { provider });
    expect(providerError(result).failure.code).toBe('OUTCOME_UNKNOWN');
    expect(picturesOf(result.events)).toHaveLength(2);
    expect(result.sinks.open).toBe(0);
  });

  it('bounds a plain JSON answer, too', async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = { headers, writes: [`{"output":[{"result":"${'A'.repeat(2_000_000)}"}]}`] };
    const result = await run(reply, { provider: { maxLineBytes: 1_000_000 } });
    expect(providerError(result).failure.code).toBe('OUTCOME_UNKNOWN');
    expect(result.sinks.open).toBe(0);
  });
});

describe('an abort', () => {
  const reason = new Error('cancelled by its owner');

  it('before the start sends nothing', async () => {
    const result = await run(streamReply(EVENTS), { signal: AbortSignal.abort(reason) });
    expect(result.error).toBe(reason);
    expect(result.requests).toHaveLength(0);
  });

  it.each<[string, Reply]>([
    ['before the headers', { beforeHeaders: 'hang' }],
    ['before the first event', { ending: 'hang' }],
    ['inside a picture', { writes: [TEXT.slice(0, CUTS[3]?.[1])], ending: 'hang' }],
  ])('%s is told as it was given, and hangs up', async (_, reply) => {
    const aborting = new AbortController();
    const sinks = new Sinks();
    const upstream = await startScriptedUpstream(() => reply);
    setTimeout(() => aborting.abort(reason), 100);
    const events = providerFor(upstream.baseURL).generate(REQUEST, {
      signal: aborting.signal,
      openSink: sinks.openSink,
    });
    const drain = async () => {
      for await (const _event of events);
    };
    await expect(drain()).rejects.toBe(reason);
    await upstream.requests[0]?.closed;
    expect(sinks.open).toBe(0);
    await upstream.close();
  });

  it('between two events stops the telling', async () => {
    const aborting = new AbortController();
    const onEvent = (event: ProviderEvent<Buffer>) => {
      if (event.type === 'partial') aborting.abort(reason);
      return undefined;
    };
    const result = await run(streamReply(EVENTS), { signal: aborting.signal, onEvent });
    expect(result.error).toBe(reason);
    expect(result.events.map((event) => event.type)).toEqual(['accepted', 'partial']);
    expect(result.sinks.open).toBe(0);
  });

  it('behind the end changes nothing', async () => {
    const aborting = new AbortController();
    const onEvent = (event: ProviderEvent<Buffer>) => {
      if (event.type === 'completed') aborting.abort(reason);
      return undefined;
    };
    expect((await run(streamReply(EVENTS), { signal: aborting.signal, onEvent })).error).toBeNull();
  });
});

describe('a reader that leaves early', () => {
  it.each(['accepted', 'partial', 'image', 'completed'])('at %s leaks nothing and hangs up', async (type) => {
    const sinks = new Sinks();
    const upstream = await startScriptedUpstream(() => ({ ...streamReply(EVENTS), ending: 'hang' }));
    const signal = new AbortController().signal;
    for await (const event of providerFor(upstream.baseURL).generate(REQUEST, { signal, openSink: sinks.openSink })) {
      if (event.type === type) break;
    }
    await upstream.requests[0]?.closed;
    expect(sinks.open).toBe(0);
    await upstream.close();
  });
});

describe('a sink that fails', () => {
  it.each(['write', 'finish'] as const)('at %s ends the run with its own error and is discarded', async (method) => {
    const full = new Error('no space left');
    const sinks = new Sinks();
    const failing = () => ({ ...sinks.openSink(), [method]: () => Promise.reject(full) });
    const upstream = await startScriptedUpstream(() => streamReply(EVENTS));
    const signal = new AbortController().signal;
    const drain = async () => {
      for await (const _event of providerFor(upstream.baseURL).generate(REQUEST, { signal, openSink: failing }));
    };
    await expect(drain()).rejects.toBe(full);
    expect(sinks.open).toBe(0);
    await upstream.close();
  });
});
