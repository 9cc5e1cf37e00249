/** What a picture was made from: named or implied, over conversations, and after something of it was deleted for good. */
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadPicture } from '../support/upload.ts';
import { openShop, retry, type Shop } from './orders.ts';
import { callDetails, firstOf, generate, picture, rawId, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ CONCURRENCY: '1' });
});
afterAll(() => shop?.[Symbol.asyncDispose]());

interface Traced {
  readonly sources: readonly string[];
  readonly lineage: readonly string[];
  readonly ancestors: readonly string[];
  readonly deletedSourceIds: readonly string[];
  readonly basedOn: string | null;
}

const IDS = 'edges { node { id } }';
const idsOf = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id);

async function traced(imageId: string): Promise<Traced> {
  const { image } = await ask<{ image: Json }>(
    `query ($id: ID!) { image(id: $id) { sources { id } lineage { id } ancestors { ${IDS} } deletedSourceIds
       call { sources { id } deletedSourceIds basedOn { id } } } }`,
    { id: imageId },
  );
  expect(image.call.sources).toEqual(image.sources);
  expect(image.call.deletedSourceIds).toEqual(image.deletedSourceIds);
  return {
    sources: idsOf(image.sources),
    lineage: idsOf(image.lineage),
    ancestors: image.ancestors.edges.map(({ node }) => node.id),
    deletedSourceIds: image.deletedSourceIds,
    basedOn: image.call.basedOn?.id ?? null,
  };
}

interface Json {
  readonly sources: readonly { readonly id: string }[];
  readonly lineage: readonly { readonly id: string }[];
  readonly ancestors: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
  readonly deletedSourceIds: readonly string[];
  readonly call: {
    readonly sources: readonly { readonly id: string }[];
    readonly deletedSourceIds: readonly string[];
    readonly basedOn: { readonly id: string } | null;
  };
}

async function ask<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

async function make(input: object = {}) {
  const { id } = await generate(shop.url, { prompt: 'a fox', options: { partialImages: 0 }, ...input });
  const imageId = firstOf(await watchToEnd(shop.url, id), 'ImageCompleted').image.id;
  return { callId: id, imageId, conversationId: (await callDetails(shop.url, id)).conversation.id };
}

describe('a call that goes on in a conversation', () => {
  it('says from which image, and has it among its sources and in its lineage', async () => {
    const first = await make();
    expect(await traced(first.imageId)).toMatchObject({ basedOn: null, sources: [], lineage: [first.imageId] });
    const second = await make({ conversationId: first.conversationId });
    const third = await make({ conversationId: first.conversationId });
    expect(await traced(third.imageId)).toEqual({
      basedOn: second.imageId,
      sources: [second.imageId],
      lineage: [first.imageId, second.imageId, third.imageId],
      ancestors: [second.imageId, first.imageId],
      deletedSourceIds: [],
    });
    const { image } = await ask<{ image: { refinements: Json['ancestors'] } }>(
      `query ($id: ID!) { image(id: $id) { refinements { ${IDS} } } }`,
      { id: first.imageId },
    );
    expect(image.refinements.edges.map(({ node }) => node.id)).toEqual([second.imageId]);
  });

  it('has chosen none before its first attempt', async () => {
    const first = await make();
    const busy = await generate(shop.url, { prompt: 'a slow fox [sim:duration=1500]' });
    const { id } = await generate(shop.url, { prompt: 'a fox', conversationId: first.conversationId });
    const query = 'query ($id: ID!) { generationCall(id: $id) { status basedOn { id } sources { id } } }';
    expect(await ask(query, { id })).toEqual({ generationCall: { status: 'QUEUED', basedOn: null, sources: [] } });
    await watchToEnd(shop.url, busy.id);
    await watchToEnd(shop.url, id);
    const basedOn = { id: first.imageId };
    expect(await ask(query, { id })).toMatchObject({ generationCall: { basedOn, sources: [basedOn] } });
  });

  it('is still based on the same image when it is retried later', async () => {
    const first = await make();
    const failed = await generate(shop.url, {
      prompt: 'a fox [sim:moderation-input]',
      conversationId: first.conversationId,
    });
    firstOf(await watchToEnd(shop.url, failed.id), 'GenerationFailed');
    await make({ conversationId: first.conversationId });
    const again = await retry(shop.url, { callId: failed.id });
    if (again.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(again));
    const { generationCall } = await ask<{ generationCall: object }>(
      'query ($id: ID!) { generationCall(id: $id) { basedOn { id } sources { id } } }',
      { id: again.call.id },
    );
    expect(generationCall).toEqual({ basedOn: { id: first.imageId }, sources: [{ id: first.imageId }] });
    await watchToEnd(shop.url, again.call.id);
  });

  it('names its sources itself, and is based on nothing else then', async () => {
    const first = await make();
    const upload = await uploadPicture(shop.url, await picture('teal'));
    const second = await make({ conversationId: first.conversationId, sourceImageIds: [upload.id] });
    expect(await traced(second.imageId)).toMatchObject({ basedOn: null, sources: [upload.id] });
  });
});

it('a lineage goes on over conversations, and is read in pages from both ends', async () => {
  const first = await make();
  const second = await make({ conversationId: first.conversationId });
  const third = await make({ sourceImageIds: [second.imageId] });
  expect(third.conversationId).not.toBe(first.conversationId);
  expect((await traced(third.imageId)).lineage).toEqual([first.imageId, second.imageId, third.imageId]);
  const query = `query ($id: ID!, $first: Int, $last: Int, $after: String, $before: String) { image(id: $id) {
    ancestors(first: $first, last: $last, after: $after, before: $before) {
      ${IDS} totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
  type Page = { image: { ancestors: Json['ancestors'] & { pageInfo: { startCursor: string; endCursor: string } } } };
  const page = async (args: object) => (await ask<Page>(query, { id: third.imageId, ...args })).image.ancestors;
  const nearest = await page({ first: 1 });
  expect(nearest).toMatchObject({
    edges: [{ node: { id: second.imageId } }],
    totalCount: 2,
    pageInfo: { hasNextPage: true },
  });
  const next = await page({ first: 1, after: nearest.pageInfo.endCursor });
  expect(next).toMatchObject({ edges: [{ node: { id: first.imageId } }], pageInfo: { hasNextPage: false } });
  const last = await page({ last: 1 });
  expect(last).toMatchObject({ edges: [{ node: { id: first.imageId } }], pageInfo: { hasPreviousPage: true } });
  expect(await page({ last: 1, before: last.pageInfo.startCursor })).toMatchObject({
    edges: [{ node: { id: second.imageId } }],
    pageInfo: { hasPreviousPage: false },
  });
});

/** Deletes an image for good, as far as its children see it. */
function purge(imageId: string): void {
  const database = new SQLite(join(shop.server.dataDir, 'darkroom.sqlite'));
  try {
    const id = rawId(imageId);
    database.pragma('foreign_keys = off');
    database.prepare('update call_sources set deleted_image_id = image_id, image_id = null where image_id = ?').run(id);
    database.prepare('update calls set context_image_id = null where context_image_id = ?').run(id);
    database.prepare('delete from images where id = ?').run(id);
  } finally {
    database.close();
  }
}

it.each(['named', 'implied'])(
  'a %s source that is deleted for good leaves its children, and a gap that says so',
  async (how) => {
    const first = await make();
    const second = await make({ conversationId: first.conversationId });
    const parent = how === 'named' ? { sourceImageIds: [second.imageId] } : { conversationId: first.conversationId };
    const third = await make(parent);
    const fourth = await make({ sourceImageIds: [third.imageId] });
    purge(second.imageId);
    expect(await traced(fourth.imageId)).toMatchObject({
      lineage: [third.imageId, fourth.imageId],
      ancestors: [third.imageId],
      deletedSourceIds: [],
    });
    expect(await traced(third.imageId)).toEqual({
      basedOn: null,
      sources: [],
      lineage: [third.imageId],
      ancestors: [],
      deletedSourceIds: [second.imageId],
    });
  },
);

it.each(['named', 'implied'])('a call whose %s source is deleted for good is not retried without it', async (how) => {
  const first = await make();
  const { conversationId } = first;
  const source = how === 'named' ? { sourceImageIds: [first.imageId] } : {};
  const failed = await generate(shop.url, { prompt: 'a fox [sim:moderation-input]', conversationId, ...source });
  firstOf(await watchToEnd(shop.url, failed.id), 'GenerationFailed');
  purge(first.imageId);
  expect(await retry(shop.url, { callId: failed.id })).toMatchObject({ __typename: 'NotRetryableError' });
});
