/** An upstream that may keep nothing: every turn carries our own bytes. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, orderedCall, orderToEnd, type Shop } from './orders.ts';
import { refine, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ UPSTREAM_STORE: 'off', UPSTREAM_FILES: 'on' });
});
afterAll(() => shop[Symbol.asyncDispose]());

it('is told to keep nothing, is named nothing that it made, and is left no files', async () => {
  const options = { size: '1024x640', format: 'JPEG', partialImages: 1 } as const;
  const { call } = await orderToEnd(shop.url, { prompt: 'a lighthouse', options });
  const [image] = call.images;
  const { id } = await refine(shop.url, { imageId: image?.id ?? '', prompt: 'at night', options });
  await watchToEnd(shop.url, id);
  const refined = await orderedCall(shop.url, id);
  expect(refined).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES', attempts: 1 });
  expect(shop.requests.map(({ path }) => path)).toEqual(['/v1/responses', '/v1/responses']);
  for (const { body } of shop.requests) {
    expect(body).toMatchObject({ store: false });
    expect(body).not.toHaveProperty('background');
    expect(body).not.toHaveProperty('previous_response_id');
  }
  expect(JSON.stringify(shop.requests[1]?.body)).toContain('data:image/jpeg;base64,');
});
