/** What a page needs to show a call before, while and after it is made. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WAYS_IN } from '../conformance/ways-in.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, type Shop } from './orders.ts';
import { generate, generateToEnd, picture, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ CONCURRENCY: '1' });
});
afterAll(() => shop?.[Symbol.asyncDispose]());

const post = WAYS_IN.find(({ name }) => name === 'small JSON POST');
async function ask(query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const payload = (await post?.send(shop.url, { query, variables }))?.payloads[0];
  if (payload?.data == null || payload.errors !== undefined) throw new Error(JSON.stringify(payload));
  return payload.data;
}

const QUICK = 'a fox [sim:duration=0]';

describe('of a call with several images', () => {
  it('each image has its index, in itself, in its event and in its partial images', async () => {
    const { id } = await generateToEnd(shop.url, { prompt: QUICK, count: 3, options: { partialImages: 1 } });
    const { generationCall } = await ask(
      `query ($id: ID!) {
        generationCall(id: $id) { images { id imageIndex call { id } } partialImages { id imageIndex index } }
      }`,
      { id },
    );
    expect(generationCall).toMatchObject({ images: [{ imageIndex: 0 }, { imageIndex: 1 }, { imageIndex: 2 }] });
    const events = (await watchedFields(id)).filter(({ image }) => image !== undefined);
    expect(events).toHaveLength(3);
    for (const { imageIndex, image } of events) expect(imageIndex).toBe(image?.imageIndex);
    expect(new Set(events.map(({ imageIndex }) => imageIndex))).toEqual(new Set([0, 1, 2]));
  });

  it('lists of images have it, too, when hardly anything else is read', async () => {
    const upload = await uploadPicture(shop.url, await picture('teal'));
    const { images } = (await ask('{ images { edges { node { id imageIndex } } } }')) as {
      images: { edges: { node: { id: string; imageIndex: number | null } }[] };
    };
    expect(
      images.edges
        .slice(1)
        .map(({ node }) => node.imageIndex)
        .toSorted(),
    ).toEqual([0, 1, 2]);
    expect(images.edges[0]?.node).toEqual({ id: upload.id, imageIndex: null });
  });
});

interface WatchedFields {
  readonly imageIndex?: number;
  readonly image?: { readonly imageIndex: number };
  readonly partial?: { readonly id: string };
}

async function watchedFields(callId: string): Promise<readonly WatchedFields[]> {
  const query = `subscription ($id: ID!) { generationEvents(callId: $id) {
    ... on ImageCompleted { imageIndex image { imageIndex } } ... on PartialImageReceived { partial { id } } } }`;
  const way = WAYS_IN.find(({ name }) => name === 'SSE');
  const { payloads } = (await way?.send(shop.url, { query, variables: { id: callId } })) ?? { payloads: [] };
  return payloads.map(({ data }) => (data as { generationEvents: WatchedFields }).generationEvents);
}

it('a partial image has one id, in events and in its call, and no node', async () => {
  const { id } = await generateToEnd(shop.url, { prompt: QUICK, options: { partialImages: 2 } });
  const { generationCall } = (await ask('query ($id: ID!) { generationCall(id: $id) { partialImages { id } } }', {
    id,
  })) as { generationCall: { partialImages: { id: string }[] } };
  const ids = generationCall.partialImages.map((partial) => partial.id);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
  const seen = (await watchedFields(id)).flatMap(({ partial }) => (partial === undefined ? [] : [partial.id]));
  expect(seen).toEqual(ids);
  expect(await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual({
    nodes: ids.map(() => null),
  });
});

describe('before the first bytes', () => {
  it('settings tell width and height, where the size does', async () => {
    const settingsOf = async (size: string | null) => {
      const { id } = await generate(shop.url, { prompt: QUICK, options: { size } });
      const query = 'query ($id: ID!) { generationCall(id: $id) { requested { size width height } } }';
      const { generationCall } = await ask(query, { id });
      await watchToEnd(shop.url, id);
      return generationCall;
    };
    expect(await settingsOf('1536x1024')).toEqual({ requested: { size: '1536x1024', width: 1536, height: 1024 } });
    expect(await settingsOf('auto')).toEqual({ requested: { size: 'auto', width: null, height: null } });
    expect(await settingsOf(null)).toEqual({ requested: { size: null, width: null, height: null } });
  });

  it('a call tells how long it may take, and no longer once it has ended', async () => {
    const query = `query ($id: ID!) {
      generationCall(id: $id) { endedAt completedAt expectedDuration { typicalMs slowMs basis samples } }
    }`;
    const held = await generate(shop.url, { prompt: 'a slow fox [sim:duration=2000]', options: { quality: 'HIGH' } });
    const { generationCall } = await ask(query, { id: held.id });
    expect(generationCall).toEqual({
      endedAt: null,
      completedAt: null,
      expectedDuration: { typicalMs: 60_000, slowMs: 120_000, basis: 'CATALOGUE', samples: 0 },
    });
    await watchToEnd(shop.url, held.id);
    const ended = (await ask(query, { id: held.id }))['generationCall'] as { endedAt: string; completedAt: string };
    expect(ended).toMatchObject({ expectedDuration: null, endedAt: expect.any(String) });
    expect(ended.completedAt).toBe(ended.endedAt);
  });
});

it('calls are filtered by `statuses`, and by `status` as before', async () => {
  const listed = async (filter: object) =>
    ask('query ($filter: GenerationCallFilter) { generationCalls(filter: $filter) { edges { node { status } } } }', {
      filter,
    });
  const completed = await listed({ statuses: ['COMPLETED'] });
  expect(JSON.stringify(completed)).toContain('COMPLETED');
  expect(await listed({ status: ['COMPLETED'] })).toEqual(completed);
  expect(JSON.stringify(await listed({ statuses: ['FAILED'], status: ['COMPLETED'] }))).not.toContain('COMPLETED');
});

it('images are ordered newest first when an order names no direction', async () => {
  const ids = async (orderBy: string) => ask(`{ images(first: 3, orderBy: { ${orderBy} }) { edges { node { id } } } }`);
  expect(await ids('field: CREATED_AT')).toEqual(await ids('field: CREATED_AT, direction: DESC'));
  expect(await ids('field: CREATED_AT')).not.toEqual(await ids('field: CREATED_AT, direction: ASC'));
});

it('every price and every cost has its currency', async () => {
  expect(await ask('{ models { prices { currency } } viewer { cost { currency } } }')).toMatchObject({
    models: expect.arrayContaining([{ prices: { currency: 'USD' } }]),
    viewer: { cost: { currency: 'USD' } },
  });
});
