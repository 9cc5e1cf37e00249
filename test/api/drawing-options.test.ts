/** Complexity, the frames of a GIF, the author of an SVG and completion windows, from the input to what is told of the image. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageOptionsInput } from '../support/gql/graphql.ts';
import { openShop, order, orderToEnd, type Shop } from './orders.ts';
import { fetchBytes, firstOf } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

const SETTINGS = 'complexity frameCount frameDurationMs partialImages completionWindow svg { model reasoningEffort }';

/** The image of an order, with what was asked and what the upstream says it did. */
async function made(options: ImageOptionsInput) {
  const { events, call } = await orderToEnd(shop.url, { prompt: 'a kite', options });
  expect(call.status).toBe('COMPLETED');
  const { id, url } = firstOf(events, 'ImageCompleted').image;
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `query ($id: ID!) { image(id: $id) { purpose requested { ${SETTINGS} } actual { ${SETTINGS} } } }`,
      variables: { id },
    }),
  });
  const { data } = await response.json();
  return { ...data.image, bytes: await fetchBytes(url) };
}

describe('an image', () => {
  it('is a GIF of the frames that were asked for', async () => {
    const asked = { frameCount: 4, frameDurationMs: 120, complexity: 'LOW' } as const;
    const { bytes, requested, actual, purpose } = await made({ format: 'GIF', ...asked });
    expect(requested).toMatchObject({ ...asked, partialImages: 0, svg: null, completionWindow: null });
    expect(actual).toMatchObject(asked);
    expect(purpose).toBeNull();
    expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({ pages: 4, delay: [120, 120, 120, 120] });
  });

  it('is an SVG by the author that was asked for', async () => {
    const svg = { model: 'gpt-5.5', reasoningEffort: 'LOW' } as const;
    const { requested, actual } = await made({ format: 'SVG', partialImages: 0, svg });
    expect(requested).toMatchObject({ svg, frameCount: null, complexity: null });
    expect(actual).toMatchObject({ svg, frameCount: null, frameDurationMs: null });
  });

  it('keeps no trace of the options of another format', async () => {
    const { requested, actual } = await made({ format: 'PNG', partialImages: 0, svg: {} });
    expect(requested).toMatchObject({ svg: null });
    expect(actual).toMatchObject({ svg: null, frameCount: null, frameDurationMs: null });
  });
});

describe('a completion window of hours', () => {
  const options = { completionWindow: 'WITHIN_2_HOURS' } as const;

  it.each([
    [{ UPSTREAM_STORE: 'off' }, 'set UPSTREAM_STORE=on.'],
    [{ UPSTREAM_API: 'images' }, 'set UPSTREAM_API=both.'],
  ])('is refused with %j, which is told with what would help, and nothing is sent', async (env, words) => {
    await using own = await openShop(env);
    expect(await order(own.url, { prompt: 'a kite', options })).toMatchObject({
      __typename: 'UnsupportedOptionError',
      code: 'UNSUPPORTED_OPTION',
      model: null,
      option: 'options.completionWindow',
      allowed: ['SOONEST'],
      message: expect.stringContaining(words),
    });
    expect(own.requests).toEqual([]);
  });

  it('has no partial images: those that were chosen are refused', async () => {
    expect(await order(shop.url, { prompt: 'a kite', options: { ...options, partialImages: 3 } })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [
        {
          field: 'options.partialImages',
          message: 'must be 0 with the completion window WITHIN_2_HOURS, not 3.',
        },
      ],
    });
  });
});
