/**
 * Timeouts: how long to wait for the next progress of a stream, and for an answer that is not streamed. The tests mostly
 * wait, so they run at the same time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import {
  type Reply,
  recordedEvents,
  sse,
  startScriptedUpstream,
  streamReply,
  type Write,
} from '../support/scripted-upstream.ts';
import {
  collect,
  pictureBytes,
  picturesOf,
  providerError,
  providerFor,
  REQUEST,
  type RunOptions,
  run,
  Sinks,
} from './run.ts';
import { imagesDocument } from './scripted-images.ts';

const LIMIT_MS = 1_000;
const COMMENT_LIMIT_MS = 2 * LIMIT_MS;
const PATIENCE = {
  provider: { idleTimeoutMs: LIMIT_MS, commentTimeoutMs: COMMENT_LIMIT_MS, firstByteTimeoutMs: LIMIT_MS },
};
const EVENTS = recordedEvents({ pictures: [{ bytes: pictureBytes('final', 300_000), partials: [] }] });
const BEGINNING = EVENTS.slice(0, 2).map(sse);
const REST = EVENTS.slice(2).map(sse);

/** Repeated for longer than the timeout, with pauses much shorter than it. */
function repeated(write: string): Write[] {
  return Array.from({ length: 15 }, () => [{ delayMs: 100 }, write]).flat();
}

describe.concurrent('a stream on which', () => {
  it.each([
    ['comments come', ': keep-alive\n\n'],
    ['comments come in pieces', ': keep'],
    ['blank lines come', '\n'],
  ])('nothing but %s is given up in the end: they are of what is in between', async (_, write) => {
    const writes = [...BEGINNING, ...repeated(write), ...repeated(write)];
    const begun = performance.now();
    const result = await run({ writes, ending: 'hang' }, PATIENCE);
    expect(providerError(result)).toMatchObject({ kind: 'LOST', failure: { code: 'TIMED_OUT' } });
    expect(providerError(result).failure.message).toContain('only kept its connection open');
    expect(performance.now() - begun).toBeGreaterThan(COMMENT_LIMIT_MS - 50);
    expect(performance.now() - begun).toBeLessThan(COMMENT_LIMIT_MS + LIMIT_MS);
  });

  it.each([
    ['comments come', ': keep-alive\n\n'],
    ['blank lines come', '\n'],
  ])('nothing but %s for longer than silence may last gives its image then', async (_, write) => {
    const { error, events } = await run({ writes: [...BEGINNING, ...repeated(write), ...REST] }, PATIENCE);
    expect(error).toBeNull();
    expect(picturesOf(events)).toHaveLength(1);
  });

  it('it becomes silent behind a comment is given up as soon as another', async () => {
    const begun = performance.now();
    const result = await run({ writes: [...BEGINNING, ': keep-alive\n\n'], ending: 'hang' }, PATIENCE);
    expect(providerError(result).failure.message).toContain('sent nothing for too long');
    expect(performance.now() - begun).toBeLessThan(COMMENT_LIMIT_MS - 100);
  });

  it.each([
    ['a keepalive event', 'event: keepalive\ndata: {"type":"keepalive","sequence_number":2}\n\n'],
    ['a keepalive event without its type', 'data: {"type":"keepalive"}\n\n'],
    ['an event without data', 'event: ping\n\n'],
  ])('%s comes again and again is waited for: the upstream is at work', async (_, write) => {
    const { error, events } = await run({ writes: [...BEGINNING, ...repeated(write), ...REST] }, PATIENCE);
    expect(error).toBeNull();
    expect(picturesOf(events)).toHaveLength(1);
  });

  it('one large event arrives slowly is waited for', async () => {
    const text = REST.join('');
    const size = Math.ceil(text.length / 15);
    const pieces = Array.from({ length: 15 }, (_, nth) => text.slice(nth * size, (nth + 1) * size));
    const writes = [...BEGINNING, ...pieces.flatMap((piece) => [{ delayMs: 100 }, piece])];
    expect((await run({ writes }, PATIENCE)).error).toBeNull();
  });
});

describe.concurrent('several pictures in one answer', () => {
  const BATCH = { ...REQUEST, api: 'IMAGES', count: 4 } as const;
  const PICTURES = ['a', 'b', 'c', 'd'].map((name) => pictureBytes(name, 40_000));
  const TEXT = JSON.stringify(imagesDocument(PICTURES));
  const headers = { 'content-type': 'application/json' };

  async function batch(reply: () => Reply | Promise<Reply>, signal = new AbortController().signal) {
    const upstream = await startScriptedUpstream(reply);
    const sinks = new Sinks();
    try {
      const provider = providerFor(upstream.baseURL, PATIENCE.provider);
      return { events: await collect(provider.generate(BATCH, { signal, openSink: sinks.openSink })), sinks };
    } finally {
      await upstream.close();
    }
  }

  it('are waited for until all are drawn, however long nothing is heard', async () => {
    const { events } = await batch(async () => {
      await delay(3 * LIMIT_MS);
      return { headers, writes: [TEXT] };
    });
    expect(picturesOf(events)).toHaveLength(4);
  });

  it('are waited for as long when something in between has answered already', async () => {
    const { events } = await batch(() => ({ headers, writes: [' ', { delayMs: 3 * LIMIT_MS }, TEXT] }));
    expect(picturesOf(events)).toHaveLength(4);
  });

  it('are given up when the answer stops in the middle', async () => {
    const reply: Reply = { headers, writes: [TEXT.slice(0, 120_000)], ending: 'hang' };
    await expect(batch(() => reply)).rejects.toMatchObject({ kind: 'LOST', failure: { code: 'TIMED_OUT' } });
  });

  it('are given up when the time of their owner is over', async () => {
    const reason = new Error('the time of the call is over');
    const owner = new AbortController();
    setTimeout(() => owner.abort(reason), 2 * LIMIT_MS);
    await expect(batch(() => ({ beforeHeaders: 'hang' }), owner.signal)).rejects.toBe(reason);
  });

  it('of which one is asked for as a stream is given up when nothing is heard', async () => {
    const request = { api: 'IMAGES', settings: { ...NO_SETTINGS, partialImages: 1 } } satisfies RunOptions['request'];
    const result = await run({ beforeHeaders: 'hang' }, { ...PATIENCE, request });
    expect(providerError(result).failure.code).toBe('TIMED_OUT');
    const silent = await run(streamReply([], { ending: 'hang' }), { ...PATIENCE, request });
    expect(providerError(silent).failure.code).toBe('TIMED_OUT');
  });
});
