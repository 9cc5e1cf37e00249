/** Every option that a client can set, on its way from GraphQL to the body of the upstream request. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerateImageInput } from '../support/gql/graphql.ts';
import { loadRequestSchemas, SKIPPED_BECAUSE } from '../support/openai-description.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, order, type Shop } from './orders.ts';
import { eventually, picture } from './steps.ts';

let shop: Shop;
let source: string;
let mask: string;
beforeAll(async () => {
  shop = await openShop({ UPSTREAM_FILES: 'off', CONCURRENCY: '50' });
  const bytes = await picture('black', 1024, 640);
  source = (await uploadPicture(shop.url, bytes)).id;
  mask = (await uploadPicture(shop.url, bytes)).id;
});
afterAll(() => shop[Symbol.asyncDispose]());

/** What the request to the upstream held; how its call ends is of no interest here. */
async function bodyOf(input: Partial<GenerateImageInput>, path = '/v1/responses') {
  const prompt = `a kite, nth ${shop.requests.length} [sim:http-400]`;
  const accepted = await order(shop.url, { prompt, ...input });
  if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
  const request = await eventually('the request', () =>
    shop.creates().find((each) => JSON.stringify(each.body).includes(prompt)),
  );
  expect(request.path).toBe(path);
  return { prompt, body: request.body };
}

const validators = SKIPPED_BECAUSE === '' ? loadRequestSchemas() : null;

/** Holds a body against the published description, where that is beside the repository. */
function describedAs(schema: string, body: unknown): void {
  const validate = validators?.(schema);
  if (validate === undefined) return;
  expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
}

/** What is asked, and what has to stand in the tool. */
const OPTIONS: readonly [GenerateImageInput['options'], Record<string, unknown>][] = [
  [{ model: 'gpt-image-2' }, { model: 'gpt-image-2' }],
  [{ size: '1024x1024' }, { size: '1024x1024' }],
  [{ size: 'auto' }, { size: 'auto' }],
  [{ size: '1536x864' }, { size: '1536x864' }],
  [{ quality: 'LOW' }, { quality: 'low' }],
  [{ quality: 'MEDIUM' }, { quality: 'medium' }],
  [{ quality: 'HIGH' }, { quality: 'high' }],
  [{ quality: 'AUTO' }, { quality: 'auto' }],
  [{ quality: 'XHIGH' }, { quality: 'xhigh' }],
  [{ quality: 'MAX' }, { quality: 'max' }],
  [{ format: 'PNG' }, { output_format: 'png' }],
  [
    { format: 'WEBP', compression: 0 },
    { output_format: 'webp', output_compression: 0 },
  ],
  [
    { format: 'JPEG', compression: 100 },
    { output_format: 'jpeg', output_compression: 100 },
  ],
  [{ format: 'GIF' }, { output_format: 'gif' }],
  [
    { format: 'GIF', frameCount: 4, frameDurationMs: 120 },
    { output_format: 'gif', frame_count: 4, frame_duration_ms: 120 },
  ],
  [{ format: 'SVG' }, { output_format: 'svg' }],
  [
    { format: 'SVG', svg: { model: 'gpt-6-astra', reasoningEffort: 'MINIMAL' } },
    { output_format: 'svg', svg: { model: 'gpt-6-astra', reasoning: { effort: 'minimal' } } },
  ],
  [
    { format: 'SVG', svg: { reasoningEffort: 'NONE' } },
    { output_format: 'svg', svg: { reasoning: { effort: 'none' } } },
  ],
  [{ complexity: 'LOW' }, { complexity: 'low' }],
  [{ complexity: 'MEDIUM' }, { complexity: 'medium' }],
  [{ complexity: 'HIGH' }, { complexity: 'high' }],
  [{ background: 'TRANSPARENT' }, { background: 'transparent' }],
  [{ background: 'OPAQUE' }, { background: 'opaque' }],
  [{ background: 'AUTO' }, { background: 'auto' }],
  [{ moderation: 'LOW' }, { moderation: 'low' }],
  [{ moderation: 'AUTO' }, { moderation: 'auto' }],
  [{ inputFidelity: 'HIGH' }, { input_fidelity: 'high' }],
  [{ inputFidelity: 'LOW' }, { input_fidelity: 'low' }],
  [{ partialImages: 3 }, { partial_images: 3 }],
];

describe(`an option, set through GraphQL${SKIPPED_BECAUSE}`, () => {
  it.each(OPTIONS)('%j stands in the request as %j', async (options, tool) => {
    const { body } = await bodyOf({ options });
    expect(body).toMatchObject({ tools: [{ type: 'image_generation', ...tool }] });
    describedAs('CreateResponse', body);
  });

  it.each([0, null])('partialImages: %j asks for none by leaving the parameter out', async (partialImages) => {
    const { body } = await bodyOf({ options: { partialImages } });
    expect(body).toMatchObject({ tools: [{ type: 'image_generation' }] });
    expect(JSON.stringify(body)).not.toContain('partial_images');
  });

  it('that is left out is not sent, but for two partial images', async () => {
    const { body } = await bodyOf({});
    expect(body).toMatchObject({
      model: 'gpt-5.4-mini',
      tools: [{ type: 'image_generation', model: 'gpt-image-2.6-sunburst', partial_images: 2 }],
    });
    describedAs('CreateResponse', body);
  });

  it('names the mainline model', async () => {
    const { body } = await bodyOf({ options: { mainlineModel: 'gpt-5.4' } });
    expect(body).toMatchObject({ model: 'gpt-5.4' });
    describedAs('CreateResponse', body);
  });

  it('asks for the prompt word for word', async () => {
    const { body } = await bodyOf({ verbatim: true });
    expect(body).toMatchObject({ instructions: expect.stringMatching(/word for word|unchanged|verbatim/iu) });
    describedAs('CreateResponse', body);
  });

  it('carries sources and a mask', async () => {
    const { body } = await bodyOf({ sourceImageIds: [source], maskImageId: mask });
    expect(body).toMatchObject({
      tools: [{ action: 'edit', input_image_mask: { image_url: expect.stringMatching(/^data:image\/png;base64,/u) } }],
      input: [{ content: [{ type: 'input_text' }, { type: 'input_image' }] }],
    });
    describedAs('CreateResponse', body);
  });
});

describe(`several pictures in one request${SKIPPED_BECAUSE}`, () => {
  const options = {
    model: 'gpt-image-2',
    size: '1024x1024',
    quality: 'HIGH',
    format: 'WEBP',
    compression: 70,
    background: 'OPAQUE',
    moderation: 'LOW',
    partialImages: 0,
  } as const;

  const fields = {
    model: 'gpt-image-2',
    n: 3,
    size: '1024x1024',
    quality: 'high',
    output_format: 'webp',
    output_compression: 70,
    background: 'opaque',
    moderation: 'low',
  };

  it('carry every option to the Image API', async () => {
    const { prompt, body } = await bodyOf({ count: 3, options }, '/v1/images/generations');
    expect(body).toMatchObject({ prompt, ...fields });
    describedAs('CreateImageRequest', body);
  });

  it('carry a complexity to the Image API', async () => {
    const model = 'gpt-image-2.6-flare';
    const input = { count: 2, options: { ...options, model, complexity: 'LOW' } } as const;
    const { body } = await bodyOf(input, '/v1/images/generations');
    expect(body).toMatchObject({ model, n: 2, complexity: 'low' });
    describedAs('CreateImageRequest', body);
  });

  it('are side by side where the Image API is not described with the size of an edit', async () => {
    const wide = { ...options, size: '1536x864' } as const;
    const { body } = await bodyOf({ count: 2, sourceImageIds: [source, source], options: wide });
    expect(body).toMatchObject({ tools: [{ size: '1536x864' }], input: [{ content: [{}, {}, {}] }] });
    describedAs('CreateResponse', body);
    // New pictures can have any size in either API.
    const { body: fresh } = await bodyOf({ count: 2, options: wide }, '/v1/images/generations');
    expect(fresh).toMatchObject({ n: 2, size: '1536x864' });
    describedAs('CreateImageRequest', fresh);
  });

  it('carry sources, a mask and a fidelity to its edits', async () => {
    const input = { count: 3, sourceImageIds: [source, source], maskImageId: mask };
    const model = 'gpt-image-2.5-flare';
    const edits = { ...options, model, inputFidelity: 'LOW' } as const;
    const { body } = await bodyOf({ ...input, options: edits }, '/v1/images/edits');
    const dataUrl = { image_url: expect.stringMatching(/^data:image\/png;base64,/u) };
    expect(body).toMatchObject({ ...fields, model, input_fidelity: 'low', images: [dataUrl, dataUrl], mask: dataUrl });
    describedAs('EditImageBodyJsonParam', body);
  });
});
