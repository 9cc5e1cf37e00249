/**
 * Streams that end in another way than OpenAI's: with one event for every end (`response.done`), or with `[DONE]` alone. They
 * have ended, although the connection stays open.
 */
import { describe, expect, it } from 'vitest';
import {
  type Json,
  type Reply,
  recordedEvents,
  SCRIPTED_USAGE,
  sse,
  sseUnnamed,
  startScriptedUpstream,
} from '../support/scripted-upstream.ts';
import { collect, pictureBytes, picturesOf, providerError, providerFor, type RunOptions, run, Sinks } from './run.ts';
import { IMAGES_USAGE, imagesEvents } from './scripted-images.ts';

const PICTURE = pictureBytes('ended');
const IMAGE = { type: 'image', image: 0, bytes: PICTURE };
const EVENTS = recordedEvents({ pictures: [{ bytes: PICTURE }] });
const BEFORE_END = EVENTS.slice(0, -1);
/** Everything before the image. */
const BEGINNING = EVENTS.slice(0, 5);
const RESPONSE: Json = { ...(EVENTS.at(-1)?.['response'] as object) };
const DONE = 'data: [DONE]\n\n';

/** The connection stays open, and the test is over before anybody would give up waiting. */
const PATIENT: RunOptions = { provider: { idleTimeoutMs: 60_000 } };
const hanging = (events: readonly Json[], ...more: string[]): Reply => ({
  writes: [...events.map(sse), ...more],
  ending: 'hang',
});

function ended(type: string, response: Json | null = RESPONSE): Reply {
  return hanging(BEFORE_END, sse({ type, ...(response !== null && { response }) }));
}

describe('a response has its image and its usage at', () => {
  it.each<[string, Reply]>([
    ['response.done', ended('response.done')],
    ['response.done without a status', ended('response.done', { ...RESPONSE, status: undefined })],
    ['response.done without an output', ended('response.done', { ...RESPONSE, output: [] })],
    ['response.done with everything', hanging(BEGINNING, sse({ type: 'response.done', response: RESPONSE }))],
    [
      'response.done without the name of its event',
      hanging(BEFORE_END, sseUnnamed({ type: 'response.done', response: RESPONSE })),
    ],
    ['an unknown word for the same', ended('response.finished')],
    ['response.done, and [DONE]', hanging(BEFORE_END, sse({ type: 'response.done', response: RESPONSE }), DONE)],
    ['response.completed, and [DONE]', hanging(EVENTS, DONE)],
  ])('%s', async (_, reply) => {
    const { events, error, sinks } = await run(reply, PATIENT);
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual([IMAGE]);
    expect(events.at(-1)).toMatchObject({ type: 'completed', usage: { raw: { usage: SCRIPTED_USAGE } } });
    expect(sinks.open).toBe(0);
  });

  it.each(['resume', 'retrieve'] as const)('response.done when it is read again (%s)', async (operation) => {
    const upstream = await startScriptedUpstream(() =>
      operation === 'resume' ? ended('response.done') : hanging([{ type: 'response.done', response: RESPONSE }]),
    );
    const reading = { signal: new AbortController().signal, openSink: new Sinks().openSink };
    const provider = providerFor(upstream.baseURL, { idleTimeoutMs: 60_000 });
    const events =
      operation === 'resume'
        ? await collect(provider.resume('resp_1', null, reading, []))
        : await collect(provider.retrieve('resp_1', reading, []));
    await upstream.close();
    expect(events.flatMap((event) => (event.type === 'image' ? [event.picture] : []))).toEqual([PICTURE]);
    expect(events.at(-1)).toMatchObject({ type: 'completed', usage: { raw: { usage: SCRIPTED_USAGE } } });
  });

  it('response.done that answers a cancellation', async () => {
    const upstream = await startScriptedUpstream(() =>
      hanging([{ type: 'response.done', response: { ...RESPONSE, status: 'cancelled' } }]),
    );
    expect(await providerFor(upstream.baseURL, PATIENT.provider).cancel('resp_1')).toMatchObject({
      outcome: 'CANCELLED',
      usage: { raw: { usage: SCRIPTED_USAGE } },
    });
    await upstream.close();
  });
});

describe('a response fails at response.done, and keeps what it had, with the status', () => {
  it.each<[string, Json, Json]>([
    ['failed', { error: { code: 'server_error' } }, { kind: 'ENDED', failure: { code: 'UPSTREAM_UNAVAILABLE' } }],
    [
      'incomplete',
      { incomplete_details: { reason: 'content_filter' } },
      { kind: 'ENDED', failure: { code: 'MODERATION_BLOCKED' } },
    ],
    ['cancelled', {}, { kind: 'CANCELLED', failure: { code: 'INCOMPLETE' } }],
    ['canceled', {}, { kind: 'CANCELLED', failure: { code: 'INCOMPLETE' } }],
  ])('%s', async (status, more, expected) => {
    const result = await run(ended('response.done', { ...RESPONSE, status, ...more }), PATIENT);
    expect(picturesOf(result.events)).toEqual([IMAGE]);
    expect(providerError(result)).toMatchObject({ ...expected, usage: { raw: { usage: SCRIPTED_USAGE } } });
  });
});

describe('[DONE] alone', () => {
  it('ends a response whose images have all come', async () => {
    const { events, error } = await run(hanging(BEFORE_END, DONE), PATIENT);
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual([IMAGE]);
    expect(events.at(-1)).toMatchObject({ type: 'completed', usage: null });
  });

  it.each<[string, readonly Json[]]>([
    ['none has come', BEGINNING],
    [
      'one has come and another has begun',
      [
        ...BEFORE_END,
        ...recordedEvents({ pictures: [{ bytes: PICTURE, itemId: 'ig_x' }] })
          .slice(4, 5)
          .map((event) => ({ ...event, output_index: 7 })),
      ],
    ],
  ])('leaves a response open of whose images %s', async (_, events) => {
    const result = await run(hanging(events, DONE), PATIENT);
    expect(providerError(result)).toMatchObject({ kind: 'LOST', responseId: 'resp_scripted' });
  });

  it('is no end inside of a text', async () => {
    const events = EVENTS.map((event) => ({ text: '[DONE]', ...event }));
    expect((await run(hanging(events, DONE), PATIENT)).error).toBeNull();
  });
});

describe('the Image API has its image at', () => {
  const request = { api: 'IMAGES' } as const;
  const rename = (event: Json, type: string) => ({ ...event, type });
  const [partial = {}, image = {}] = imagesEvents([pictureBytes('partial')], PICTURE);
  it.each<[string, Reply]>([
    ['image_generation.done', hanging([partial, rename(image, 'image_generation.done')])],
    ['image_edit.done', hanging([partial, rename(image, 'image_edit.done')])],
    ['image_generation.completed, and [DONE]', hanging([partial, image], DONE)],
    ['a document as an event, and [DONE]', hanging([{ data: [image], usage: IMAGES_USAGE }], DONE)],
  ])('%s', async (_, reply) => {
    const { events, error } = await run(reply, { ...PATIENT, request });
    expect(error).toBeNull();
    expect(picturesOf(events).at(-1)).toEqual(IMAGE);
    expect(events.at(-1)).toMatchObject({ type: 'completed', usage: { raw: { usage: IMAGES_USAGE } } });
  });

  it('[DONE] where fewer images come than were asked for', async () => {
    const { events, error } = await run(hanging([image], DONE), { ...PATIENT, request: { ...request, count: 2 } });
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual([IMAGE]);
  });
});
