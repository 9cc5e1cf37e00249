/** Lost runs that are resumed: each picture arrives once, none is lost, and nothing is requested twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnownImage, ProviderEvent } from '../../src/provider/image-provider.ts';
import {
  cutReply,
  errorReply,
  type Json,
  jsonReply,
  keptStream,
  type Reply,
  recordedEvents,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { Follower } from './follow.ts';
import { pictureBytes, picturesOf, providerError, providerFor, type RunOptions, type RunResult, Sinks } from './run.ts';

const CAT = {
  bytes: pictureBytes('cat', 9_000),
  partials: [pictureBytes('cat 0', 4_000), pictureBytes('cat 1', 5_000)],
};
const DOG = { bytes: pictureBytes('dog', 8_000), partials: [pictureBytes('dog 0', 3_000)] };
const EVENTS = recordedEvents({ pictures: [CAT, DOG], text: 'Here.' });
const TEXT = EVENTS.map(sse).join('');
const CREATED_LENGTH = sse(EVENTS[0] ?? {}).length;

const IMAGES = new Map([
  [0, [CAT.bytes]],
  [1, [DOG.bytes]],
]);
/** The name of a picture; `damaged` when the bytes match none. */
function nameOf(bytes: Buffer): string {
  const pictures = {
    cat: CAT.bytes,
    'cat 0': CAT.partials[0],
    'cat 1': CAT.partials[1],
    dog: DOG.bytes,
    'dog 0': DOG.partials[0],
  };
  return Object.entries(pictures).find(([, known]) => known?.equals(bytes))?.[0] ?? 'damaged';
}

/** Swaps some neighbouring events, which keep their sequence numbers. */
function reordered(events: readonly Json[], from: number): Json[] {
  const list = [...events];
  for (let at = from; at + 2 < list.length; at += 3) {
    const [one, two] = [list[at], list[at + 1]];
    if (one !== undefined && two !== undefined) list.splice(at, 2, two, one);
  }
  return list;
}

/** The same response from a service that does not repeat its output at the end: what was missed stays lost. */
const UNREPEATED = EVENTS.map((event) =>
  event['type'] === 'response.completed' ? { ...event, response: { id: 'resp_scripted', output: [] } } : event,
);

async function followed(handler: Parameters<typeof startScriptedUpstream>[0], crashes: readonly number[] = []) {
  const upstream = await startScriptedUpstream(handler);
  try {
    const follower = await new Follower({ provider: providerFor(upstream.baseURL), crashes, maxReadings: 40 }).run();
    return {
      follower,
      requests: upstream.requests,
      creates: upstream.requests.filter(({ method }) => method === 'POST'),
    };
  } finally {
    await upstream.close();
  }
}

/** A complete resume, as `run` is a complete create. */
async function resumed(
  reply: Reply,
  after: number | null = 6,
  known: readonly KnownImage[] = [],
  options: Pick<RunOptions, 'provider' | 'signal'> = {},
): Promise<RunResult> {
  const upstream = await startScriptedUpstream(() => reply);
  const sinks = new Sinks();
  const events: ProviderEvent<Buffer>[] = [];
  let error: unknown = null;
  const signal = options.signal ?? new AbortController().signal;
  const reading = { signal, openSink: sinks.openSink };
  try {
    const provider = providerFor(upstream.baseURL, options.provider);
    for await (const event of provider.resume('resp_scripted', after, reading, known)) events.push(event);
  } catch (caught) {
    error = caught;
  }
  await upstream.close();
  return { events, error, sinks, requests: upstream.requests };
}

describe('a run that is cut anywhere, any number of times', () => {
  const script = fc.record({
    cuts: fc.array(fc.nat(TEXT.length), { maxLength: 5 }),
    ending: fc.constantFrom('end' as const, 'destroy' as const),
    replaysPartials: fc.boolean(),
    shuffledFrom: fc.option(fc.integer({ min: 1, max: 4 })),
    repeated: fc.boolean(),
    doubled: fc.boolean(),
    crashes: fc.array(fc.nat(12), { maxLength: 3 }),
  });

  it('gives every picture once, whole, under its own index, for one create', async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ cuts, ending, replaysPartials, shuffledFrom, repeated, doubled, crashes }) => {
        const whole = repeated ? EVENTS : UNREPEATED;
        const order = shuffledFrom === null ? whole : reordered(whole, shuffledFrom);
        const events = doubled ? order.flatMap((event) => [event, event]) : order;
        const { follower, creates } = await followed(keptStream({ events, cuts, ending, replaysPartials }), crashes);
        expect(creates.length).toBeLessThanOrEqual(1);
        expect(follower.sinks.open).toBe(0);
        if (follower.responseId === null) {
          // Lost before the response had an id: it cannot be resumed, and the create must not be repeated.
          expect((cuts[0] ?? 0) <= CREATED_LENGTH || crashes[0] === 0).toBe(true);
          return;
        }
        expect(follower.completed).toMatchObject({ imagesMissing: false, responseId: 'resp_scripted' });
        const told = new Map([...follower.images].map(([index, copies]) => [index, copies.map(nameOf)]));
        // With swapped events and a cut between them, the second picture can be seen first; it keeps its index.
        const swapped = shuffledFrom !== null && told.get(0)?.[0] === 'dog';
        const [first, second] = swapped ? ['dog', 'cat'] : ['cat', 'dog'];
        expect(told).toEqual(
          new Map([
            [0, [first]],
            [1, [second]],
          ]),
        );
        const partials = [...follower.partials].map(([key, copies]) => {
          const [image, stage] = key.split('/');
          const names = new Set(copies.map(nameOf));
          expect([...names]).toEqual([`${image === '0' ? first : second} ${stage}`]);
          return [...names][0];
        });
        // What is retrieved in place of a stream that is over has no partials.
        const isRetrieved = follower.errors.some(({ kind }) => kind === 'NOT_RESUMABLE');
        if (replaysPartials && !isRetrieved) expect(partials.sort()).toEqual(['cat 0', 'cat 1', 'dog 0']);
      }),
      { numRuns: 200 },
    );
  });

  it('asks only for what it has not been told', async () => {
    const beforePartial = TEXT.indexOf('partial_image_b64');
    const { follower, requests } = await followed(keptStream({ events: EVENTS, cuts: [beforePartial, 300] }));
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /v1/responses',
      'GET /v1/responses/resp_scripted?stream=true&starting_after=6',
      'GET /v1/responses/resp_scripted?stream=true&starting_after=6',
    ]);
    expect(follower.images).toEqual(IMAGES);
    expect([...follower.partials.values()].map((copies) => copies.length)).toEqual([1, 1, 1]);
    expect(follower.errors.map(({ kind, responseId }) => [kind, responseId])).toEqual([
      ['LOST', 'resp_scripted'],
      ['LOST', 'resp_scripted'],
    ]);
  });
});

describe('a resumed stream', () => {
  it('does not tell again what is known, and goes on with the indexes', async () => {
    const known = [{ itemId: 'ig_0', imageIndex: 0, stored: true }];
    const { events, error, sinks } = await resumed(streamReply(EVENTS), null, known);
    expect(error).toBeNull();
    expect(events.map(({ type }) => type)).not.toContain('accepted');
    expect(picturesOf(events)).toEqual([
      { type: 'partial', image: 1, partial: 0, bytes: DOG.partials[0] },
      { type: 'image', image: 1, bytes: DOG.bytes },
    ]);
    expect(sinks.open).toBe(0);
  });

  it('keeps the index of a picture of which only partials are stored', async () => {
    const known = [{ itemId: 'ig_1', imageIndex: 0, stored: false }];
    const { events } = await resumed(streamReply(EVENTS.slice(7)), 6, known);
    const images = picturesOf(events).filter(({ type }) => type === 'image');
    expect(images.map(({ image, bytes }) => [image, bytes])).toEqual([
      [1, CAT.bytes],
      [0, DOG.bytes],
    ]);
  });

  it('gives a picture that comes later the lowest index that is free', async () => {
    const known = [{ itemId: 'ig_1', imageIndex: 1, stored: false }];
    const { events } = await resumed(streamReply(EVENTS.slice(7)), 6, known);
    const images = picturesOf(events).filter(({ type }) => type === 'image');
    expect(images.map(({ image, bytes }) => [image, bytes])).toEqual([
      [0, CAT.bytes],
      [1, DOG.bytes],
    ]);
  });

  it('keeps the index of a stored picture without an id free', async () => {
    const known = [{ itemId: null, imageIndex: 0, stored: true }];
    const { events } = await resumed(streamReply(EVENTS.slice(13)), 12, known);
    expect(picturesOf(events).map(({ image }) => image)).not.toContain(0);
  });

  it('completes with nothing new when all of it is known', async () => {
    const known = [0, 1].map((index) => ({ itemId: `ig_${index}`, imageIndex: index, stored: true }));
    const { events, sinks } = await resumed(streamReply(EVENTS.slice(-1)), EVENTS.length - 2, known);
    expect(events.map(({ type }) => type)).toEqual(['completed']);
    expect(sinks.opened).toBe(0);
  });

  it('of a picture that was made but came nowhere says so', async () => {
    const bare = EVENTS.map((event) =>
      JSON.parse(JSON.stringify(event, (key, value) => (key === 'result' ? null : value))),
    );
    const { events } = await resumed(streamReply(bare), null, [{ itemId: 'ig_0', imageIndex: 0, stored: true }]);
    expect(events.at(-1)).toMatchObject({ type: 'completed', imagesMissing: true });
  });

  it('that fails tells the failure, the response and what was used', async () => {
    const response = {
      id: 'resp_scripted',
      status: 'failed',
      error: { code: 'server_error' },
      usage: { a: 1 },
      tool_usage: { b: 2 },
    };
    const result = await resumed(streamReply([{ type: 'response.failed', response }]));
    expect(providerError(result)).toMatchObject({
      kind: 'ENDED',
      responseId: 'resp_scripted',
      usage: { tokens: { mainline: null, image: null }, raw: { usage: { a: 1 }, toolUsage: { b: 2 } } },
      failure: { code: 'UPSTREAM_UNAVAILABLE', requestId: 'req_scripted' },
    });
  });
});

describe('a resume that is turned down', () => {
  const NOT_STREAMABLE = 'This response can no longer be streamed because it is more than 5 minutes old';
  it.each<[string, Reply, string]>([
    ['400', errorReply(400, { message: NOT_STREAMABLE, param: 'stream' }), 'NOT_RESUMABLE'],
    ['409', errorReply(409, { code: 'stream_cursor_expired', message: '' }), 'NOT_RESUMABLE'],
    ['501', errorReply(501, { message: 'Not implemented' }), 'NOT_RESUMABLE'],
    ['404', errorReply(404, { message: "Response with id 'resp_scripted' not found." }), 'GONE'],
    ['410', errorReply(410, { message: 'Expired.' }), 'GONE'],
    ['401', errorReply(401, { code: 'invalid_api_key', message: '' }), 'LOST'],
    ['429', errorReply(429, { message: 'slow down' }, { 'retry-after': '30' }), 'LOST'],
    ['500', errorReply(500, { message: 'boom' }), 'LOST'],
    ['503', errorReply(503, { message: 'boom' }), 'LOST'],
    ['a cut connection', { beforeHeaders: 'destroy' }, 'LOST'],
    ['silence', { beforeHeaders: 'hang' }, 'LOST'],
    ['a web page', { headers: { 'content-type': 'text/html' }, writes: ['<h1>Welcome</h1>'] }, 'LOST'],
    ['a stream that is silent', { ending: 'hang' }, 'LOST'],
    ['a stream that ends at once', streamReply([]), 'NOT_RESUMABLE'],
    ['a stream that is cut at once', cutReply({ writes: [] }, 0, 'destroy'), 'LOST'],
    ['a stream that ends too early', streamReply(EVENTS.slice(7, 9)), 'LOST'],
    [
      'a document instead of a stream',
      jsonReply({ id: 'resp_scripted', status: 'queued', output: [] }),
      'NOT_RESUMABLE',
    ],
    ['an error event', streamReply([{ type: 'error', code: 'server_error', message: 'boom' }]), 'NOT_RESUMABLE'],
    ['what is no stream', { writes: ['data: {"a":\n\n'] }, 'NOT_RESUMABLE'],
  ])('by %s', async (_, reply, kind) => {
    const result = await resumed(reply, 6, [], { provider: { readTimeoutMs: 150, idleTimeoutMs: 150 } });
    expect(providerError(result)).toMatchObject({ kind, nothingBought: false, responseId: 'resp_scripted' });
    // Whatever the error is, it did not reject the create request.
    expect(['OUTCOME_UNKNOWN', 'TIMED_OUT', 'UPSTREAM_UNAVAILABLE']).toContain(providerError(result).failure.code);
    expect(result.requests).toHaveLength(1);
    expect(result.sinks.open).toBe(0);
  });

  it('by a limit says when to ask again', async () => {
    const now = () => Date.parse('2026-11-01T10:00:00Z');
    const result = await resumed(errorReply(429, { message: '' }, { 'retry-after': '30' }), 6, [], {
      provider: { now },
    });
    expect(providerError(result).failure).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      retryAfter: '2026-11-01T10:00:30.000Z',
    });
  });

  it('by its owner tells the owner’s reason', async () => {
    const reason = new Error('stopped');
    const aborting = new AbortController();
    setTimeout(() => aborting.abort(reason), 50);
    const result = await resumed({ beforeHeaders: 'hang' }, 6, [], { signal: aborting.signal });
    expect(result.error).toBe(reason);
  });
});

describe('a response that is read as a document where a stream was asked for', () => {
  it('is told like the end of a stream', async () => {
    const response = EVENTS.at(-1)?.['response'];
    // The last of the recorded events is response.completed, which has a response.
    const { events } = await resumed(jsonReply(response as Json), 6);
    expect(events.map(({ type }) => type)).toEqual(['image', 'image', 'completed']);
  });
});
