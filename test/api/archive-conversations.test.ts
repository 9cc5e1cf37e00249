/** Conversations that are started, renamed, deleted and restored, and what happens to their calls meanwhile. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, startServer } from '../support/server.ts';
import { type ArchiveClient, archiveClient } from './archive-client.ts';
import { eventually, openDatabase, unknownId } from './steps.ts';

let simulator: Simulator;
let server: RunningServer;
let client: ArchiveClient;

const SLOW = '[sim:duration=1500]';

beforeAll(async () => {
  simulator = await startSimulator({ art: 'plain', durationMs: 0 });
  server = await startServerHere({
    env: { OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: 'sk-simulator', CONCURRENCY: '1' },
  });
  client = archiveClient(server.url, 'none');
}, 30_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await simulator.close();
});

const READ = 'query ($id: ID!) { conversation(id: $id) { title updatedAt deletedAt cover { id } } }';

async function read(id: string) {
  return (await client.data(READ, { id })).conversation;
}

/** The events of a conversation so far, from its log. */
async function typesOf(conversationId: string): Promise<readonly string[]> {
  using database = openDatabase(server.dataDir);
  const raw = Buffer.from(conversationId, 'base64').toString().split(':')[1];
  const count = database
    .prepare('select count(*) from events where conversation_id = ? and position is not null')
    .pluck();
  const messages = await client.follow(
    'subscription ($id: ID!) { conversationEvents(conversationId: $id) { __typename } }',
    { id: conversationId },
    Number(count.get(raw)),
  );
  return messages.map(({ data }) => data.conversationEvents.__typename);
}

async function begun(input: object) {
  const { call } = await client.run('generateImage', { prompt: `a boat ${SLOW}`, ...input });
  await eventually('the call to run', async () =>
    (await client.readCall(call.id)).status === 'IN_PROGRESS' ? true : undefined,
  );
  return { callId: call.id as string, conversationId: call.conversation.id as string };
}

describe('a conversation', () => {
  it('is started empty with a title, takes uploads and calls, and lists itself', async () => {
    const { conversation } = await client.run('createConversation', { title: '  Kites\n and boats ' });
    expect(conversation).toMatchObject({ title: 'Kites and boats', deletedAt: null });
    expect((await client.listed()).conversations[0]).toBe(conversation.id);
    const { images } = await client.make({ conversationId: conversation.id });
    expect((await read(conversation.id)).cover).toEqual({ id: images[0].id });
    expect((await client.upload(conversation.id)).data.uploadImage.__typename).toBe('UploadImageSuccess');
    expect((await read(conversation.id)).title).toBe('Kites and boats');
  });

  it.each(['', ' \n\t', '\u200b', 'x'.repeat(201), 'a\u0000b'])('is not given the title %j', async (title) => {
    const { conversation } = await client.run('createConversation', { title: 'kept' });
    expect(await client.run('createConversation', { title })).toMatchObject({ fields: [{ field: 'title' }] });
    const refused = await client.run('updateConversation', { conversationId: conversation.id, title });
    expect(refused).toMatchObject({ __typename: 'InvalidInputError', fields: [{ field: 'title' }] });
    expect((await read(conversation.id)).title).toBe('kept');
  });

  it('is renamed where it stands; the same title again changes nothing', async () => {
    const { conversationId } = await client.make();
    const before = await read(conversationId);
    const events = (await typesOf(conversationId)).length;
    for (let times = 0; times < 2; times += 1) {
      const { conversation } = await client.run('updateConversation', { conversationId, title: ' Renamed ' });
      expect(conversation).toMatchObject({ title: 'Renamed', updatedAt: before.updatedAt });
    }
    expect((await typesOf(conversationId)).slice(events)).toEqual(['ConversationUpdated']);
  });

  it('of nobody is not found', async () => {
    const conversationId = unknownId('Conversation');
    for (const [mutation, input] of [
      ['updateConversation', { conversationId, title: 'x' }],
      ['deleteConversation', { conversationId }],
      ['restoreConversation', { conversationId }],
    ] as const) {
      expect(await client.run(mutation, input)).toMatchObject({ __typename: 'NotFoundError', field: 'conversationId' });
    }
  });
});

describe('a conversation in the trash', () => {
  it('takes its calls and images out of every list, and brings back exactly those', async () => {
    const first = await client.make();
    const { conversationId } = first;
    const second = await client.make({ conversationId });
    const third = await client.make({ conversationId });
    await client.run('deleteImage', { imageId: second.imageId });
    const before = await read(conversationId);
    const events = (await typesOf(conversationId)).length;
    const deleted = await client.run('deleteConversation', { conversationId });
    expect(deleted).toMatchObject({ deletedId: conversationId, conversation: { id: conversationId } });
    expect(await client.run('deleteConversation', { conversationId })).toEqual(deleted);
    const ids = [conversationId, first.callId, first.imageId, second.imageId, third.imageId];
    for (const id of ids) expect(Object.values(await client.listed()).flat()).not.toContain(id);
    // It is still found by its id, with its cover, its images by their URLs, and what it cost.
    expect(await read(conversationId)).toEqual({ ...before, deletedAt: deleted.conversation.deletedAt });
    expect((await fetch(first.images[0].url)).status).toBe(200);
    expect((await client.readCall(first.callId)).images).toMatchObject([{ id: first.imageId }]);

    const { conversation } = await client.run('restoreConversation', { conversationId });
    expect(conversation.deletedAt).toBeNull();
    expect((await client.run('restoreConversation', { conversationId })).conversation).toEqual(conversation);
    const listed = await client.listed();
    expect(listed.images).toEqual(expect.arrayContaining([first.imageId, third.imageId]));
    expect(listed.images).not.toContain(second.imageId);
    expect(listed.calls).toContain(first.callId);
    expect(await read(conversationId)).toEqual(before);
    expect((await typesOf(conversationId)).slice(events)).toEqual(['ConversationDeleted', 'ConversationRestored']);
  });

  it('is not continued, renamed, uploaded to or retried, nor are its images restored alone', async () => {
    const { conversationId, imageId } = await client.make();
    const failed = await client.run('generateImage', { prompt: 'x [sim:moderation-input]', conversationId });
    expect((await client.ended(failed.call.id)).status).toBe('FAILED');
    await client.run('deleteConversation', { conversationId });
    const inTrash = (field: string) => ({
      __typename: 'InTrashError',
      code: 'IN_TRASH',
      field,
      imageId: null,
      conversationId,
    });
    const prompt = 'more';
    expect(await client.run('generateImage', { prompt, conversationId })).toMatchObject(inTrash('conversationId'));
    expect(await client.run('refineImage', { prompt, imageId })).toMatchObject(inTrash('imageId'));
    expect(await client.run('retryGeneration', { callId: failed.call.id })).toMatchObject(inTrash('callId'));
    expect(await client.run('updateConversation', { conversationId, title: 'x' })).toMatchObject(
      inTrash('conversationId'),
    );
    expect(await client.run('updateImage', { imageId, favorite: true })).toMatchObject(inTrash('imageId'));
    expect(await client.run('restoreImage', { imageId })).toMatchObject(inTrash('imageId'));
    expect((await client.upload(conversationId)).data.uploadImage.__typename).toBe('InTrashError');
    // Deleting an image that is there already is no error.
    expect((await client.run('deleteImage', { imageId })).__typename).toBe('DeleteImageSuccess');
    await client.run('restoreConversation', { conversationId });
    expect((await client.run('retryGeneration', { callId: failed.call.id })).__typename).toBe('RetryGenerationSuccess');
  });

  it('promise 3: cancels what waits, lets what runs go on, and keeps what that brings and costs', async () => {
    const running = await begun({});
    const { conversationId } = running;
    const waiting = await client.run('generateImage', { prompt: 'later', conversationId });
    const elsewhere = await client.run('generateImage', { prompt: 'elsewhere' });
    const creates = simulator.requests.creates;
    await client.run('deleteConversation', { conversationId });
    expect((await client.readCall(waiting.call.id)).status).toBe('CANCELLED');

    const { status, images, cost } = await client.ended(running.callId);
    expect({ status, images: images.length }).toEqual({ status: 'COMPLETED', images: 1 });
    expect(Number(cost.amount)).toBeGreaterThan(0);
    const { deletedAt } = await read(conversationId);
    // It has the time of its conversation: it comes back with it.
    expect(images[0].deletedAt).toBe(deletedAt);
    expect((await client.listed()).images).not.toContain(images[0].id);
    expect((await client.ended(elsewhere.call.id)).status).toBe('COMPLETED');
    expect(simulator.requests.creates).toBe(creates + 1);

    await client.run('restoreConversation', { conversationId });
    expect((await client.listed()).images).toContain(images[0].id);
    expect((await read(conversationId)).cover).toEqual({ id: images[0].id });
  }, 20_000);

  it('promise 5: a call that is accepted while its conversation is deleted is refused, or cancelled, or in the trash', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { conversationId } = await client.make();
      const [, ...started] = await Promise.all([
        client.run('deleteConversation', { conversationId }),
        ...Array.from({ length: 4 }, () => client.run('generateImage', { prompt: 'x', conversationId })),
      ]);
      for (const result of started) {
        if (result.__typename === 'InTrashError') continue;
        const { images } = await client.ended(result.call.id);
        for (const { deletedAt } of images) expect(deletedAt).not.toBeNull();
      }
      expect((await client.listed()).calls.filter((id) => started.some(({ call }) => call?.id === id))).toEqual([]);
    }
  }, 30_000);
});

describe('a conversation whose calls wait for approval', () => {
  it('cancels them when it is deleted, and reserves nothing; nobody can approve them any more', async () => {
    await using asking = await startServerHere({
      env: {
        OPENAI_BASE_URL: simulator.url,
        OPENAI_API_KEY: 'sk-simulator',
        BUDGET_PER_DAY: '0',
        BUDGET_ON_EXCEED: 'ask',
      },
    });
    const viewer = archiveClient(asking.url, 'none');
    const { call } = await viewer.run('generateImage', { prompt: 'a kite' });
    const conversationId = call.conversation.id;
    const creates = simulator.requests.creates;
    await viewer.run('deleteConversation', { conversationId });
    expect((await viewer.readCall(call.id)).status).toBe('CANCELLED');
    const { approveGeneration } = await viewer.data(
      `mutation ($callId: ID!) { approveGeneration(input: { callId: $callId }) { ... on Error { code } } }`,
      { callId: call.id },
    );
    expect(approveGeneration).toEqual({ code: 'NOT_AWAITING_APPROVAL' });
    const { generationCallsAwaitingApproval: waiting, viewer: shown } = await viewer.data(
      '{ generationCallsAwaitingApproval { edges { node { callId } } } viewer { budgets { reserved } } }',
    );
    expect({ waiting: waiting.edges, budgets: shown.budgets }).toEqual({ waiting: [], budgets: [{ reserved: '0' }] });
    expect(simulator.requests.creates).toBe(creates);
    await viewer.run('restoreConversation', { conversationId });
    const retried = await viewer.run('retryGeneration', { callId: call.id });
    expect(retried.__typename).toBe('RetryGenerationSuccess');
  });
});

describe('promise 5: a server that is killed', () => {
  it('right after the deletion was stored starts none of the calls that waited', async () => {
    const dataDir = await newDataDir();
    const env = {
      OPENAI_BASE_URL: simulator.url,
      OPENAI_API_KEY: 'sk-simulator',
      CONCURRENCY: '1',
      INSTANCE_LEASE_MS: '500',
    };
    try {
      const waiting: string[] = [];
      let conversationId = '';
      {
        await using first = await startServer({ dataDir, env });
        const killed = archiveClient(first.url, 'none');
        const { call } = await killed.run('generateImage', { prompt: `a boat [sim:duration=20000]` });
        conversationId = call.conversation.id;
        for (let index = 0; index < 20; index += 1) {
          const { call: later } = await killed.run('generateImage', { prompt: 'later', conversationId });
          waiting.push(later.id);
        }
        const deletion = killed.run('deleteConversation', { conversationId }).catch(() => undefined);
        await eventually('the deletion to be stored', () => {
          using database = openDatabase(dataDir);
          return database.prepare('select deleted_at from conversations').pluck().get() ?? undefined;
        });
        await first.stop('SIGKILL');
        await deletion;
      }
      const creates = simulator.requests.creates;
      await using second = await startServer({ dataDir, env: { ...env, CONCURRENCY: '4' } });
      const client = archiveClient(second.url, 'none');
      for (const id of waiting) expect((await client.ended(id)).status).toBe('CANCELLED');
      expect(simulator.requests.creates).toBe(creates);
      expect(await client.listed()).toEqual({ images: [], conversations: [], calls: [] });
      const { conversation } = await client.run('restoreConversation', { conversationId });
      expect(conversation.deletedAt).toBeNull();
      expect((await client.listed()).calls).toHaveLength(21);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 60_000);

  it('while images are deleted has all of one mutation, or nothing', async () => {
    const dataDir = await newDataDir();
    try {
      const imageIds: string[] = [];
      {
        await using first = await startServer({ dataDir });
        const killed = archiveClient(first.url, 'none');
        for (let index = 0; index < 30; index += 1) {
          const { data } = await killed.upload(null);
          imageIds.push(data.uploadImage.image.id);
        }
        const work = Promise.allSettled([
          killed.run('deleteImages', { imageIds }),
          killed.run('updateImages', { imageIds, addTags: ['a', 'b'] }),
        ]);
        await eventually('a change', () => {
          using database = openDatabase(dataDir);
          return database.prepare("select 1 from events where type <> 'ImageUploaded'").pluck().get() ?? undefined;
        });
        await first.stop('SIGKILL');
        await work;
      }
      await using second = await startServer({ dataDir });
      expect((await archiveClient(second.url, 'none').listed()).images.length % 30).toBe(0);
      using database = openDatabase(dataDir);
      const count = (sql: string) => Number(database.prepare(sql).pluck().get());
      const deleted = count('select count(*) from images where deleted_at is not null');
      expect([0, 30]).toContain(deleted);
      expect(count("select count(*) from events where type = 'ImageDeleted'")).toBe(deleted);
      expect(count("select count(*) from events where type = 'ImageUpdated'")).toBe(
        count('select count(*) from image_tags') / 2,
      );
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 60_000);
});
