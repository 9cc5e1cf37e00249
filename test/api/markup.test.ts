/** Markups: what is refused before anything is spent, what goes to the upstream, and what a purpose is for. */
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data } from '../support/client.ts';
import { RefineImage } from '../support/documents.ts';
import type { GenerateImageInput, UploadPurpose } from '../support/gql/graphql.ts';
import { loadRequestSchemas, SKIPPED_BECAUSE } from '../support/openai-description.ts';
import { Estimate } from '../support/price-documents.ts';
import { uploadPicture } from '../support/upload.ts';
import { estimate, openShop, order, orderedCall, orderToEnd, retry, type Shop } from './orders.ts';
import { fetchBytes, firstOf, generate, picture, refine, watchToEnd } from './steps.ts';

let shop: Shop;
let source: string;
let markup: string;
beforeAll(async () => {
  shop = await openShop();
  source = (await uploadPicture(shop.url, await picture('teal', 1024, 640))).id;
  markup = await uploaded(await strokes());
});
afterAll(() => shop[Symbol.asyncDispose]());

const OPTIONS = { size: '1024x640', format: 'PNG', quality: 'HIGH', partialImages: 0 } as const;
const blank = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 4, background } });

/** A red square in an otherwise transparent picture. */
async function strokes(width = 1024, height = 640): Promise<Sharp> {
  const square = await blank(100, 100, 'red').png().toBuffer();
  return blank(width, height, '#0000').composite([{ input: square, left: 50, top: 50 }]);
}

async function uploaded(drawn: Sharp, purpose: UploadPurpose = 'MARKUP', conversationId?: string): Promise<string> {
  const options = { purpose, ...(conversationId === undefined ? {} : { conversationId }) };
  return (await uploadPicture(shop.url, await drawn.png().toBuffer(), options)).id;
}

const marked = (more: Partial<GenerateImageInput> = {}): GenerateImageInput => ({
  prompt: 'add a boat where it is red',
  sourceImageIds: [source],
  markupImageId: markup,
  options: OPTIONS,
  ...more,
});

/** The refusal of an order that must send nothing. */
async function refused(input: GenerateImageInput, at = shop) {
  const before = at.requests.length;
  const answer = await order(at.url, input);
  expect(at.requests).toHaveLength(before);
  return answer;
}

const validators = SKIPPED_BECAUSE === '' ? loadRequestSchemas() : null;

describe(`a call with a markup${SKIPPED_BECAUSE}`, () => {
  it('is made by the Image API from both pictures, each uploaded once, and shows the markup', async () => {
    const { call } = await orderToEnd(shop.url, marked());
    expect(call).toMatchObject({ status: 'COMPLETED', markup: { id: markup }, mask: null, attempts: 1 });
    const { path, body } = shop.creates().at(-1) ?? {};
    expect(path).toBe('/v1/images/edits');
    const file = { file_id: expect.stringMatching(/^file/u) };
    expect(body).toEqual({
      prompt: 'add a boat where it is red',
      model: 'gpt-image-2.6-sunburst',
      size: '1024x640',
      quality: 'high',
      output_format: 'png',
      images: [file],
      markup: file,
      safety_identifier: expect.any(String),
    });
    const validate = validators?.('EditImageBodyJsonParam');
    if (validate !== undefined) expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
    const before = shop.simulator.requests.uploads;
    const again = await orderToEnd(shop.url, marked({ prompt: 'add another one' }));
    expect(again.call.status).toBe('COMPLETED');
    expect(shop.simulator.requests.uploads).toBe(before);
  });

  it('burns the strokes of the markup in, at their place', async () => {
    const { events } = await orderToEnd(shop.url, marked({ prompt: 'keep the strokes' }));
    const bytes = await fetchBytes(firstOf(events, 'ImageCompleted').image.url);
    const { data: pixel } = await sharp(bytes)
      .extract({ left: 100, top: 100, width: 1, height: 1 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([pixel[0], pixel[1], pixel[2]]).toEqual([255, 0, 0]);
  });

  it('is made again for a refinement, for several pictures at once, and with partial images', async () => {
    const { id } = await refine(shop.url, { imageId: source, prompt: 'x', markupImageId: markup, options: OPTIONS });
    await watchToEnd(shop.url, id);
    expect(await orderedCall(shop.url, id)).toMatchObject({ status: 'COMPLETED', markup: { id: markup } });
    const several = await orderToEnd(shop.url, marked({ count: 2 }));
    expect(several.call.images).toHaveLength(2);
    expect(shop.creates().at(-1)).toMatchObject({ path: '/v1/images/edits', body: { n: 2, markup: {} } });
    const options = { ...OPTIONS, partialImages: 1 };
    const { events } = await orderToEnd(shop.url, marked({ options }));
    expect(shop.creates().at(-1)).toMatchObject({
      path: '/v1/images/edits',
      body: { stream: true, partial_images: 1 },
    });
    expect(events.map(({ __typename }) => __typename)).toContain('PartialImageReceived');
  });

  it('is made from our own bytes of a picture that the upstream made', async () => {
    const first = await orderToEnd(shop.url, { prompt: 'a lake', options: OPTIONS });
    const imageId = first.call.images[0]?.id ?? '';
    const { id } = await refine(shop.url, { imageId, prompt: 'x', markupImageId: markup, options: OPTIONS });
    await watchToEnd(shop.url, id);
    expect(await orderedCall(shop.url, id)).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES' });
  });

  it('is repeated by a retry, with its markup', async () => {
    const { call } = await orderToEnd(shop.url, marked({ prompt: 'a boat [sim:moderation-input]' }));
    expect(call.status).toBe('FAILED');
    const again = await retry(shop.url, { callId: call.id });
    if (again.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(again));
    await watchToEnd(shop.url, again.call.id);
    expect(await orderedCall(shop.url, again.call.id)).toMatchObject({ markup: { id: markup } });
    expect(shop.creates().at(-1)).toMatchObject({ path: '/v1/images/edits', body: { markup: {} } });
  });

  it('is another input for its idempotency key', async () => {
    const input = marked({ idempotencyKey: 'a markup' });
    const first = await generate(shop.url, input);
    expect((await generate(shop.url, input)).id).toBe(first.id);
    const { markupImageId: _, ...without } = input;
    expect(await order(shop.url, without)).toMatchObject({ __typename: 'IdempotencyConflictError' });
    await watchToEnd(shop.url, first.id);
  });

  it('is estimated without a mainline model, and refused by the estimate as by the call', async () => {
    const { cost } = await estimate(shop.url, marked());
    expect(cost.lines.map(({ kind }) => kind).join()).not.toMatch(/MAINLINE/u);
    const { estimateGeneration } = await data(shop.url, Estimate, { input: marked({ sourceImageIds: [] }) });
    expect(estimateGeneration).toMatchObject({ code: 'INVALID_INPUT', fields: [{ field: 'markupImageId' }] });
  });
});

describe('a markup is refused, with nothing sent,', () => {
  it('over nothing, and together with a mask: both are told at once', async () => {
    expect(await refused(marked({ sourceImageIds: [], maskImageId: source }))).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [
        { field: 'markupImageId', message: expect.stringContaining('maskImageId') },
        { field: 'maskImageId', message: expect.stringContaining('sourceImageIds') },
        { field: 'markupImageId', message: expect.stringContaining('sourceImageIds') },
      ],
    });
    const input = { imageId: source, prompt: 'x', maskImageId: source, markupImageId: markup };
    expect((await data(shop.url, RefineImage, { input })).refineImage).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'markupImageId' }],
    });
  });

  it.each<[string, () => Promise<Sharp>, string]>([
    ['of another size', () => strokes(640, 1024), '1024x640; it has 640x1024.'],
    [
      'without a transparent pixel',
      async () => blank(1024, 640, 'red'),
      'is not a markup: it has no transparent pixels',
    ],
    ['with nothing on it', async () => blank(1024, 640, '#0000'), 'is not a markup: nothing is drawn on it'],
  ])('%s', async (_, draw, message) => {
    expect(await refused(marked({ markupImageId: await uploaded(await draw()) }))).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'markupImageId', message: expect.stringContaining(message) }],
    });
  });

  it.each([
    [{ model: 'gpt-image-2' }, 'markupImageId', 'The model gpt-image-2 does not support a markup'],
    [{ mainlineModel: 'gpt-5.4' }, 'options.mainlineModel', '(a markup is sent to this API alone)'],
    [{ completionWindow: 'WITHIN_2_HOURS' }, 'options.completionWindow', '(a markup is sent to this API alone)'],
  ] as const)('with %j', async (options, option, message) => {
    expect(await refused(marked({ options: { ...OPTIONS, ...options } }))).toMatchObject({
      __typename: 'UnsupportedOptionError',
      option,
      message: expect.stringContaining(message),
    });
  });

  it('where the Responses API is the only one, with the setting that helps', async () => {
    await using only = await openShop({ UPSTREAM_API: 'responses' });
    const bytes = await picture('teal', 1024, 640);
    const input = marked({
      sourceImageIds: [(await uploadPicture(only.url, bytes)).id],
      markupImageId: (await uploadPicture(only.url, await (await strokes()).png().toBuffer())).id,
    });
    expect(await refused(input, only)).toMatchObject({
      __typename: 'UnsupportedOptionError',
      option: 'markupImageId',
      message: expect.stringContaining('set UPSTREAM_API=both'),
    });
  });
});

describe('the purpose of an upload', () => {
  it('is a source unless it is said', async () => {
    expect((await uploadPicture(shop.url, await picture('red'))).purpose).toBe('SOURCE');
    const options = { purpose: 'MASK' } as const;
    expect((await uploadPicture(shop.url, await picture('red'), options)).purpose).toBe('MASK');
  });

  it('keeps masks and markups from being the cover, or what the next picture is made from', async () => {
    const { id, conversation } = await generate(shop.url, { prompt: 'a lake', options: OPTIONS });
    await watchToEnd(shop.url, id);
    const made = (await orderedCall(shop.url, id)).images[0]?.id;
    for (const purpose of ['MASK', 'MARKUP'] as const) {
      const options = { purpose, conversationId: conversation.id };
      const { conversation: shown } = await uploadPicture(shop.url, await picture('red', 1024, 640), options);
      expect(shown?.cover?.id).toBe(made);
    }
    const next = await generate(shop.url, { prompt: 'at dusk', conversationId: conversation.id, options: OPTIONS });
    await watchToEnd(shop.url, next.id);
    expect(await orderedCall(shop.url, next.id)).toMatchObject({ status: 'COMPLETED', route: 'PREVIOUS_RESPONSE' });
    const options = { purpose: 'SOURCE', conversationId: conversation.id } as const;
    const newest = await uploadPicture(shop.url, await picture('red', 1024, 640), options);
    expect(newest.conversation?.cover?.id).toBe(newest.id);
  });
});
