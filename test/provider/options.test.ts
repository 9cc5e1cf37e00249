/** Every image option in the request body of every API, checked against OpenAI's published API description. */
import { describe, expect, it } from 'vitest';
import {
  COMPLEXITIES,
  type ImageSettings,
  NO_SETTINGS,
  REASONING_EFFORTS,
} from '../../src/domain/generation/options.ts';
import type { ProviderRequest } from '../../src/provider/image-provider.ts';
import type { OpenAiProviderOptions } from '../../src/provider/openai/openai-provider.ts';
import { loadRequestSchemas, SKIPPED_BECAUSE } from '../support/openai-description.ts';
import { type Json, type RecordedRequest, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { picture, pictureBytes, run } from './run.ts';
import { documentReply, imagesEvents } from './scripted-images.ts';

const FINAL = pictureBytes('final');
const SOURCE = pictureBytes('source');
const MASK = pictureBytes('mask');
const DATA_URL = `data:image/png;base64,${SOURCE.toString('base64')}`;
const MASK_URL = `data:image/png;base64,${MASK.toString('base64')}`;
const EDITED = { route: 'IMAGE_BYTES', pictures: [picture(SOURCE)] } as const;

async function sent(request: Partial<ProviderRequest>, provider: Partial<OpenAiProviderOptions> = {}) {
  const streamed = request.settings?.partialImages ? streamReply(imagesEvents([], FINAL)) : documentReply([FINAL]);
  const reply = request.api === 'IMAGES' ? streamed : streamReply(recordedEvents({ pictures: [{ bytes: FINAL }] }));
  const { requests, error } = await run(reply, { request, provider });
  expect(error).toBeNull();
  expect(requests).toHaveLength(1);
  // There is exactly one.
  return requests[0] as RecordedRequest;
}

function asked(settings: Partial<ImageSettings>): Partial<ProviderRequest> {
  return { settings: { ...NO_SETTINGS, ...settings } };
}

interface Option {
  readonly settings: Partial<ImageSettings>;
  readonly fields: Json;
  /** The API that does not have this option; there it is omitted. */
  readonly notIn?: 'generations';
}

const OPTIONS: readonly Option[] = [
  { settings: {}, fields: {} },
  { settings: { model: 'gpt-image-2.6-flare' }, fields: { model: 'gpt-image-2.6-flare' } },
  { settings: { size: '1024x1536' }, fields: { size: '1024x1536' } },
  { settings: { size: 'auto' }, fields: { size: 'auto' } },
  { settings: { size: '1536x864' }, fields: { size: '1536x864' } },
  { settings: { quality: 'AUTO' }, fields: { quality: 'auto' } },
  { settings: { quality: 'LOW' }, fields: { quality: 'low' } },
  { settings: { quality: 'MEDIUM' }, fields: { quality: 'medium' } },
  { settings: { quality: 'HIGH' }, fields: { quality: 'high' } },
  { settings: { quality: 'XHIGH' }, fields: { quality: 'xhigh' } },
  { settings: { quality: 'MAX' }, fields: { quality: 'max' } },
  { settings: { format: 'PNG' }, fields: { output_format: 'png' } },
  { settings: { format: 'WEBP', compression: 0 }, fields: { output_format: 'webp', output_compression: 0 } },
  { settings: { format: 'JPEG', compression: 80 }, fields: { output_format: 'jpeg', output_compression: 80 } },
  { settings: { format: 'GIF' }, fields: { output_format: 'gif' } },
  {
    settings: { format: 'GIF', frameCount: 2, frameDurationMs: 10 },
    fields: { output_format: 'gif', frame_count: 2, frame_duration_ms: 10 },
  },
  {
    settings: { format: 'GIF', frameCount: 16, frameDurationMs: 655_350 },
    fields: { output_format: 'gif', frame_count: 16, frame_duration_ms: 655_350 },
  },
  { settings: { format: 'SVG' }, fields: { output_format: 'svg' } },
  {
    settings: { format: 'SVG', svg: { model: 'gpt-6-astra', reasoningEffort: null } },
    fields: { output_format: 'svg', svg: { model: 'gpt-6-astra' } },
  },
  ...REASONING_EFFORTS.map((reasoningEffort) => ({
    settings: { format: 'SVG', svg: { model: 'gpt-6-astra', reasoningEffort } } as const,
    fields: {
      output_format: 'svg',
      svg: { model: 'gpt-6-astra', reasoning: { effort: reasoningEffort.toLowerCase() } },
    },
  })),
  ...COMPLEXITIES.map((complexity) => ({
    settings: { complexity },
    fields: { complexity: complexity.toLowerCase() },
  })),
  // What asks for nothing but the default is not said.
  { settings: { completionWindow: 'SOONEST' }, fields: {} },
  { settings: { background: 'AUTO' }, fields: { background: 'auto' } },
  { settings: { background: 'TRANSPARENT' }, fields: { background: 'transparent' } },
  { settings: { background: 'OPAQUE' }, fields: { background: 'opaque' } },
  { settings: { moderation: 'AUTO' }, fields: { moderation: 'auto' } },
  { settings: { moderation: 'LOW' }, fields: { moderation: 'low' } },
  { settings: { inputFidelity: 'LOW' }, fields: { input_fidelity: 'low' }, notIn: 'generations' },
  { settings: { inputFidelity: 'HIGH' }, fields: { input_fidelity: 'high' }, notIn: 'generations' },
];

const validators = SKIPPED_BECAUSE === '' ? loadRequestSchemas() : null;

function expectDescribed(schema: string, body: Json): void {
  if (validators === null) return;
  const validate = validators(schema);
  expect(validate(body), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
}

describe.each(OPTIONS)(`the settings $settings${SKIPPED_BECAUSE}`, ({ settings, fields, notIn }) => {
  it('are said to the image generation tool', async () => {
    const { path, body } = await sent(asked(settings));
    expect(path).toBe('/v1/responses');
    expect(body['tools']).toEqual([{ type: 'image_generation', ...fields }]);
    expectDescribed('CreateResponse', body);
  });

  it('are said to the Image API that makes a picture', async () => {
    const { path, body } = await sent({ api: 'IMAGES', ...asked(settings) });
    expect(path).toBe('/v1/images/generations');
    expect(body).toEqual({ prompt: 'A cat in ink', ...(notIn === 'generations' ? {} : fields) });
    expectDescribed('CreateImageRequest', body);
  });

  it('are said to the Image API that changes a picture', async () => {
    const { path, body, headers } = await sent({ api: 'IMAGES', context: EDITED, ...asked(settings) });
    expect(path).toBe('/v1/images/edits');
    expect(headers['content-type']).toBe('application/json');
    expect(body).toEqual({ prompt: 'A cat in ink', images: [{ image_url: DATA_URL }], ...fields });
    expectDescribed('EditImageBodyJsonParam', body);
  });
});

describe.skipIf(validators === null)(`the description with the newer options${SKIPPED_BECAUSE}`, () => {
  const tool = (more: Json) => ({ input: 'x', tools: [{ type: 'image_generation', ...more }] });
  it.each<[string, Json]>([
    ['CreateResponse', tool({ frames: 4 })],
    ['CreateResponse', tool({ frame_count: 17 })],
    ['CreateResponse', tool({ complexity: 'HIGH' })],
    ['CreateResponse', tool({ svg: { reasoning_effort: 'low' } })],
    ['CreateResponse', tool({ markup: { file_id: 'file-1' } })],
    ['CreateResponse', { ...tool({}), complexity: 'low' }],
    ['CreateImageRequest', { prompt: 'x', complexity: 1 }],
    ['CreateImageRequest', { prompt: 'x', markup: { file_id: 'file-1' } }],
    ['CreateImageRequest', { prompt: 'x', svg: { reasoning: { effort: 'low' } } }],
    ['EditImageBodyJsonParam', { prompt: 'x', images: [{ file_id: 'file-1' }], markup: 'file-1' }],
    ['EditImageBodyJsonParam', { prompt: 'x', images: [{ file_id: 'file-1' }], frame_duration: 40 }],
  ])('of a %s finds the fault in %j', (schema, body) => {
    expect(validators?.(schema)(body)).toBe(false);
  });
});

describe('how many pictures and partials', () => {
  const three = asked({ partialImages: 3 });

  it('is a stream of partials for one, in either API', async () => {
    const tool = await sent(three);
    expect(tool.body).toMatchObject({ stream: true, tools: [{ partial_images: 3 }] });
    const images = await sent({ api: 'IMAGES', ...three });
    expect(images.body).toEqual({ prompt: 'A cat in ink', stream: true, partial_images: 3 });
    const edit = await sent({ api: 'IMAGES', context: EDITED, ...three });
    expect(edit.body).toMatchObject({ stream: true, partial_images: 3, images: [{ image_url: DATA_URL }] });
    expectDescribed('CreateImageRequest', images.body);
    expectDescribed('EditImageBodyJsonParam', edit.body);
  });

  it('is no stream without partials', async () => {
    const { body } = await sent({ api: 'IMAGES', ...asked({ partialImages: 0 }) });
    expect(body).toEqual({ prompt: 'A cat in ink' });
  });

  it('is one answer for several, which cannot be streamed', async () => {
    const { requests } = await run(documentReply([FINAL, FINAL]), { request: { api: 'IMAGES', count: 10, ...three } });
    expect(requests[0]?.body).toEqual({ prompt: 'A cat in ink', n: 10 });
    expectDescribed('CreateImageRequest', requests[0]?.body ?? {});
  });
});

describe('the models', () => {
  const models = { model: 'gpt-5.6', imageModel: null, imageApiModel: 'gpt-image-2' };

  it('of the Image API fall back on this server’s image model, then on its model for that API', async () => {
    const own = { api: 'IMAGES', ...asked({ model: 'gpt-image-1.5' }) } as const;
    expect((await sent(own, { ...models, imageModel: 'gpt-image-2.5-flare' })).body['model']).toBe('gpt-image-1.5');
    const none = { api: 'IMAGES' } as const;
    expect((await sent(none, { ...models, imageModel: 'gpt-image-2.5-flare' })).body['model']).toBe(
      'gpt-image-2.5-flare',
    );
    expect((await sent(none, models)).body['model']).toBe('gpt-image-2');
    expect((await sent(none, { ...models, imageApiModel: null })).body).not.toHaveProperty('model');
  });

  it('of the tool have no such fallback, and the mainline model can be asked for', async () => {
    const { body } = await sent(asked({ mainlineModel: 'gpt-5.7' }), models);
    expect(body).toMatchObject({ model: 'gpt-5.7', tools: [{ type: 'image_generation' }] });
    expect(body['tools']).toEqual([{ type: 'image_generation' }]);
  });
});

describe('a mask', () => {
  it('goes along as a data URL', async () => {
    const request = { context: EDITED, mask: picture(MASK), action: 'EDIT' } as const;
    const tool = await sent(request);
    expect(tool.body['tools']).toEqual([
      { type: 'image_generation', action: 'edit', input_image_mask: { image_url: MASK_URL } },
    ]);
    expectDescribed('CreateResponse', tool.body);
    const images = await sent({ api: 'IMAGES', ...request });
    expect(images.body).toMatchObject({ mask: { image_url: MASK_URL } });
    expectDescribed('EditImageBodyJsonParam', images.body);
  });

  it('goes along with the previous response, too', async () => {
    const { body } = await sent({ context: { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' }, mask: picture(MASK) });
    expect(body).toMatchObject({
      previous_response_id: 'resp_0',
      tools: [{ input_image_mask: { image_url: MASK_URL } }],
    });
  });
});

describe('a markup', () => {
  it.each([
    ['as a data URL', picture(MASK), { image_url: MASK_URL }],
    ['by the id of its file', { ...picture(MASK), fileId: 'file-3' }, { file_id: 'file-3' }],
  ])('goes along to the edits of the Image API %s', async (_, markup, reference) => {
    const { path, body } = await sent({ api: 'IMAGES', context: EDITED, action: 'EDIT', markup });
    expect(path).toBe('/v1/images/edits');
    expect(body).toEqual({ prompt: 'A cat in ink', images: [{ image_url: DATA_URL }], markup: reference });
    expectDescribed('EditImageBodyJsonParam', body);
  });

  it.each<Partial<ProviderRequest>>([
    { api: 'RESPONSES', context: EDITED },
    { api: 'IMAGES', context: { route: 'NONE' } },
  ])('is never dropped silently: %j is not sent', async (request) => {
    const { requests, error } = await run(documentReply([FINAL]), { request: { ...request, markup: picture(MASK) } });
    expect(String(error)).toMatch(/markup/u);
    expect(requests).toEqual([]);
  });
});

describe('images that were uploaded before', () => {
  const unread = { fileId: 'file-1', read: () => Promise.reject(new Error('was read')) };
  const mask = { ...unread, fileId: 'file-2' };
  const context = { route: 'IMAGE_BYTES', pictures: [unread, picture(SOURCE)] } as const;

  it('are named and not read, in the Responses API', async () => {
    const { body } = await sent({ context, mask });
    expect(body['input']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'A cat in ink' },
          { type: 'input_image', file_id: 'file-1', detail: 'auto' },
          { type: 'input_image', image_url: DATA_URL, detail: 'auto' },
        ],
      },
    ]);
    expect(body['tools']).toEqual([{ type: 'image_generation', input_image_mask: { file_id: 'file-2' } }]);
    expectDescribed('CreateResponse', body);
  });

  it('are named and not read, in the Image API', async () => {
    const { body } = await sent({ api: 'IMAGES', context, mask });
    expect(body).toMatchObject({
      images: [{ file_id: 'file-1' }, { image_url: DATA_URL }],
      mask: { file_id: 'file-2' },
    });
    expectDescribed('EditImageBodyJsonParam', body);
  });
});

describe('the rest of a request', () => {
  it('asks for the prompt word for word with each response, and never in the Image API', async () => {
    for (const context of [{ route: 'NONE' }, { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' }] as const) {
      const { body } = await sent({ verbatim: true, context });
      expect(body['instructions']).toContain('word for word');
      expect(body['instructions']).toContain('prompt');
      expectDescribed('CreateResponse', body);
    }
    expect((await sent({})).body).not.toHaveProperty('instructions');
    expect((await sent({ api: 'IMAGES', verbatim: true })).body).toEqual({ prompt: 'A cat in ink' });
  });

  it('names the end user in both APIs', async () => {
    expect((await sent({ safetyIdentifier: 'hash' })).body).toMatchObject({ safety_identifier: 'hash' });
    expect((await sent({ api: 'IMAGES', safetyIdentifier: 'hash' })).body).toMatchObject({ safety_identifier: 'hash' });
  });

  it('has the tool called once, where the upstream is known to take that', async () => {
    const { body } = await sent({}, { boundsToolCalls: true });
    expect(body).toMatchObject({ max_tool_calls: 1, tool_choice: { type: 'image_generation' } });
    expectDescribed('CreateResponse', body);
    expect((await sent({})).body).not.toHaveProperty('max_tool_calls');
    expect((await sent({ api: 'IMAGES' }, { boundsToolCalls: true })).body).toEqual({ prompt: 'A cat in ink' });
  });

  it('lets the upstream keep nothing where it may not', async () => {
    const { body } = await sent({}, { store: false });
    expect(body['store']).toBe(false);
    expect(body).not.toHaveProperty('background');
    expect((await sent({ api: 'IMAGES' }, { store: false })).body).not.toHaveProperty('store');
  });

  it('is not even sent for work in the background where nothing may be kept', async () => {
    const result = await run(documentReply([FINAL]), { request: { background: true }, provider: { store: false } });
    expect(result.error).toMatchObject({ kind: 'BACKGROUND_REFUSED', nothingBought: true });
    expect(result.requests).toHaveLength(0);
  });

  it('never asks the Image API for work in the background', async () => {
    const { body } = await sent({ api: 'IMAGES', background: true }, { store: false });
    expect(body).toEqual({ prompt: 'A cat in ink' });
  });

  it('is not sent to the Image API for what that does not know', async () => {
    const context = { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' } as const;
    const result = await run(documentReply([FINAL]), { request: { api: 'IMAGES', context } });
    expect(String(result.error)).toContain('PREVIOUS_RESPONSE');
    expect(result.requests).toHaveLength(0);
  });
});
