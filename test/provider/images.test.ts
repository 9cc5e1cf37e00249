/** The Image API: the events of its streams and documents, and the error kinds of runs that fail. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { cutReply, type Json, jsonReply, sse, streamReply } from '../support/scripted-upstream.ts';
import {
  collect,
  picture,
  pictureBytes,
  picturesOf,
  providerError,
  providerFor,
  REQUEST,
  type RunOptions,
  run,
  Sinks,
} from './run.ts';
import { documentReply, IMAGES_USAGE, imagesDocument, imagesEvents, imagesStream } from './scripted-images.ts';

const FINAL = pictureBytes('final', 200_000);
const PARTIALS = [pictureBytes('partial 0', 50_001), pictureBytes('partial 1', 50_002)];
const FOUR = ['a', 'b', 'c', 'd'].map((name) => pictureBytes(name, 40_000));

const STREAMED = { api: 'IMAGES', settings: { ...NO_SETTINGS, partialImages: 2 } } as const;
const BATCH = { api: 'IMAGES', count: 4 } as const;
const asked = (request: RunOptions['request'], more: RunOptions = {}): RunOptions => ({
  ...more,
  request: request ?? {},
});

const TOLD = [
  { type: 'partial', image: 0, partial: 0, bytes: PARTIALS[0] },
  { type: 'partial', image: 0, partial: 1, bytes: PARTIALS[1] },
  { type: 'image', image: 0, bytes: FINAL },
];
const REPORT = {
  tokens: {
    mainline: null,
    image: {
      model: null,
      textInputTokens: 8,
      cachedTextInputTokens: 0,
      imageInputTokens: 12,
      cachedImageInputTokens: 0,
      outputTokens: 400,
      textOutputTokens: 10,
      unsplitInputTokens: 0,
    },
    svg: null,
  },
  raw: { usage: IMAGES_USAGE },
};

describe('a stream of the Image API', () => {
  it('is told as accepted, partials, image, completed', async () => {
    const provider = { imageApiModel: 'gpt-image-2' };
    const { events, error, sinks } = await run(imagesStream(PARTIALS, FINAL), asked(STREAMED, { provider }));
    expect(error).toBeNull();
    expect(events[0]).toEqual({
      type: 'accepted',
      responseId: null,
      requestId: 'req_scripted',
      reported: null,
      upstreamSequence: null,
    });
    expect(picturesOf(events)).toEqual(TOLD);
    // The requested model is not reported: the answer does not say which one was used.
    const actual = {
      ...NO_SETTINGS,
      size: '1024x1024',
      quality: 'LOW',
      format: 'WEBP',
      background: 'OPAQUE',
    };
    expect(events[1]).toMatchObject({ itemId: null, actual });
    expect(events[3]).toMatchObject({ itemId: null, revisedPrompt: null, actual });
    expect(events[4]).toEqual({
      type: 'completed',
      responseId: null,
      text: null,
      usage: REPORT,
      imagesMissing: false,
      upstreamSequence: null,
    });
    expect({ opened: sinks.opened, open: sinks.open }).toEqual({ opened: 3, open: 0 });
  });

  it('of an edit is told the same', async () => {
    const { events } = await run(streamReply(imagesEvents(PARTIALS, FINAL, 'image_edit')), asked(STREAMED));
    expect(picturesOf(events)).toEqual(TOLD);
  });

  it('is read with keepalives, with events twice, and without the last blank line', async () => {
    const writes = imagesEvents(PARTIALS, FINAL).flatMap((event) => [
      ': ping\n\n',
      'data: {"type":"keepalive"}\n\n',
      sse(event),
    ]);
    const twice = writes.slice(0, -1).flatMap((write) => [write, write]);
    const { events, error, sinks } = await run({ writes: [...twice, writes.at(-1)?.trimEnd() ?? ''] }, asked(STREAMED));
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual(TOLD);
    expect(sinks.open).toBe(0);
  });

  it('that comes as one document is read as that', async () => {
    const { events } = await run(documentReply([FINAL]), asked(STREAMED));
    expect(events.map((event) => event.type)).toEqual(['accepted', 'image', 'completed']);
    expect(picturesOf(events)).toEqual(TOLD.slice(2));
  });

  it.each(['end', 'destroy'] as const)('that ends without its picture is lost (%s)', async (ending) => {
    const writes = imagesEvents(PARTIALS, null).map(sse);
    const result = await run({ ...cutReply({ writes }, 10_000_000, ending) }, asked(STREAMED));
    expect(providerError(result)).toMatchObject({ kind: 'LOST', responseId: null, nothingBought: false });
    expect(providerError(result).failure.code).toBe('OUTCOME_UNKNOWN');
    expect(picturesOf(result.events)).toEqual(TOLD.slice(0, 2));
    expect(result.sinks.open).toBe(0);
  });

  it('that is cut inside its picture is lost', async () => {
    const writes = imagesEvents([], FINAL).map(sse);
    const result = await run(cutReply({ writes }, 100_000, 'destroy'), asked(STREAMED));
    expect(providerError(result).kind).toBe('LOST');
    expect(result.sinks).toMatchObject({ open: 0, finished: 0 });
  });

  it('that falls silent is given up', async () => {
    const writes = imagesEvents(PARTIALS, null).map(sse);
    const provider = { idleTimeoutMs: 80 };
    const result = await run({ writes, ending: 'hang' }, asked(STREAMED, { provider }));
    expect(providerError(result).failure.code).toBe('TIMED_OUT');
  });

  it('that ends with an error is over, and may have cost something', async () => {
    const error = { code: 'moderation_blocked', type: 'image_generation_user_error', message: 'no' };
    const result = await run(streamReply([...imagesEvents(PARTIALS, null), { type: 'error', error }]), asked(STREAMED));
    expect(providerError(result)).toMatchObject({ kind: 'ENDED', failure: { code: 'MODERATION_BLOCKED' } });
    expect(providerError(result).nothingBought).toBe(false);
    const moderation_details = { moderation_stage: 'output', categories: ['violence'] };
    const first = { type: 'error', error: { ...error, moderation_details } };
    expect(providerError(await run(streamReply([first]), asked(STREAMED))).kind).toBe('ENDED');
    const broken = { type: 'error', error: { code: 'server_error', message: 'no' } };
    expect(providerError(await run(streamReply([broken]), asked(STREAMED))).kind).toBe('LOST');
  });

  it('that starts with a refusal bought nothing', async () => {
    const error = { code: 'rate_limit_exceeded', type: 'requests', message: 'no' };
    const result = await run(streamReply([{ type: 'error', error }]), asked(STREAMED));
    expect(providerError(result)).toMatchObject({ kind: 'NOTHING_BOUGHT', failure: { code: 'RATE_LIMITED' } });
    expect(result.events).toEqual([]);
  });
});

describe('several pictures in one document', () => {
  const images = (bytes: readonly Buffer[], from = 0) =>
    bytes.map((each, index) => ({ type: 'image', image: from + index, bytes: each }));

  it('are told by their place, on one bill', async () => {
    const { events, error, sinks } = await run(documentReply(FOUR), asked(BATCH));
    expect(error).toBeNull();
    expect(events.map((event) => event.type)).toEqual(['accepted', 'image', 'image', 'image', 'image', 'completed']);
    expect(picturesOf(events)).toEqual(images(FOUR));
    expect(events[2]).toMatchObject({ actual: { quality: 'LOW', format: 'WEBP', size: '1024x1024', model: null } });
    expect(events.at(-1)).toMatchObject({ usage: { tokens: { image: { outputTokens: 400 } } } });
    expect(sinks.open).toBe(0);
  });

  it('may be larger together than one may be', async () => {
    const provider = { maxLineBytes: 60_000 };
    expect((await run(documentReply(FOUR), asked(BATCH, { provider }))).error).toBeNull();
    const tooLarge = await run(documentReply([pictureBytes('x', 200_000)]), asked(BATCH, { provider }));
    expect(providerError(tooLarge).failure.code).toBe('OUTCOME_UNKNOWN');
  });

  it('are fewer than asked, and all is well', async () => {
    const { events, error } = await run(documentReply(FOUR.slice(0, 3)), asked(BATCH));
    expect(error).toBeNull();
    expect(picturesOf(events)).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({ type: 'completed', imagesMissing: false });
  });

  it.each([{ b64_json: 'AAAA*AAA' }, { url: 'https://images.example/1.png' }])(
    'keep their places when one of them cannot be used, which was made all the same: %j',
    async (unusable) => {
      const document = imagesDocument(FOUR);
      const data = (document['data'] as Json[]).map((each, index) => (index === 1 ? unusable : each));
      const { events, error } = await run(jsonReply({ ...document, data }), asked(BATCH));
      expect(error).toBeNull();
      expect(picturesOf(events).map((each) => each.image)).toEqual([0, 2, 3]);
      expect(events.at(-1)).toMatchObject({ type: 'completed', imagesMissing: true });
    },
  );

  it('carry the prompt that each was drawn from, where the service says so', async () => {
    const data = FOUR.map((bytes, index) => ({ b64_json: bytes.toString('base64'), revised_prompt: `cat ${index}` }));
    const { events } = await run(jsonReply({ ...imagesDocument([]), data }), asked(BATCH));
    expect(events[3]).toMatchObject({ revisedPrompt: 'cat 2' });
  });

  it('name their model, and that of the bill, where the service says so', async () => {
    const { events } = await run(documentReply(FOUR, { model: 'imager-3' }), asked(BATCH));
    expect(events[1]).toMatchObject({ actual: { model: 'imager-3' } });
    expect(events.at(-1)).toMatchObject({ usage: { tokens: { image: { model: 'imager-3' } } } });
  });

  it('that are none are NO_IMAGE with what they cost, and damaged ones say so', async () => {
    const none = providerError(await run(documentReply([]), asked(BATCH)));
    expect(none).toMatchObject({ kind: 'ENDED', failure: { code: 'NO_IMAGE', text: null } });
    expect(none.usage?.tokens.image?.outputTokens).toBe(400);
    const data = [{ b64_json: 'AAAA*AAA' }, { b64_json: '    ' }];
    const damaged = providerError(await run(jsonReply({ ...imagesDocument([]), data }), asked(BATCH)));
    expect(damaged).toMatchObject({ kind: 'ENDED', failure: { code: 'UPSTREAM_UNAVAILABLE' } });
  });

  it.each(['end', 'destroy'] as const)(
    'of which some had come whole when the answer broke are told (%s)',
    async (ending) => {
      const text = JSON.stringify(imagesDocument(FOUR));
      const places: [number, number][] = [
        [text.indexOf(FOUR[2]?.toString('base64') ?? '') + 20_000, 2],
        [text.indexOf('"usage"'), 4],
        [text.indexOf('"data"'), 0],
      ];
      for (const [cut, whole] of places) {
        const headers = { 'content-type': 'application/json' };
        const result = await run({ ...cutReply({ writes: [text] }, cut, ending), headers }, asked(BATCH));
        expect(providerError(result)).toMatchObject({ kind: 'LOST', nothingBought: false });
        expect(result.events.map((event) => event.type).slice(0, 1)).toEqual(whole === 0 ? [] : ['accepted']);
        expect(picturesOf(result.events)).toEqual(images(FOUR.slice(0, whole)));
        expect(result.sinks.open).toBe(0);
      }
    },
  );

  it('that come as a stream are all taken, and its clean end ends them', async () => {
    const events = FOUR.flatMap((bytes) => imagesEvents([], bytes));
    const whole = await run(streamReply(events), asked(BATCH));
    expect(whole.error).toBeNull();
    expect(picturesOf(whole.events)).toEqual(images(FOUR));
    const fewer = await run(streamReply(events.slice(0, 3)), asked(BATCH));
    expect(fewer.error).toBeNull();
    expect(picturesOf(fewer.events)).toEqual(images(FOUR.slice(0, 3)));
  });
});

describe('an abort and a reader that leaves', () => {
  it('hang up on a document and leak nothing', async () => {
    const reason = new Error('cancelled by its owner');
    const aborting = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const text = JSON.stringify(imagesDocument(FOUR)).slice(0, 150_000);
    setTimeout(() => aborting.abort(reason), 100);
    const result = await run({ headers, writes: [text], ending: 'hang' }, asked(BATCH, { signal: aborting.signal }));
    expect(result.error).toBe(reason);
    expect(result.sinks.open).toBe(0);
    const left = await run(
      documentReply(FOUR),
      asked(BATCH, { onEvent: ({ type }) => (type === 'image' ? 'stop' : undefined) }),
    );
    expect(left.sinks.open).toBe(0);
  });
});

describe('against the simulator', () => {
  const settings = { ...NO_SETTINGS, model: 'gpt-image-2', size: '1024x640', format: 'WEBP', quality: 'LOW' } as const;

  it('several pictures, a stream, fewer pictures, and an edit with a mask of the same go well', async () => {
    const simulator = await startSimulator({ art: 'plain', durationMs: 0 });
    const provider = providerFor(simulator.url);
    const sinks = new Sinks();
    const made = (request: Partial<typeof REQUEST>) =>
      collect(
        provider.generate(
          { ...REQUEST, api: 'IMAGES', settings, ...request },
          { signal: new AbortController().signal, openSink: sinks.openSink },
        ),
      );
    const four = await made({ count: 4 });
    expect(picturesOf(four).map((each) => each.image)).toEqual([0, 1, 2, 3]);
    expect(four.at(-1)).toMatchObject({ usage: { tokens: { image: { outputTokens: 500 } } } });
    const streamed = await made({ settings: { ...settings, partialImages: 2 } });
    expect(streamed.map((event) => event.type)).toEqual(['accepted', 'partial', 'partial', 'image', 'completed']);
    expect(picturesOf(await made({ count: 3, prompt: 'A cat [sim:fewer-pictures]' }))).toHaveLength(2);
    const [parent] = picturesOf(await made({ settings: { ...settings, format: 'PNG' } }));
    const source = picture(parent?.bytes ?? Buffer.alloc(0));
    const edited = await made({
      context: { route: 'IMAGE_BYTES', pictures: [source] },
      // The picture is fully opaque, so as a mask it allows no change.
      mask: source,
      settings: { ...settings, format: 'PNG', partialImages: 1 },
    });
    expect(edited.map((event) => event.type)).toEqual(['accepted', 'partial', 'image', 'completed']);
    expect(edited.at(-1)).toMatchObject({ usage: { tokens: { image: { imageInputTokens: 640 } } } });
    expect(simulator.requests).toMatchObject({ creates: 0, generations: 4, edits: 1 });
    expect(sinks.open).toBe(0);
    await simulator.close();
  });
});
