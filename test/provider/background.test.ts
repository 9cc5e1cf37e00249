/** Background responses against the simulator: one create request, whatever happens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { ProviderError, type RetrievedEvent } from '../../src/provider/image-provider.ts';
import { type RecordedRequest, type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { Follower } from './follow.ts';
import { collect, providerFor, REQUEST, Sinks } from './run.ts';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const SETTINGS = { ...NO_SETTINGS, partialImages: 2, quality: 'LOW' as const };

let simulator: Simulator;
const requests: RecordedRequest[] = [];
beforeAll(async () => {
  simulator = await startSimulator({ art: 'plain', durationMs: 120, onRequest: (request) => requests.push(request) });
});
afterAll(() => simulator.close());

async function follow(prompt: string, { cuts = [], crashes = [] }: { cuts?: number[]; crashes?: number[] } = {}) {
  const before = { ...simulator.requests };
  requests.length = 0;
  const proxy = await startCuttingProxy(simulator.url, cuts);
  try {
    const provider = providerFor(proxy.baseURL, { idleTimeoutMs: 20_000 });
    const request = { prompt, settings: SETTINGS };
    const follower = await new Follower({ provider, request, crashes, maxReadings: 30, pollMs: 20 }).run();
    expect(simulator.requests.creates - before.creates).toBe(1);
    expect(follower.sinks.open).toBe(0);
    return { follower, drawn: simulator.requests.pictures - before.pictures };
  } finally {
    await proxy.close();
  }
}

async function begun(prompt: string) {
  const sinks = new Sinks();
  const run = { signal: new AbortController().signal, openSink: sinks.openSink };
  const provider = providerFor(simulator.url);
  const asked = { ...REQUEST, prompt, settings: SETTINGS, background: true };
  for await (const event of provider.generate(asked, run)) {
    if (event.type === 'accepted' && event.responseId !== null) return { provider, run, responseId: event.responseId };
  }
  throw new Error('nothing was accepted');
}

describe('a background response', () => {
  it('is asked for as one that is kept and streamed', async () => {
    const { follower } = await follow('A cat');
    expect(requests[0]?.body).toMatchObject({ background: true, store: true, stream: true });
    expect(follower.errors).toEqual([]);
    expect([...follower.partials.keys()]).toEqual(['0/0', '0/1']);
    expect(follower.images.get(0)?.[0]?.subarray(0, 4)).toEqual(PNG);
  });

  const SCHEDULES: readonly { cuts?: number[]; crashes?: number[] }[] = [
    { cuts: [9_000, 1, 9_000, 60_000] },
    { crashes: [1, 1, 3, 0, 5] },
    { cuts: [20_000], crashes: [4, 2] },
  ];

  describe.each(['resume-without-partials', 'two-images', 'reordered-sequence', 'duplicate-sequence', 'late-result'])(
    'with %s',
    (scenario) => {
      const prompt = `[sim:${scenario}] A lighthouse`;
      let whole: Awaited<ReturnType<typeof follow>>;
      beforeAll(async () => {
        whole = await follow(prompt);
        expect(whole.follower.errors).toEqual([]);
      });

      it.each(SCHEDULES)('gives the same pictures once each through %o', async (schedule) => {
        const { follower, drawn } = await follow(prompt, schedule);
        expect(follower.completed).toMatchObject({ imagesMissing: false });
        expect(follower.images).toEqual(whole.follower.images);
        for (const [key, copies] of follower.partials)
          for (const copy of copies) expect(copy).toEqual(whole.follower.partials.get(key)?.[0]);
        expect(drawn).toBe(whole.drawn);
      });
    },
  );

  it('whose stream is cut in the final picture every time is looked at instead', async () => {
    const { provider, run, responseId } = await begun('[sim:cut-midstream] A cat');
    await expect(collect(provider.resume(responseId, null, run, []))).rejects.toMatchObject({
      kind: 'LOST',
      responseId,
    });
    const events: RetrievedEvent<Buffer>[] = [];
    for await (const event of provider.retrieve(responseId, run, [])) events.push(event);
    expect(events.map(({ type }) => type)).toEqual(['image', 'completed']);
  });

  it('is polled until it has completed', async () => {
    const before = { ...simulator.requests };
    const { provider, run, responseId } = await begun('A cat');
    const seen: string[] = [];
    while (!seen.includes('completed')) {
      for await (const event of provider.retrieve(responseId, run, [])) seen.push(event.type);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(seen[0]).toBe('running');
    expect(seen.slice(-2)).toEqual(['image', 'completed']);
    expect(simulator.requests.creates - before.creates).toBe(1);
  });

  it('whose result is null at a look says that the picture is missing', async () => {
    const { provider, run, responseId } = await begun('[sim:retrieve-without-result] [sim:duration=0] A cat');
    let last: RetrievedEvent<Buffer> | null = null;
    while (last?.type !== 'completed') for await (const event of provider.retrieve(responseId, run, [])) last = event;
    expect(last).toMatchObject({ imagesMissing: true });
    const resumed = provider.resume(responseId, null, run, []);
    const types = (await collect(resumed)).map(({ type }) => type);
    expect(types).toContain('image');
  });

  it.each([
    ['failed', 'ENDED', 'UPSTREAM_UNAVAILABLE'],
    ['incomplete', 'ENDED', 'INCOMPLETE'],
    ['moderation-midstream', 'ENDED', 'MODERATION_BLOCKED'],
    ['no-image', 'ENDED', 'NO_IMAGE'],
  ])('that ends as %s is told so by stream, by resume and by a look', async (scenario, kind, code) => {
    for (const crashes of [[], [2], [3, 0]]) {
      const { follower } = await follow(`[sim:${scenario}] A cat`, { crashes });
      expect(follower.errors.at(-1)).toMatchObject({ kind, failure: { code }, responseId: follower.responseId });
      const { responseId, known, sinks } = follower;
      const run = { signal: new AbortController().signal, openSink: sinks.openSink };
      const look = collect(providerFor(simulator.url).retrieve(responseId ?? '', run, known));
      await expect(look).rejects.toMatchObject({ kind, failure: { code } });
    }
  });

  it('that breaks off with an error event is looked at, which tells its end', async () => {
    const { follower } = await follow('[sim:error-event] A cat');
    expect(follower.errors.map(({ kind }) => kind)).toEqual(['NOT_RESUMABLE', 'ENDED']);
  });

  it('tells of a failure what was used', async () => {
    const { follower } = await follow('[sim:incomplete] A cat');
    expect(follower.errors.at(-1)?.usage).toMatchObject({
      tokens: { mainline: { inputTokens: expect.any(Number) }, image: null },
      raw: { usage: { total_tokens: expect.any(Number) } },
    });
  });

  it('that is forgotten is gone', async () => {
    const { follower } = await follow('[sim:forget] A cat', { crashes: [2] });
    expect(follower.errors.at(-1)).toMatchObject({ kind: 'GONE', failure: { code: 'OUTCOME_UNKNOWN' } });
    expect(await providerFor(simulator.url).cancel(follower.responseId ?? '')).toEqual({
      outcome: 'GONE',
      usage: null,
    });
  });
});

describe('a response that was not asked for in the background', () => {
  it('can be neither resumed nor cancelled, and still be looked at', async () => {
    const sinks = new Sinks();
    const run = { signal: new AbortController().signal, openSink: sinks.openSink };
    const provider = providerFor(simulator.url);
    const events = await collect(provider.generate({ ...REQUEST, prompt: 'A cat' }, run));
    const responseId = (events[0]?.type === 'accepted' && events[0].responseId) || '';
    const resumed = collect(provider.resume(responseId, 3, run, []));
    await expect(resumed).rejects.toMatchObject({ kind: 'NOT_RESUMABLE', responseId });
    expect(await provider.cancel(responseId)).toEqual({ outcome: 'NOT_CANCELLABLE', usage: null });
    const look = (await collect(provider.retrieve(responseId, run, []))).map(({ type }) => type);
    expect(look).toEqual(['image', 'completed']);
  });
});

describe('a cancellation', () => {
  it('stops the work, is harmless twice, and is told by the stream, by resume and by a look', async () => {
    const before = { ...simulator.requests };
    const sinks = new Sinks();
    const run = { signal: new AbortController().signal, openSink: sinks.openSink };
    const provider = providerFor(simulator.url);
    const asked = { ...REQUEST, prompt: '[sim:duration=5000] A cat', background: true };
    let responseId = '';
    let sequence: number | null = null;
    const errors: unknown[] = [];
    try {
      for await (const event of provider.generate(asked, run)) {
        sequence = event.upstreamSequence;
        if (event.type !== 'accepted') continue;
        responseId = event.responseId ?? '';
        expect(await provider.cancel(responseId)).toEqual({ outcome: 'CANCELLED', usage: null });
        expect(await provider.cancel(responseId)).toEqual({ outcome: 'CANCELLED', usage: null });
      }
    } catch (error) {
      errors.push(error);
    }
    // There is no event for a cancellation: the stream just ends. Resuming it, which delivers nothing, shows the reason.
    await collect(provider.resume(responseId, sequence, run, [])).catch((error) => errors.push(error));
    await collect(provider.retrieve(responseId, run, [])).catch((error) => errors.push(error));
    expect(errors.map((error) => error instanceof ProviderError && error.kind)).toEqual([
      'LOST',
      'NOT_RESUMABLE',
      'CANCELLED',
    ]);
    expect(simulator.requests.creates - before.creates).toBe(1);
    expect(simulator.requests.pictures - before.pictures).toBe(0);
  });

  it('that comes too late finds it completed, and the picture is still there', async () => {
    const { follower } = await follow('A cat', { crashes: [1] });
    const provider = providerFor(simulator.url);
    const responseId = follower.responseId ?? '';
    expect(await provider.cancel(responseId)).toMatchObject({ outcome: 'COMPLETED', usage: { tokens: {} } });
    const run = { signal: new AbortController().signal, openSink: new Sinks().openSink };
    const look = (await collect(provider.retrieve(responseId, run, []))).map(({ type }) => type);
    expect(look).toEqual(['image', 'completed']);
  });

  it('that races the end is told the truth', async () => {
    const prompt = '[sim:duration=60] A cat';
    for (const delayMs of [0, 20, 40, 55, 60, 65, 80]) {
      const { provider, run, responseId } = await begun(prompt);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const { outcome } = await provider.cancel(responseId);
      const look = await collect(provider.retrieve(responseId, run, [])).then(
        (events) => events.map(({ type }): string => type),
        (error: ProviderError): string[] => [error.kind],
      );
      expect([outcome, look.at(-1)]).toEqual(
        outcome === 'COMPLETED' ? ['COMPLETED', 'completed'] : ['CANCELLED', 'CANCELLED'],
      );
    }
  });
});
