/** Favourites, tags, and images in the trash, as a client sees them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_TAGS } from '../../src/domain/images/image-tags.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, runMain } from '../support/server.ts';
import { type ArchiveClient, archiveClient } from './archive-client.ts';
import { openDatabase, unknownId } from './steps.ts';

let server: RunningServer;
let key: string;
let client: ArchiveClient;

async function keyFor(dataDir: string, principal: string, scopes: string): Promise<string> {
  const args = ['keys', 'create', '--principal', principal, '--scopes', scopes];
  return (await runMain(args, { DATA_DIR: dataDir })).stdout.trim();
}

beforeAll(async () => {
  const dataDir = await newDataDir();
  key = await keyFor(dataDir, 'anna', 'read,generate,upload,delete,cost,admin');
  server = await startServerHere({ dataDir, env: { AUTH: 'keys', SIMULATOR_DURATION_MS: '0' } });
  client = archiveClient(server.url, key);
}, 30_000);
afterAll(() => server[Symbol.asyncDispose]());

/** What the log of the viewer gets while `work` runs. The database tells how many events there are to wait for. */
async function eventsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = countEvents();
  await work();
  const messages = await client.follow('subscription { viewerEvents { __typename } }', {}, countEvents());
  return messages.slice(before).map(({ data }) => data.viewerEvents.__typename);
}

function countEvents(): number {
  using database = openDatabase(server.dataDir);
  return Number(database.prepare('select count(*) from events').pluck().get());
}

describe('the tags in use', () => {
  const tags = async (args = '') => (await client.data(`{ tags${args} { name imageCount } }`)).tags;

  it('are listed with how many images have them, without those in the trash', async () => {
    const [one, other] = [await client.make(), await client.make()];
    await client.run('updateImage', { imageId: one.imageId, addTags: ['Posters of mine', 'portraits'] });
    await client.run('updateImage', { imageId: other.imageId, addTags: ['posters of mine'] });
    expect(await tags('(prefix: " Posters  OF")')).toEqual([{ name: 'posters of mine', imageCount: 2 }]);
    expect((await tags('(prefix: "po", orderBy: NAME)'))[0]).toEqual({ name: 'portraits', imageCount: 1 });
    await client.run('deleteConversation', { conversationId: one.conversationId });
    expect(await tags('(prefix: "po")')).toEqual([{ name: 'posters of mine', imageCount: 1 }]);
    await client.run('restoreConversation', { conversationId: one.conversationId });
    expect(await tags('(prefix: "po", first: 1)')).toEqual([{ name: 'posters of mine', imageCount: 2 }]);
  });

  it('of a client token are those of its conversation', async () => {
    const [one, other] = [await client.make(), await client.make()];
    await client.run('updateImage', { imageId: one.imageId, addTags: ['within'] });
    await client.run('updateImage', { imageId: other.imageId, addTags: ['without'] });
    const { conversationId } = one;
    const { createClientToken: answer } = await client.data(
      `mutation ($input: CreateClientTokenInput!) { createClientToken(input: $input) {
        ... on CreateClientTokenSuccess { clientToken { token } } ... on Error { message } } }`,
      { input: { conversationId, scopes: ['READ'] } },
    );
    const restricted = archiveClient(server.url, answer.clientToken.token);
    expect((await restricted.data('{ tags { name imageCount } }')).tags).toEqual([{ name: 'within', imageCount: 1 }]);
  });

  it('are at most a hundred', async () => {
    await expect(tags('(first: 101)')).rejects.toThrow('must be 0 to 100, not 101');
  });
});

describe('a favourite', () => {
  it('is set and unset; repeating it changes nothing, and tells nobody', async () => {
    const { imageId } = await client.make();
    const events = await eventsOf(async () => {
      const set = await client.run('updateImage', { imageId, favorite: true });
      expect(set).toMatchObject({ __typename: 'UpdateImageSuccess', image: { id: imageId, favorite: true, tags: [] } });
      await client.run('updateImage', { imageId, favorite: true });
      await client.run('updateImage', { imageId });
      const unset = await client.run('updateImage', { imageId, favorite: false });
      expect(unset.image.favorite).toBe(false);
    });
    expect(events).toEqual(['ImageUpdated', 'ImageUpdated']);
  });

  it('does not move its conversation to the top', async () => {
    const { imageId, conversationId } = await client.make();
    const read = async () =>
      (await client.data('query ($id: ID!) { conversation(id: $id) { updatedAt } }', { id: conversationId }))
        .conversation.updatedAt;
    const before = await read();
    await client.run('updateImage', { imageId, favorite: true, tags: ['kite'] });
    await client.run('updateConversation', { conversationId, title: 'renamed' });
    await client.run('deleteImage', { imageId });
    await client.run('restoreImage', { imageId });
    expect(await read()).toBe(before);
    await client.upload(conversationId);
    expect(Date.parse(await read())).toBeGreaterThan(Date.parse(before));
  });
});

describe('tags', () => {
  it('are a set in lower case, in one order, and found again in every list', async () => {
    const { imageId } = await client.make();
    const { image } = await client.run('updateImage', { imageId, tags: ['Zebra', ' kite', 'KITE', 'Cafe\u0301'] });
    expect(image.tags).toEqual(['caf\u00e9', 'kite', 'zebra']);
    const { images } = await client.data('{ images(first: 1) { edges { node { id tags favorite deletedAt } } } }');
    expect(images.edges[0].node).toEqual({ id: imageId, tags: image.tags, favorite: false, deletedAt: null });
    expect((await client.run('updateImage', { imageId, tags: [] })).image.tags).toEqual([]);
  });

  it('of two tabs that change the same image at once are kept, when they are added and removed', async () => {
    const { imageId } = await client.make();
    const tabs = Array.from({ length: 12 }, (_, tab) => `tab ${String(tab).padStart(2, '0')}`);
    await client.run('updateImage', { imageId, tags: ['old'] });
    await Promise.all([
      ...tabs.map((tag) => client.run('updateImage', { imageId, addTags: [tag] })),
      client.run('updateImage', { imageId, removeTags: ['OLD'] }),
      client.run('updateImage', { imageId, favorite: true }),
    ]);
    const { image } = await client.run('updateImage', { imageId });
    expect(image).toMatchObject({ tags: tabs, favorite: true });
  });

  it('are refused when they are blank, too long, or too many, and nothing is changed', async () => {
    const { imageId } = await client.make();
    const refused = await client.run('updateImage', {
      imageId,
      favorite: true,
      tags: ['kite', ' '],
      addTags: ['x'.repeat(65)],
    });
    expect(refused.fields.map(({ field }: { field: string }) => field)).toEqual(['tags.1', 'addTags.0']);
    const many = Array.from({ length: MAX_TAGS }, (_, tag) => `tag ${tag}`);
    // Too many for any image: the field is theirs, and no image of a list is asked.
    for (const [field, input] of Object.entries({
      tags: { tags: [...many, 'one more'] },
      addTags: { addTags: [...many, 'one more'] },
    })) {
      const each = await client.run('updateImage', { imageId, ...input });
      expect(each).toMatchObject({ __typename: 'InvalidInputError', fields: [{ field }] });
      expect(await client.run('updateImages', { imageIds: [imageId], ...input })).toEqual(each);
    }
    expect((await client.run('updateImage', { imageId })).image.tags).toEqual([]);
    expect((await client.run('updateImage', { imageId, tags: many })).image.tags).toHaveLength(MAX_TAGS);
    expect(await client.run('updateImage', { imageId, addTags: ['one more'], favorite: true })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'imageId' }],
    });
    expect((await client.run('updateImage', { imageId })).image).toMatchObject({ favorite: false });
  });
});

describe('an image in the trash', () => {
  it('is in no list, is still found by its id and URL, and comes back as it was', async () => {
    const { imageId, callId, conversationId, images } = await client.make();
    await client.run('updateImage', { imageId, favorite: true, tags: ['kite'] });
    const deleted = await client.run('deleteImage', { imageId });
    expect(deleted).toMatchObject({ __typename: 'DeleteImageSuccess', deletedId: imageId, image: { id: imageId } });
    expect(deleted.image.deletedAt).not.toBeNull();
    expect((await client.listed()).images).not.toContain(imageId);
    expect((await client.readCall(callId)).images).toEqual([]);
    const query = `query ($image: ID!, $conversation: ID!) { image(id: $image) { url deletedAt purgesAt }
      conversation(id: $conversation) { cover { id } images { edges { node { id } } } } }`;
    const read = await client.data(query, { image: imageId, conversation: conversationId });
    expect(read.image.deletedAt).toBe(deleted.image.deletedAt);
    expect(Date.parse(read.image.purgesAt) - Date.parse(read.image.deletedAt)).toBe(30 * 24 * 60 * 60 * 1000);
    expect(read.conversation).toEqual({ cover: null, images: { edges: [] } });
    expect((await fetch(images[0].url)).status).toBe(200);

    const restored = await client.run('restoreImage', { imageId });
    expect(restored.image).toEqual({ id: imageId, favorite: true, tags: ['kite'], deletedAt: null });
    expect((await client.listed()).images).toContain(imageId);
    expect((await client.readCall(callId)).images).toMatchObject([{ id: imageId }]);
  });

  it('is deleted once and restored once, however often it is asked for', async () => {
    const { imageId } = await client.make();
    const events = await eventsOf(async () => {
      const first = await client.run('deleteImage', { imageId });
      expect(await client.run('deleteImage', { imageId })).toEqual(first);
      const restored = await client.run('restoreImage', { imageId });
      expect(await client.run('restoreImage', { imageId })).toEqual(restored);
    });
    expect(events).toEqual(['ImageDeleted', 'ImageRestored']);
  });

  it('is not changed, refined, built upon or used as a mask; the error says what to restore', async () => {
    const { imageId, conversationId } = await client.make();
    const other = await client.make({ conversationId });
    await client.run('deleteImage', { imageId });
    const inTrash = (field: string) => ({
      __typename: 'InTrashError',
      code: 'IN_TRASH',
      field,
      imageId,
      conversationId: null,
    });
    const prompt = 'more wind';
    expect(await client.run('updateImage', { imageId, favorite: true })).toMatchObject(inTrash('imageId'));
    expect(await client.run('refineImage', { imageId, prompt })).toMatchObject(inTrash('imageId'));
    expect(await client.run('refineImage', { imageId: other.imageId, prompt, maskImageId: imageId })).toMatchObject(
      inTrash('maskImageId'),
    );
    const composed = { prompt, sourceImageIds: [other.imageId, imageId] };
    expect(await client.run('generateImage', composed)).toMatchObject(inTrash('sourceImageIds'));
    // An estimate answers as the mutation would.
    expect(await client.estimate(composed)).toMatchObject(inTrash('sourceImageIds'));
    expect(await client.estimate({ imageId })).toMatchObject(inTrash('imageId'));
    // What was made from it stays, with a source that says where it is.
    const { image } = await client.data('query ($id: ID!) { image(id: $id) { id deletedAt } }', { id: other.imageId });
    expect(image.deletedAt).toBeNull();
  });

  it('is not what its conversation goes on from', async () => {
    const first = await client.make();
    const second = await client.make({ conversationId: first.conversationId });
    await client.run('deleteImage', { imageId: second.imageId });
    const cover = 'query ($id: ID!) { conversation(id: $id) { cover { id } } }';
    const read = () => client.data(cover, { id: first.conversationId });
    expect((await read()).conversation.cover.id).toBe(first.imageId);
    await client.run('restoreImage', { imageId: second.imageId });
    expect((await read()).conversation.cover.id).toBe(second.imageId);
  });

  it('is not made from again by a retry, and a call that has it already is carried out', async () => {
    const { imageId } = await client.make();
    const failed = await client.run('refineImage', { imageId, prompt: 'x [sim:moderation-input]' });
    await client.ended(failed.call.id);
    const waiting = await client.run('refineImage', { imageId, prompt: 'accepted before' });
    await client.run('deleteImage', { imageId });
    expect(await client.ended(waiting.call.id)).toMatchObject({ status: 'COMPLETED', images: [{ deletedAt: null }] });
    const callId = failed.call.id;
    expect(await client.run('retryGeneration', { callId })).toMatchObject({
      __typename: 'InTrashError',
      field: 'callId',
      imageId,
    });
    await client.run('restoreImage', { imageId });
    expect((await client.run('retryGeneration', { callId })).__typename).toBe('RetryGenerationSuccess');
  });

  it('keeps its call from being retried, and costs what it cost', async () => {
    const { imageId, callId } = await client.make();
    const { cost } = await client.readCall(callId);
    await client.run('deleteImage', { imageId });
    expect(await client.readCall(callId)).toMatchObject({ cost, status: 'COMPLETED' });
    expect(await client.run('retryGeneration', { callId })).toMatchObject({ __typename: 'NotRetryableError' });
  });
});

describe('a repeated request', () => {
  it('is answered with its call, also when that is in the trash with its conversation', async () => {
    const input = { prompt: 'a kite', idempotencyKey: 'once' };
    const { call } = await client.run('generateImage', input);
    await client.ended(call.id);
    await client.run('deleteConversation', { conversationId: call.conversation.id });
    expect(await client.run('generateImage', input)).toMatchObject({ call: { id: call.id } });
    expect((await client.listed()).calls).not.toContain(call.id);
  });
});

describe('a list of images', () => {
  it('is changed together, with a result for each id in its order, also for ids that are wrong or named twice', async () => {
    const [a, b, trashed] = [await client.make(), await client.make(), await client.make()];
    await client.run('deleteImage', { imageId: trashed.imageId });
    const imageIds = [b.imageId, 'abc', unknownId('Image'), a.imageId, trashed.imageId, a.conversationId, b.imageId];
    const events = await eventsOf(async () => {
      const { results } = await client.run('updateImages', { imageIds, favorite: true, addTags: ['Both'] });
      const changed = (id: string) => ({
        imageId: id,
        result: { __typename: 'ChangeImageSuccess', image: { id, favorite: true, tags: ['both'], deletedAt: null } },
      });
      const refused = (imageId: string, __typename: string, code: string) => ({
        imageId,
        result: { __typename, code },
      });
      expect(results).toEqual([
        changed(b.imageId),
        refused('abc', 'InvalidInputError', 'INVALID_INPUT'),
        refused(unknownId('Image'), 'NotFoundError', 'NOT_FOUND'),
        changed(a.imageId),
        refused(trashed.imageId, 'InTrashError', 'IN_TRASH'),
        refused(a.conversationId, 'InvalidInputError', 'INVALID_INPUT'),
        changed(b.imageId),
      ]);
    });
    expect(events).toEqual(['ImageUpdated', 'ImageUpdated']);
  });

  it('is deleted and restored, whatever of it is there already', async () => {
    const [a, b] = [await client.make(), await client.make()];
    const imageIds = [a.imageId, b.imageId];
    await client.run('deleteImage', { imageId: a.imageId });
    const deleted = await client.run('deleteImages', { imageIds });
    expect(deleted.results).toMatchObject(imageIds.map((id) => ({ imageId: id, result: { image: { id } } })));
    for (const id of imageIds) expect((await client.listed()).images).not.toContain(id);
    await client.run('restoreImage', { imageId: b.imageId });
    const restored = await client.run('restoreImages', { imageIds });
    expect(restored.results).toMatchObject(imageIds.map((id) => ({ result: { image: { id, deletedAt: null } } })));
    for (const id of imageIds) expect((await client.listed()).images).toContain(id);
  });

  it('has at most 100 ids, and costs by their number', async () => {
    const document = `mutation ($input: DeleteImagesInput!) { deleteImages(input: $input) {
      ... on DeleteImagesSuccess { results { imageId result { __typename } } } } }`;
    const send = (count: number) =>
      client.send(document, { input: { imageIds: Array.from({ length: count }, () => unknownId('Image')) } });
    const { data } = await send(100);
    expect(data.deleteImages.results).toHaveLength(100);
    expect((await send(101)).errors[0].extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'maxListLength' });
    const costOf = async (count: number) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const variables = { input: { imageIds: Array.from({ length: count }, () => unknownId('Image')) } };
      const body = JSON.stringify({ query: document, variables, extensions: { cost: true } });
      const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
      return (await answer.json()).extensions.cost;
    };
    expect(JSON.stringify(await costOf(100))).not.toBe(JSON.stringify(await costOf(1)));
  });
});

describe('races', () => {
  it('a delete and a restore of the same image end in one of the two states, as the log tells', async () => {
    const { imageId } = await client.make();
    for (let round = 0; round < 5; round += 1) {
      const events = await eventsOf(() =>
        Promise.all(
          Array.from({ length: 6 }, (_, index) => client.run(index % 2 ? 'restoreImage' : 'deleteImage', { imageId })),
        ),
      );
      const { image } = await client.data('query ($id: ID!) { image(id: $id) { deletedAt } }', { id: imageId });
      const last = events.at(-1);
      // Deletions and restorations take turns: what had no effect is not told.
      for (const [index, type] of events.entries()) expect(type).not.toBe(events[index + 1]);
      expect(last).toBe(image.deletedAt === null ? 'ImageRestored' : 'ImageDeleted');
      await client.run('restoreImage', { imageId });
    }
  });

  it('a gallery that is paged while images are deleted shows every image that stays, once', async () => {
    const { conversationId, ...first } = await client.make();
    const ids = [first.imageId];
    for (let index = 0; index < 11; index += 1) ids.push((await client.make({ conversationId })).imageId);
    const page = `query ($id: ID!, $after: String) { images(filter: { conversationId: $id }, first: 3, after: $after) {
      edges { node { id } } pageInfo { endCursor hasNextPage } } }`;
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { images }: Awaited<ReturnType<typeof client.data>> = await client.data(page, {
        id: conversationId,
        after,
      });
      seen.push(...images.edges.map(({ node }: { node: { id: string } }) => node.id));
      ({ endCursor: after, hasNextPage: more } = images.pageInfo);
      // The newest of the page, which the cursor names, and one that comes later.
      await client.run('deleteImages', { imageIds: [seen.at(-1), ids[seen.length % ids.length]] });
    }
    const { images } = await client.data(page.replace('first: 3', 'first: 100'), { id: conversationId, after: null });
    const left = images.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(left.length).toBeGreaterThan(1);
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of left) expect(seen).toContain(id);
  });
});

describe('scopes', () => {
  it('arranging needs GENERATE or UPLOAD, deleting and restoring need DELETE', async () => {
    const { imageId, conversationId } = await client.make();
    const withScopes = async (scopes: string) =>
      archiveClient(server.url, await keyFor(server.dataDir, 'anna', scopes));
    const reader = await withScopes('read');
    for (const mutation of ['updateImage', 'updateImages']) {
      const input = mutation === 'updateImage' ? { imageId } : { imageIds: [imageId] };
      expect(await reader.run(mutation, input)).toMatchObject({ __typename: 'ForbiddenError', scope: 'GENERATE' });
    }
    for (const scope of ['generate', 'upload']) {
      const arranger = await withScopes(`read,${scope}`);
      expect((await arranger.run('updateImage', { imageId, favorite: true })).__typename).toBe('UpdateImageSuccess');
      expect((await arranger.run('createConversation', { title: scope })).__typename).toBe('CreateConversationSuccess');
      for (const [mutation, input] of [
        ['deleteImage', { imageId }],
        ['deleteImages', { imageIds: [imageId] }],
        ['restoreImage', { imageId }],
        ['restoreImages', { imageIds: [imageId] }],
        ['deleteConversation', { conversationId }],
        ['restoreConversation', { conversationId }],
      ] as const) {
        expect(await arranger.run(mutation, input)).toMatchObject({ __typename: 'ForbiddenError', scope: 'DELETE' });
      }
    }
    const remover = await withScopes('delete');
    expect((await remover.run('deleteImage', { imageId })).__typename).toBe('DeleteImageSuccess');
    expect((await remover.run('restoreImage', { imageId })).__typename).toBe('RestoreImageSuccess');
    expect(await remover.run('updateImage', { imageId })).toMatchObject({ __typename: 'ForbiddenError' });
  });
});
