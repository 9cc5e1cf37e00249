/** Several pictures of one call: together where that can be, otherwise side by side; what came is kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import { isObject } from '../support/json.ts';
import {
  base64,
  errorReply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { openShop, order, orderedCall, orderToEnd, retry, type Shop } from './orders.ts';
import { allOf, eventually, picture, typesOf, watchToEnd } from './steps.ts';
import { createsOf, startServerAt } from './upstreams.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ UPSTREAM_BACKGROUND: 'on' });
});
afterAll(() => shop[Symbol.asyncDispose]());

const SMALL = { size: '1024x640', format: 'JPEG' } as const;

async function made(input: Parameters<typeof orderToEnd>[1]) {
  const before = shop.creates().length;
  const { call, events } = await orderToEnd(shop.url, input);
  return { call, events, creates: shop.creates().slice(before) };
}

describe('a call for several pictures', () => {
  it('without partials is one request of the Image API', async () => {
    const { call, creates } = await made({ prompt: 'four kites', count: 4, options: { ...SMALL, partialImages: 0 } });
    expect(creates.map(({ path }) => path)).toEqual(['/v1/images/generations']);
    expect(creates[0]?.body).toMatchObject({ n: 4, prompt: 'four kites', size: '1024x640', output_format: 'jpeg' });
    expect(call).toMatchObject({ status: 'COMPLETED', count: 4, failures: [], failure: null });
    expect(call.images).toHaveLength(4);
    expect(call.images.every(({ verbatim }) => verbatim === true)).toBe(true);
  });

  it('with partials is a request for each, side by side, each with its stages', async () => {
    const { call, events, creates } = await made({
      prompt: 'three kites',
      count: 3,
      options: { ...SMALL, partialImages: 2 },
    });
    expect(creates.map(({ path }) => path)).toEqual(Array(3).fill('/v1/responses'));
    expect(call.images).toHaveLength(3);
    expect(call.partialImages.map(({ imageIndex, index }) => `${imageIndex}/${index}`)).toEqual([
      '0/0',
      '0/1',
      '1/0',
      '1/1',
      '2/0',
      '2/1',
    ]);
    expect(typesOf(events).filter((type) => type === 'GenerationStarted')).toHaveLength(1);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(new Set(call.images.map(({ id }) => id)).size).toBe(3);
  });

  it('keeps what came when others fail, and tells of each', async () => {
    const { call, events } = await made({
      prompt: 'four lamps [sim:every-other-moderated]',
      count: 4,
      options: { ...SMALL, partialImages: 1 },
    });
    expect(call.status).toBe('COMPLETED');
    expect(call.images).toHaveLength(2);
    expect(call.failure).toBeNull();
    expect(call.failures.map(({ failure }) => failure.code)).toEqual(['MODERATION_BLOCKED', 'MODERATION_BLOCKED']);
    const told = allOf(events, 'ImageFailed').map(({ imageIndex }) => imageIndex);
    expect(told.toSorted()).toEqual(call.failures.map(({ imageIndex }) => imageIndex).toSorted());
    expect(typesOf(events).at(-1)).toBe('GenerationCompleted');
  });

  it('fails when none came, with the failure of each', async () => {
    const { call } = await made({
      prompt: 'two bells [sim:failed]',
      count: 2,
      options: { ...SMALL, partialImages: 1 },
    });
    expect(call).toMatchObject({ status: 'FAILED', images: [], failure: { code: 'UPSTREAM_UNAVAILABLE' } });
    expect(call.failures.map(({ imageIndex }) => imageIndex).toSorted()).toEqual([0, 1]);
  });

  it('tries again only what was turned away', async () => {
    const { call, events, creates } = await made({
      prompt: 'four bells [sim:every-other-rate-limited-once]',
      count: 4,
      options: { ...SMALL, partialImages: 1 },
    });
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 2, failures: [] });
    expect(call.images).toHaveLength(4);
    expect(typesOf(events).filter((type) => type === 'GenerationRetrying')).toHaveLength(1);
    expect(creates).toHaveLength(6);
    // A new picture builds upon nothing, and so does each of several, however late it is made.
    for (const { body } of creates) expect(body).not.toHaveProperty('previous_response_id');
  });

  it('is completed by fewer pictures than were asked for together, and says which are missing', async () => {
    const { call } = await made({
      prompt: 'four doors [sim:fewer-pictures]',
      count: 4,
      options: { ...SMALL, partialImages: 0 },
    });
    expect(call.images).toHaveLength(3);
    expect(call.failures).toMatchObject([{ imageIndex: 3, failure: { code: 'NO_IMAGE' } }]);
  });

  it('is asked for once more where pictures are missing, and only for these', async () => {
    const first = await made({
      prompt: 'four gates [sim:fewer-pictures]',
      count: 4,
      options: { ...SMALL, partialImages: 0 },
    });
    const again = await retry(shop.url, { callId: first.call.id });
    if (again.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(again));
    await watchToEnd(shop.url, again.call.id);
    const call = await orderedCall(shop.url, again.call.id);
    expect(call).toMatchObject({ count: 1, status: 'COMPLETED', retryOf: { id: first.call.id }, route: null });
    expect(shop.creates().at(-1)?.body).not.toHaveProperty('previous_response_id');
  });

  it.each([0, 11, -1])('is refused for %i pictures, before anything is sent', async (count) => {
    const before = shop.requests.length;
    expect(await order(shop.url, { prompt: 'kites', count })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'count' }],
    });
    expect(shop.requests).toHaveLength(before);
  });

  it('goes on from one of its pictures by the response that made it', async () => {
    const { call } = await made({ prompt: 'two boats', count: 2, options: { ...SMALL, partialImages: 1 } });
    const [, second] = call.images;
    const { creates, call: refined } = await made({
      prompt: 'at night',
      sourceImageIds: [second?.id ?? ''],
      options: { ...SMALL, partialImages: 0 },
    });
    expect(refined.route).toBe('PREVIOUS_RESPONSE');
    const body = creates[0]?.body;
    const previous = isObject(body) ? body['previous_response_id'] : null;
    expect(previous).toEqual(expect.stringMatching(/^resp_/u));
  });
});

describe('pictures that are asked for together', () => {
  it.each([
    ['have all of the time of their call, however long nothing is heard', '20000', { status: 'COMPLETED' }],
    ['have no more than that', '1000', { status: 'FAILED', failure: { code: 'TIMED_OUT' } }],
  ])('%s', async (_, limitMs, end) => {
    const bytes = await picture('teal');
    const document = JSON.stringify({ data: Array(2).fill({ b64_json: base64(bytes) }) });
    const headers = { 'content-type': 'application/json' };
    const upstream = await startScriptedUpstream(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return { headers, writes: [document] };
    });
    const env = { UPSTREAM_API: 'both', UPSTREAM_IDLE_TIMEOUT_MS: '300', GENERATION_TIMEOUT_MS: limitMs };
    await using server = await startServerAt(upstream, { env });
    const { call } = await orderToEnd(server.url, { prompt: 'two kites', count: 2, options: { partialImages: 0 } });
    expect(call).toMatchObject(end);
    await upstream.close();
  });
});

describe('pictures by the Image API alone', () => {
  it('come with their stages, each in a request of its own, or all together without', async () => {
    await using other = await openShop({ UPSTREAM_API: 'images' });
    const two = { prompt: 'two kites', count: 2 };
    const staged = await orderToEnd(other.url, { ...two, options: { ...SMALL, partialImages: 1 } });
    expect(other.creates().map(({ path }) => path)).toEqual(Array(2).fill('/v1/images/generations'));
    expect(staged.call).toMatchObject({ status: 'COMPLETED', partialImages: [{ imageIndex: 0 }, { imageIndex: 1 }] });
    await orderToEnd(other.url, { ...two, options: { ...SMALL, partialImages: 0 } });
    expect(other.creates()).toHaveLength(3);
  });

  it('are billed by the model that was asked for, and nobody says that it was used', async () => {
    const model = 'gpt-image-2-2026-04-21';
    await using other = await openShop({ UPSTREAM_API: 'images', OPENAI_IMAGE_MODEL: model });
    const two = { prompt: 'two kites', count: 2, options: { ...SMALL, partialImages: 0 } };
    const { call } = await orderToEnd(other.url, two);
    expect(other.creates()).toMatchObject([{ body: { model } }]);
    expect(call.images.map(({ actual }) => actual)).toMatchObject(Array(2).fill({ model: null, format: 'JPEG' }));
    expect(call).toMatchObject({ usage: { image: { model: null } }, cost: { basis: 'REPORTED', complete: true } });
    expect(new Set(call.cost?.lines.map((line) => line.model))).toEqual(new Set([model]));
  });

  it('are changed by their bytes', async () => {
    await using other = await openShop({ UPSTREAM_API: 'images' });
    const options = { ...SMALL, partialImages: 1 };
    const { call } = await orderToEnd(other.url, { prompt: 'a kite', options });
    const sourceImageIds = call.images.map(({ id }) => id);
    const changed = await orderToEnd(other.url, { prompt: 'in the rain', sourceImageIds, options });
    expect(changed.call).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES' });
    expect(changed.call.partialImages).toHaveLength(1);
    expect(other.creates().map(({ path }) => path)).toEqual(['/v1/images/generations', '/v1/images/edits']);
  });
});

describe('several pictures that are cancelled', () => {
  it('keep what was finished before', async () => {
    const bytes = await picture('teal');
    const upstream = await startScriptedUpstream((_, nth) =>
      nth > 0
        ? { writes: [{ delayMs: 60_000 }] }
        : streamReply(recordedEvents({ pictures: [{ bytes, partials: [], itemId: 'ig_0' }] })),
    );
    await using server = await startServerAt(upstream);
    const accepted = await order(server.url, { prompt: 'two kites', count: 2, options: { partialImages: 1 } });
    if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
    const { id } = accepted.call;
    await eventually('the first picture', async () => (await orderedCall(server.url, id)).images[0]);
    await data(server.url, CancelGeneration, { input: { callId: id } });
    const call = await orderedCall(server.url, id);
    expect(call.status).toBe('CANCELLED');
    expect(call.images).toHaveLength(1);
    const again = await retry(server.url, { callId: id });
    if (again.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(again));
    expect((await orderedCall(server.url, again.call.id)).count).toBe(1);
    await upstream.close();
  });
});

describe('an upstream that does not make several in one request', () => {
  it('is asked for each instead, and that is remembered', async () => {
    const bytes = await picture('teal');
    const upstream = await startScriptedUpstream(({ path }, nth) => {
      if (path.startsWith('/v1/images')) return errorReply(404, { message: 'Not found' });
      return streamReply(
        recordedEvents({ responseId: `resp_${nth}`, pictures: [{ bytes, partials: [], itemId: `ig_${nth}` }] }),
      );
    });
    await using server = await startServerAt(upstream, { env: { UPSTREAM_API: 'both' } });
    const input = { prompt: 'two kites', count: 2, options: { partialImages: 0 } };
    const { call } = await orderToEnd(server.url, input);
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 2, failures: [] });
    expect(call.images).toHaveLength(2);
    expect(createsOf(upstream).map(({ path }) => path)).toEqual([
      '/v1/images/generations',
      '/v1/responses',
      '/v1/responses',
    ]);
    expect((await orderToEnd(server.url, input)).call.attempts).toBe(1);
    await upstream.close();
  });

  it('is asked for each by the Image API where that is the only one', async () => {
    const bytes = base64(await picture('teal'));
    const upstream = await startScriptedUpstream(({ body }) =>
      'n' in body
        ? errorReply(400, { code: 'unsupported_parameter', param: 'n', message: 'Only one picture.' })
        : {
            headers: { 'content-type': 'application/json' },
            writes: [JSON.stringify({ data: [{ b64_json: bytes }] })],
          },
    );
    await using server = await startServerAt(upstream, { env: { UPSTREAM_API: 'images' } });
    const input = { prompt: 'two kites', count: 2, options: { partialImages: 0 } };
    const { call } = await orderToEnd(server.url, input);
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 2, failures: [] });
    expect(createsOf(upstream)).toHaveLength(3);
    await upstream.close();
  });

  it('fails at once where one picture cannot be asked for either', async () => {
    const upstream = await startScriptedUpstream(() => errorReply(404, { message: 'Not found' }));
    await using server = await startServerAt(upstream, { env: { UPSTREAM_API: 'images' } });
    const { call } = await orderToEnd(server.url, { prompt: 'a kite', options: { partialImages: 0 } });
    expect(call).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'INVALID_REQUEST' } });
    await upstream.close();
  });
});
