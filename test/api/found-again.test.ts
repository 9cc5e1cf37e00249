/** Filters, orders, search and counts of lists, as a frontend uses them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';
import { type ArchiveClient, archiveClient } from './archive-client.ts';
import { unknownId } from './steps.ts';

let server: RunningServer;
let client: ArchiveClient;
let stranger: ArchiveClient;

async function keyFor(dataDir: string, principal: string): Promise<string> {
  const args = ['keys', 'create', '--principal', principal, '--scopes', 'read,generate,upload,delete,cost'];
  return (await runMain(args, { DATA_DIR: dataDir })).stdout.trim();
}

beforeAll(async () => {
  const dataDir = await newDataDir();
  const keys = [await keyFor(dataDir, 'anna'), await keyFor(dataDir, 'bert')];
  server = await startServerHere({ dataDir, env: { AUTH: 'keys', SIMULATOR_DURATION_MS: '0' } });
  [client, stranger] = keys.map((key) => archiveClient(server.url, key)) as [ArchiveClient, ArchiveClient];
}, 30_000);
afterAll(() => server[Symbol.asyncDispose]());

interface Variables {
  readonly filter?: object;
  readonly orderBy?: object;
  readonly [name: string]: unknown;
}

const TYPES = { images: 'Image', conversations: 'Conversation', generationCalls: 'GenerationCall' } as const;
type Field = keyof typeof TYPES;

/** A list in each of its forms, which have to agree. */
async function list(field: Field, variables: Variables = {}, of = client): Promise<readonly string[]> {
  const type = TYPES[field];
  const data = await of.data(
    `query ($filter: ${type}Filter, $orderBy: ${type}Order) {
      ${field}(first: 100, filter: $filter, orderBy: $orderBy) { nodes { id } edges { node { id } } totalCount }
    }`,
    variables,
  );
  const ids = data[field].nodes.map(({ id }: { id: string }) => id);
  expect(data[field].edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids);
  expect(data[field].totalCount).toBe(ids.length);
  return ids;
}

const problemsOf = async (field: Field, variables: Variables) => {
  const type = TYPES[field];
  const { errors } = await client.send(
    `query ($filter: ${type}Filter, $orderBy: ${type}Order) { ${field}(filter: $filter, orderBy: $orderBy) { nodes { id } } }`,
    variables,
  );
  return errors[0].extensions.fields;
};

describe('a list of images', () => {
  it('is restricted by origin, so that a gallery has no uploads', async () => {
    const { imageId } = await client.make({ prompt: 'an origin' });
    const { id: uploadId } = (await client.upload(null)).data.uploadImage.image;
    expect(await list('images', { filter: { origin: 'GENERATED' } })).toContain(imageId);
    expect(await list('images', { filter: { origin: 'GENERATED' } })).not.toContain(uploadId);
    expect(await list('images', { filter: { origin: 'UPLOADED' } })).toEqual([uploadId]);
  });

  it('is restricted by favourite, tags in any letter case, format, model and time, alone and together', async () => {
    const first = await client.make({ prompt: 'properties', options: { format: 'WEBP' } });
    const second = await client.make({ prompt: 'properties' });
    const tags = ['Rot', 'blau ✓'];
    await client.run('updateImage', { imageId: first.imageId, favorite: true, addTags: tags });
    await client.run('updateImage', { imageId: second.imageId, addTags: ['rot'] });
    const { image } = await client.data(
      'query ($id: ID!) { image(id: $id) { createdAt format requested { model } actual { model } } }',
      { id: first.imageId },
    );
    const model = image.actual.model ?? image.requested.model;
    expect(image.format).toBe('WEBP');
    const only: readonly (readonly [filter: object, isSecond: boolean])[] = [
      [{ favorite: true }, false],
      [{ tags: ['ROT', 'rot'] }, true],
      [{ tags: ['rot', 'Blau ✓'] }, false],
      [{ formats: ['WEBP'] }, false],
      [{ formats: ['WEBP', 'PNG'] }, true],
      [{ models: [model, 'another'] }, true],
      [{ createdAfter: image.createdAt }, true],
      [{ createdBefore: image.createdAt }, false],
    ];
    for (const [filter, isSecond] of only) {
      const ids = await list('images', { filter: { ...filter, search: 'properties' } });
      const isFirst = !('createdAfter' in filter || 'createdBefore' in filter);
      expect([filter, ids]).toEqual([
        filter,
        [...(isSecond ? [second.imageId] : []), ...(isFirst ? [first.imageId] : [])],
      ]);
      const unsearched = await list('images', { filter });
      expect(ids.filter((id) => !unsearched.includes(id))).toEqual([]);
    }
    const all = Object.assign({}, ...only.map(([filter]) => filter), {
      createdAfter: undefined,
      createdBefore: undefined,
    });
    expect(await list('images', { filter: { ...all, formats: ['WEBP'] } })).toEqual([first.imageId]);
    expect(await list('images', { filter: { ...all, formats: ['JPEG'] } })).toEqual([]);
    expect(await list('images', { filter: { favorite: false, tags: ['rot'] } })).toEqual([second.imageId]);
  });

  it('finds nothing by one of no values, and everything by null, no tags, or a text without words', async () => {
    const everything = await list('images');
    expect(everything.length).toBeGreaterThan(0);
    for (const filter of [{ formats: [] }, { models: [] }]) expect(await list('images', { filter })).toEqual([]);
    for (const filter of [{ tags: [] }, { search: '' }, { search: '"*"' }, { search: null, origin: null }]) {
      expect(await list('images', { filter })).toEqual(everything);
    }
  });

  it('follows tags, the trash and what comes back', async () => {
    const { imageId } = await client.make({ prompt: 'a nightingale' });
    const found = (filter: object = {}) => list('images', { filter: { search: 'nightingale', ...filter } });
    expect(await found()).toEqual([imageId]);
    await client.run('updateImage', { imageId, addTags: ['Vögel'] });
    expect(await list('images', { filter: { search: 'nightingale vogel' } })).toEqual([imageId]);
    await client.run('updateImage', { imageId, tags: [] });
    expect(await list('images', { filter: { search: 'nightingale vogel' } })).toEqual([]);
    await client.run('deleteImage', { imageId });
    expect(await found()).toEqual([]);
    expect(await found({ deleted: true })).toEqual([imageId]);
    expect(await list('images', { filter: { deleted: true } })).toEqual([imageId]);
    await client.run('restoreImage', { imageId });
    expect(await found()).toEqual([imageId]);
    expect(await found({ deleted: true })).toEqual([]);
  });

  it('is sorted by relevance, or by creation in both directions', async () => {
    const long = await client.make({ prompt: 'a heron at the edge of a wide river in the first light of the day' });
    const short = await client.make({ prompt: 'a heron' });
    const middle = await client.make({ prompt: 'a heron at the river' });
    const sorted = (orderBy?: object) => list('images', { filter: { search: 'heron' }, ...(orderBy && { orderBy }) });
    expect(await sorted()).toEqual([middle.imageId, short.imageId, long.imageId]);
    expect(await sorted({ field: 'CREATED_AT', direction: 'ASC' })).toEqual([
      long.imageId,
      short.imageId,
      middle.imageId,
    ]);
    expect(await sorted({ field: 'RELEVANCE' })).toEqual([short.imageId, middle.imageId, long.imageId]);
    expect(await sorted({ field: 'RELEVANCE', direction: 'ASC' })).toEqual([
      long.imageId,
      middle.imageId,
      short.imageId,
    ]);
  });

  it('promise 10: finds and counts nothing of another principal', async () => {
    const { imageId } = await client.make({ prompt: 'a kingfisher' });
    await client.run('updateImage', { imageId, favorite: true, tags: ['kingfishers'] });
    for (const filter of [
      { search: 'kingfisher' },
      { search: 'kingfi' },
      { tags: ['kingfishers'] },
      { favorite: true },
      {},
    ]) {
      expect(await list('images', { filter }, stranger)).toEqual([]);
    }
    expect(await list('conversations', { filter: { search: 'kingfisher' } }, stranger)).toEqual([]);
    expect(await list('generationCalls', { filter: { search: 'kingfisher' } }, stranger)).toEqual([]);
  });

  it('says what is wrong with a filter or an order', async () => {
    const manyWords = Array.from({ length: 33 }, (_, index) => `word${index}`).join(' ');
    expect(await problemsOf('images', { filter: { search: 'x'.repeat(1_001) } })).toEqual([
      { field: 'filter.search', message: 'has 1001 characters; at most 1000 are allowed.' },
    ]);
    expect(await problemsOf('images', { filter: { search: manyWords } })).toEqual([
      { field: 'filter.search', message: expect.stringContaining('has 33 words; at most 32 are allowed.') },
    ]);
    expect(await problemsOf('images', { filter: { tags: manyWords.split(' ') } })).toEqual([
      { field: 'filter.tags', message: 'has 33 values; at most 20 are allowed.' },
    ]);
    expect(await problemsOf('images', { orderBy: { field: 'RELEVANCE' } })).toEqual([
      { field: 'orderBy.field', message: 'RELEVANCE requires `filter.search`.' },
    ]);
    expect(await problemsOf('generationCalls', { filter: { conversationId: unknownId('Image') } })).toEqual([
      { field: 'filter.conversationId', message: expect.any(String) },
    ]);
  });

  it('refuses a cursor of the same list with another filter or order', async () => {
    const query = `query ($after: String, $filter: ImageFilter, $orderBy: ImageOrder) {
      images(first: 1, after: $after, filter: $filter, orderBy: $orderBy) { pageInfo { endCursor } } }`;
    const filter = { search: 'heron' };
    const { images } = await client.data(query, { filter });
    const after = images.pageInfo.endCursor;
    expect((await client.data(query, { filter, after })).images.pageInfo.endCursor).not.toBeNull();
    for (const other of [{}, { filter: { search: 'river' } }, { filter, orderBy: { field: 'RELEVANCE' } }]) {
      const { errors } = await client.send(query, { ...other, after });
      expect(errors[0].extensions.fields).toEqual([
        { field: 'after', message: expect.stringContaining('filter or order') },
      ]);
    }
  });
});

describe('a list of calls', () => {
  it('is restricted by kind, statuses, words and time', async () => {
    const { imageId, callId, conversationId } = await client.make({ prompt: 'a lighthouse' });
    const { call } = await client.run('refineImage', { imageId, prompt: 'a lighthouse in the fog' });
    await client.ended(call.id);
    const found = (filter: object) => list('generationCalls', { filter: { search: 'lighthouse', ...filter } });
    expect(await found({})).toEqual([call.id, callId]);
    expect(await found({ kind: 'REFINE' })).toEqual([call.id]);
    expect(await found({ kind: 'REFINE', statuses: ['COMPLETED'] })).toEqual([call.id]);
    expect(await found({ statuses: ['FAILED', 'QUEUED', 'IN_PROGRESS'] })).toEqual([]);
    expect(await found({ statuses: [] })).toEqual([]);
    expect(await found({ createdBefore: '2020-01-01T00:00:00Z' })).toEqual([]);
    expect(
      await list('generationCalls', { filter: { conversationId, kind: 'REFINE', status: ['COMPLETED'] } }),
    ).toEqual([call.id]);
    expect(await list('generationCalls', { filter: { conversationId } })).toEqual([call.id, callId]);
    const orderBy = { field: 'RELEVANCE' };
    expect(await list('generationCalls', { filter: { search: 'lighthouse' }, orderBy })).toEqual([callId, call.id]);
  });
});

describe('a list of conversations', () => {
  it('has the one first that changed last; by creation, the newest', async () => {
    const older = await client.make({ prompt: 'a windmill' });
    const newer = await client.make({ prompt: 'a windmill' });
    const search = { search: 'windmill' };
    const [newest, oldest] = [newer.conversationId, older.conversationId];
    const sorted = async (orderBy?: object) => {
      const found = await list('conversations', { filter: search, ...(orderBy && { orderBy }) });
      const all = await list('conversations', { ...(orderBy && { orderBy }) });
      expect(all.filter((id) => found.includes(id))).toEqual(found);
      return found;
    };
    expect(await sorted()).toEqual([newest, oldest]);
    const { call } = await client.run('refineImage', { imageId: older.imageId, prompt: 'taller' });
    await client.ended(call.id);
    expect(await sorted()).toEqual([oldest, newest]);
    expect(await sorted({ field: 'UPDATED_AT', direction: 'ASC' })).toEqual([newest, oldest]);
    expect(await sorted({ field: 'CREATED_AT' })).toEqual([newest, oldest]);
  });

  it('is found by the title that it has now, and in the trash with its images and calls', async () => {
    const { conversationId, imageId } = await client.make({ prompt: 'a walrus' });
    await client.run('updateConversation', { conversationId, title: 'Über Robben' });
    const titled = (search: string) => list('conversations', { filter: { search } });
    expect(await titled('walrus')).toEqual([]);
    expect(await titled('uber robb')).toEqual([conversationId]);
    await client.run('deleteConversation', { conversationId });
    expect(await titled('robben')).toEqual([]);
    expect(await list('conversations', { filter: { deleted: true } })).toEqual([conversationId]);
    expect(await list('conversations', { filter: { deleted: true, search: 'robben' } })).toEqual([conversationId]);
    expect(await list('images', { filter: { search: 'walrus' } })).toEqual([]);
    expect(await list('images', { filter: { search: 'walrus', deleted: true } })).toEqual([imageId]);
    expect(await list('generationCalls', { filter: { search: 'walrus' } })).toEqual([]);
    await client.run('restoreConversation', { conversationId });
    expect(await titled('robben')).toEqual([conversationId]);
    expect(await list('images', { filter: { search: 'walrus' } })).toEqual([imageId]);
  });
});

describe('nested lists', () => {
  it('have nodes and counts, too', async () => {
    const { imageId, conversationId } = await client.make({ prompt: 'a pear' });
    const { call } = await client.run('refineImage', { imageId, prompt: 'riper' });
    await client.ended(call.id);
    const { conversation, image } = await client.data(
      `query ($conversation: ID!, $image: ID!) {
        conversation(id: $conversation) { images(first: 1) { nodes { id } totalCount } calls { totalCount } }
        image(id: $image) { refinements { nodes { id } totalCount } }
      }`,
      { conversation: conversationId, image: imageId },
    );
    expect(conversation).toEqual({ images: { nodes: [{ id: imageId }], totalCount: 2 }, calls: { totalCount: 2 } });
    expect(image.refinements).toMatchObject({ nodes: [{ id: expect.any(String) }], totalCount: 1 });
  });
});
