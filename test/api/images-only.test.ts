/** UPSTREAM_API=images: what the Image API has no place for is refused, instead of being left out without a word. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerateImageInput } from '../support/gql/graphql.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, order, orderToEnd, type Shop } from './orders.ts';
import { countRows, generate, picture, watchToEnd } from './steps.ts';

let shop: Shop;
let source: string;
beforeAll(async () => {
  shop = await openShop({ UPSTREAM_API: 'images' });
  source = (await uploadPicture(shop.url, await picture('teal', 1024, 640))).id;
});
afterAll(() => shop[Symbol.asyncDispose]());

const state = () => ({ requests: shop.requests.length, rows: countRows(shop.server.dataDir) });

const REFUSED: readonly (readonly [GenerateImageInput['options'], option: string, allowed: string[]])[] = [
  [{ mainlineModel: 'gpt-5.4' }, 'mainlineModel', []],
  [{ inputFidelity: 'HIGH' }, 'inputFidelity', []],
  [{ format: 'SVG', partialImages: 1 }, 'partialImages', ['0']],
  [{ format: 'SVG', partialImages: 3 }, 'partialImages', ['0']],
];

describe('with the Image API alone', () => {
  it.each(REFUSED)('%j is refused, with nothing stored and nothing sent', async (options, name, allowed) => {
    const before = state();
    const refused = await order(shop.url, { prompt: 'a kite', options });
    expect(refused).toMatchObject({ __typename: 'UnsupportedOptionError', model: null, allowed });
    expect(refused).toMatchObject({
      option: `options.${name}`,
      message: expect.stringMatching(/^The Image API does/u),
    });
    expect(state()).toEqual(before);
  });

  it('an input fidelity is taken with a source, and with a picture to go on from', async () => {
    const options = { size: '1024x640', inputFidelity: 'LOW', partialImages: 0 } as const;
    const { call } = await orderToEnd(shop.url, { prompt: 'a kite', sourceImageIds: [source], options });
    expect(call.status).toBe('COMPLETED');

    const { id, conversation } = await generate(shop.url, { prompt: 'a boat [sim:http-400]' });
    await watchToEnd(shop.url, id);
    const on = { prompt: 'at night', conversationId: conversation.id, options };
    expect(await order(shop.url, on)).toMatchObject({ option: 'options.inputFidelity' });
    await uploadPicture(shop.url, await picture('navy', 1024, 640), { conversationId: conversation.id });
    const { call: next } = await orderToEnd(shop.url, on);
    expect(next).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES' });
    expect(shop.creates().at(-1)).toMatchObject({ path: '/v1/images/edits', body: { input_fidelity: 'low' } });
  });

  it('an SVG is drawn without the partial images that nobody chose, and of several each by itself', async () => {
    const before = shop.creates().length;
    const { call } = await orderToEnd(shop.url, { prompt: 'two kites', count: 2, options: { format: 'SVG' } });
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 1 });
    expect(call.images).toHaveLength(2);
    const bodies = shop
      .creates()
      .slice(before)
      .map(({ body }) => body);
    expect(bodies).toEqual(Array(2).fill(expect.objectContaining({ output_format: 'svg' })));
    for (const body of bodies)
      for (const name of ['n', 'stream', 'partial_images']) expect(body).not.toHaveProperty(name);
  });
});
