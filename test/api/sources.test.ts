/** Source pictures and masks: what is refused before anything is spent, and what goes up once. */
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data } from '../support/client.ts';
import { RefineImage } from '../support/documents.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, order, orderedCall, orderToEnd, type Shop } from './orders.ts';
import { generate, picture, refine, unknownId, watchToEnd } from './steps.ts';

let shop: Shop;
let source: string;
beforeAll(async () => {
  shop = await openShop();
  source = (await uploadPicture(shop.url, await picture('teal', 1024, 640))).id;
});
afterAll(() => shop[Symbol.asyncDispose]());

const OPTIONS = { size: '1024x640', format: 'JPEG', partialImages: 0 } as const;

/** A mask, all of it black or partly transparent. */
async function mask(
  width: number,
  height: number,
  background: string | { r: number; g: number; b: number; alpha: number },
) {
  const create = { width, height, channels: 4, background } as const;
  return (await uploadPicture(shop.url, await sharp({ create }).png().toBuffer())).id;
}

async function untouched<T>(play: () => Promise<T>): Promise<T> {
  const before = shop.requests.length;
  const outcome = await play();
  expect(shop.requests).toHaveLength(before);
  return outcome;
}

describe('what is refused, with nothing sent', () => {
  it('are more sources than the upstream takes', async () => {
    const sourceImageIds = Array.from({ length: 17 }, () => source);
    expect(await untouched(() => order(shop.url, { prompt: 'all in one', sourceImageIds }))).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'sourceImageIds', message: 'names 17 images; the upstream accepts at most 16.' }],
    });
  });

  it('is a source that is not there, or no picture', async () => {
    const nowhere = { prompt: 'a kite', sourceImageIds: [source, unknownId('Image')] };
    expect(await untouched(() => order(shop.url, nowhere))).toMatchObject({ __typename: 'NotFoundError' });
    const noPicture = { prompt: 'a kite', sourceImageIds: [source, unknownId('Conversation')] };
    expect(await untouched(() => order(shop.url, noPicture))).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'sourceImageIds.1' }],
    });
  });

  it('is a mask of another size, with both sizes', async () => {
    const maskImageId = await mask(640, 1024, 'black');
    const answer = await untouched(() =>
      data(shop.url, RefineImage, { input: { imageId: source, prompt: 'x', maskImageId } }),
    );
    expect(answer.refineImage).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [
        {
          field: 'maskImageId',
          message: 'must have the size of the image to edit as it is shown, 1024x640; it has 640x1024.',
        },
      ],
    });
  });

  it('is a mask that masks nothing', async () => {
    const input = { prompt: 'a kite', sourceImageIds: [source], maskImageId: source };
    expect(await untouched(() => order(shop.url, input))).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'maskImageId', message: expect.stringContaining('is not a mask') }],
    });
  });

  it('is a mask over nothing', async () => {
    const maskImageId = await mask(1024, 640, 'black');
    expect(await untouched(() => order(shop.url, { prompt: 'a kite', maskImageId }))).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'maskImageId', message: expect.stringContaining('sourceImageIds') }],
    });
  });
});

describe('a picture of more bytes than a data URL may hold', () => {
  let large: Buffer;
  beforeAll(async () => {
    const raw = { width: 2400, height: 2400, channels: 3 } as const;
    large = await sharp(randomBytes(2400 * 2400 * 3), { raw })
      .png({ compressionLevel: 0 })
      .toBuffer();
  });

  it('is refused where pictures are sent along, named or gone on from, with nothing sent', async () => {
    await using along = await openShop({ UPSTREAM_FILES: 'off' });
    const imageId = (await uploadPicture(along.url, large)).id;
    const message = expect.stringMatching(
      /^names an image of \d{8} bytes; the upstream accepts at most 15728622 as a/u,
    );
    expect(await order(along.url, { prompt: 'a copy', sourceImageIds: [imageId] })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'sourceImageIds', message }],
    });
    expect(await data(along.url, RefineImage, { input: { imageId, prompt: 'a copy' } })).toMatchObject({
      refineImage: { __typename: 'InvalidInputError', fields: [{ field: 'imageId', message }] },
    });
    const { id, conversation } = await generate(along.url, { prompt: 'a kite', options: OPTIONS });
    await watchToEnd(along.url, id);
    await uploadPicture(along.url, large, { conversationId: conversation.id });
    expect(await order(along.url, { prompt: 'on', conversationId: conversation.id })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'conversationId', message: expect.stringMatching(/^continues from an image of \d{8} bytes/u) }],
    });
    expect(along.creates()).toHaveLength(1);
  });

  it('is uploaded as a file otherwise', async () => {
    const imageId = (await uploadPicture(shop.url, large)).id;
    const { call } = await orderToEnd(shop.url, { prompt: 'a copy', sourceImageIds: [imageId], options: OPTIONS });
    expect(call.status).toBe('COMPLETED');
  });
});

describe('a file at the upstream', () => {
  it('goes up again when the upstream has lost it', async () => {
    const { call } = await orderToEnd(shop.url, {
      prompt: 'a copy [sim:forget-files]',
      sourceImageIds: [source],
      options: OPTIONS,
    });
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 1 });
    const before = shop.simulator.requests.uploads;
    const again = await orderToEnd(shop.url, { prompt: 'another copy', sourceImageIds: [source], options: OPTIONS });
    expect(again.call).toMatchObject({ status: 'COMPLETED', attempts: 2 });
    expect(shop.simulator.requests.uploads).toBe(before + 1);
  });

  it('holds an alpha mask as it is, and a black-and-white one made into one', async () => {
    const alpha = await mask(1024, 640, { r: 0, g: 0, b: 0, alpha: 0 });
    const { id } = await refine(shop.url, { imageId: source, prompt: 'a moon', maskImageId: alpha, options: OPTIONS });
    await watchToEnd(shop.url, id);
    expect(await orderedCall(shop.url, id)).toMatchObject({ status: 'COMPLETED', mask: { id: alpha } });
    expect(shop.creates().at(-1)?.body).toMatchObject({
      tools: [{ input_image_mask: { file_id: expect.stringMatching(/^file/u) } }],
    });
  });
});

describe('a prompt that is to go word for word', () => {
  it('is told to have been changed, when the mainline model changed it', async () => {
    const prompt = 'exactly so';
    const kept = await orderToEnd(shop.url, { prompt, verbatim: true, options: OPTIONS });
    expect(kept.call.images).toMatchObject([{ revisedPrompt: prompt, verbatim: true }]);
    await using rewriting = await openShop({}, { scenario: 'rewrites-anyway' });
    const changed = await orderToEnd(rewriting.url, { prompt, verbatim: true, options: OPTIONS });
    expect(changed.call).toMatchObject({ verbatim: true, images: [{ verbatim: false }] });
  });
});

describe('Azure OpenAI', () => {
  it('is asked at its own addresses, with its own key and version', async () => {
    await using azure = await openShop();
    const { origin } = new URL(azure.simulator.url);
    await using server = await startServerHere({
      env: { AZURE_OPENAI_ENDPOINT: origin, AZURE_OPENAI_API_KEY: 'azure-key', OPENAI_API_VERSION: '2026-10-01' },
    });
    const { call } = await orderToEnd(server.url, { prompt: 'a kite', options: { ...OPTIONS, partialImages: 1 } });
    expect(call.status).toBe('COMPLETED');
    const [request] = azure.creates();
    expect(request?.path).toMatch(/^\/openai\/.*responses\?api-version=2026-10-01$/u);
    expect(request?.headers).toMatchObject({ 'api-key': 'azure-key' });
  });
});

describe('an account with an organisation, a project and headers of its own', () => {
  it('is named with every request', async () => {
    await using own = await openShop({
      OPENAI_ORG_ID: 'org-1',
      OPENAI_PROJECT_ID: 'proj-1',
      OPENAI_CUSTOM_HEADERS: 'x-team: pictures\nx-route: fast',
    });
    await orderToEnd(own.url, { prompt: 'a kite', sourceImageIds: [], options: OPTIONS });
    expect(own.requests[0]?.headers).toMatchObject({
      'openai-organization': 'org-1',
      'openai-project': 'proj-1',
      'x-team': 'pictures',
      'x-route': 'fast',
    });
  });
});
