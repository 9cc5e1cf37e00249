/** What is purged leaves nothing on the disk, at the upstream where the operator wants that, and survives kills. */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { archiveClient } from '../api/archive-client.ts';
import { callDetails, eventually, generateToEnd, openDatabase, picture } from '../api/steps.ts';
import { blobPath, changeDatabase, namedFiles } from '../storage/steps.ts';
import { newDataDir, startServer } from '../support/server.ts';
import { upload, uploadPicture } from '../support/upload.ts';
import { dayAgo, openPurgeWorld } from './purge-world.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await newDataDir();
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const LONG_AGO = new Date(Date.now() - 400 * 86_400_000).toISOString();

/** Some of the text at its beginning, middle and end. */
function pieces(bytes: Buffer): readonly Buffer[] {
  const length = Math.min(24, bytes.length);
  return [0.1, 0.35, 0.6, 0.85].map((part) => {
    const start = Math.floor((bytes.length - length) * part);
    return bytes.subarray(start, start + length);
  });
}

/** Every file of the data folder as it is on the disk now, in which one of the pieces is. */
async function filesWith(wanted: readonly Buffer[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    const piece = wanted.find((each) => bytes.includes(each));
    if (piece !== undefined) found.push(`${entry.name}: ${piece.toString('latin1')}`);
  }
  return found;
}

async function age(file: string): Promise<void> {
  const then = new Date(Date.now() - 86_400_000);
  await utimes(file, then, then);
}

async function ageBlobs(): Promise<void> {
  for (const hash of namedFiles(dataDir)) await age(blobPath(dataDir, hash));
}

const variantPath = (hash: string) => join(dataDir, 'variants', hash.slice(0, 2), hash);

/** The long words of a text, as the search has them. */
const wordsOf = (text: string) => text.split(' ').flatMap((word) => (word.length > 8 ? Buffer.from(word) : []));

function deletedIds(query: string): readonly string[] {
  using database = openDatabase(dataDir);
  return database.prepare<[], string>(query).pluck().all();
}

it('no byte of an image is left in the data folder, nor a variant, a placeholder, a tag or a word of its prompt', async () => {
  const wanted: Buffer[] = [];
  const kept: Buffer[] = [];
  const variants: string[] = [];
  {
    // What the simulator draws plainly has long runs of the same bytes.
    await using server = await startServer({ dataDir, env: { SIMULATOR_ART: 'detailed' } });
    const client = archiveClient(server.url, 'none');
    const conversationIds: string[] = [];
    const prompts = ['a crane over the unmistakable river', 'a heron beside the unforgettable lake'];
    for (const prompt of prompts) {
      const { id } = await generateToEnd(server.url, { prompt, options: { partialImages: 1 }, idempotencyKey: prompt });
      const { conversation, images } = await callDetails(server.url, id);
      wanted.push(Buffer.from(prompt), ...wordsOf(prompt));
      await upload(server.url, await picture(`#33${prompt.length}99`), { conversationId: conversation.id });
      await client.run('updateImage', { imageId: images[0]?.id ?? '', addTags: ['Unrepeatable'] });
      conversationIds.push(conversation.id);
      const variant = await fetch(`${images[0]?.url}?w=320&format=webp`);
      variants.push(
        createHash('sha256')
          .update(Buffer.from(await variant.arrayBuffer()))
          .digest('hex'),
      );
    }
    wanted.push(Buffer.from('unrepeatable'));
    await generateToEnd(server.url, { prompt: 'a stork that stays' });
    kept.push(Buffer.from('a stork that stays'));
    await eventually('the placeholders', () => {
      const left = deletedIds('select id from images where thumbhash is null');
      return left.length === 0 || undefined;
    });
    for (const conversationId of conversationIds) await client.run('deleteConversation', { conversationId });
    await server.stop('SIGKILL');
  }
  const trashed = 'select id from conversations where deleted_at is not null';
  const hashes = deletedIds(
    `select sha256 from images where deleted_at is not null union
     select sha256 from partial_images where call_id in (select id from calls where deleted_at is not null)`,
  );
  for (const hash of hashes) wanted.push(...pieces(await readFile(blobPath(dataDir, hash))));
  for (const hash of variants) wanted.push(...pieces(await readFile(variantPath(hash))));
  // As a server leaves it that is killed while it stores an image.
  const unfinished = join(dataDir, 'blobs', 'tmp', randomUUID());
  await writeFile(unfinished, await readFile(blobPath(dataDir, hashes[0] ?? '')));
  await age(unfinished);
  wanted.push(
    ...deletedIds('select thumbhash from images where deleted_at is not null').map((hash) => Buffer.from(hash)),
  );
  expect(deletedIds(trashed)).toHaveLength(2);
  expect(hashes.length).toBeGreaterThanOrEqual(4);
  // All of it can be found.
  for (const piece of wanted) expect(await filesWith([piece]), piece.toString('latin1')).not.toEqual([]);
  await ageBlobs();

  await using server = await startServer({ dataDir, env: { TRASH_RETENTION_DAYS: '0' } });
  await eventually('the purge', () => deletedIds(trashed).length === 0 || undefined);
  for (let tries = 0; tries < 100 && (await filesWith(wanted)).length > 0; tries += 1) await delay(50);
  expect(await filesWith(wanted)).toEqual([]);
  // Nothing of what stays is lost.
  expect(await filesWith(kept)).not.toEqual([]);
  expect(deletedIds('select id from images')).toHaveLength(1);
  await server.stop();
});

it('no word of many texts is left in the search index, which keeps the first words of its pages apart', async () => {
  await using world = await openPurgeWorld(dataDir);
  for (let number = 0; number < 400; number += 1) {
    const word = `unforgettable${number}x${createHash('sha256').update(`${number}`).digest('hex').slice(0, 20)}`;
    await world.upload({ prompt: `a picture of ${word}`, deletedAt: dayAgo(40) });
    if (number % 5 === 0) await world.upload({ prompt: `a stork that stays ${number}` });
  }
  await world.run();
  expect(await filesWith([Buffer.from('unforgettable')])).toEqual([]);
  expect(await filesWith([Buffer.from('stork')])).not.toEqual([]);
});

it('where the operator wants it, the upstream deletes responses and files, also when it was down before', async () => {
  await using simulator = Object.assign(await startSimulator({ durationMs: 0, art: 'plain' }), {
    [Symbol.asyncDispose]: () => simulator.close(),
  });
  const env = {
    OPENAI_BASE_URL: simulator.url,
    OPENAI_API_KEY: 'sk-purge',
    UPSTREAM_FILES: 'on',
    UPSTREAM_DELETE: 'on',
  };
  const headers = { authorization: 'Bearer sk-purge' };
  const statusOf = async (path: string) => (await fetch(`${simulator.url}${path}`, { headers })).status;
  {
    await using server = await startServer({ dataDir, env });
    const source = await uploadPicture(server.url, await picture('#123456'));
    await generateToEnd(server.url, { prompt: 'a ferry', sourceImageIds: [source.id] });
    await server.stop();
  }
  const [response = '', file = ''] = [
    ...deletedIds('select response_id from attempts'),
    ...deletedIds('select file_id from upstream_files'),
  ];
  expect([await statusOf(`/responses/${response}`), await statusOf(`/files/${file}`)]).toEqual([200, 200]);
  const [upstream = ''] = deletedIds('select upstream from upstream_files');
  changeDatabase(
    dataDir,
    `update images set deleted_at = '${LONG_AGO}'; update conversations set deleted_at = '${LONG_AGO}'`,
  );
  {
    // Nobody answers there: what is to be deleted waits.
    const down = { ...env, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    await using server = await startServer({ dataDir, env: down });
    await eventually('the purge', () => deletedIds('select id from images').length === 0 || undefined);
    await server.stop();
  }
  const waiting = deletedIds(`select upstream_id from upstream_deletions where upstream = '${upstream}'`);
  expect(waiting.toSorted()).toEqual([file, response].toSorted());
  await using server = await startServer({ dataDir, env });
  await eventually(
    'the upstream',
    () => deletedIds('select upstream_id from upstream_deletions').length === 0 || undefined,
  );
  expect([await statusOf(`/responses/${response}`), await statusOf(`/files/${file}`)]).toEqual([404, 404]);
  await server.stop();
});

it('a purge goes on after SIGKILL at any place, and does everything once', { timeout: 120_000 }, async () => {
  {
    await using world = await openPurgeWorld(dataDir, 'local');
    for (let number = 0; number < 4; number += 1) {
      const conversation = await world.conversation(`c${number}`, { deletedAt: dayAgo(60) });
      for (let calls = 0; calls < 25; calls += 1) await world.call(conversation, { deletedAt: dayAgo(60) });
    }
    for (let number = 0; number < 60; number += 1) await world.upload({ deletedAt: dayAgo(60) });
    await world.db.deleteFrom('instances').execute();
  }
  const spent = deletedIds("select cast(sum(amount) as text) from cost_lines where principal = 'local'");
  let kills = 0;
  for (let round = 0; deletedIds('select id from images union select id from conversations').length > 0; round += 1) {
    expect(round).toBeLessThan(40);
    await using server = await startServer({ dataDir });
    await delay(20 + 40 * round);
    await server.stop('SIGKILL');
    kills += 1;
    using database = openDatabase(dataDir);
    expect(database.pragma('foreign_key_check')).toEqual([]);
  }
  expect(kills).toBeGreaterThan(1);
  const events = "select type || json_extract(payload, '$.imageId') from events where type = 'ImagePurged'";
  expect(new Set(deletedIds(events)).size).toBe(60);
  expect(deletedIds(events)).toHaveLength(60);
  expect(deletedIds("select id from events where type = 'ConversationPurged'")).toHaveLength(4);
  expect(deletedIds('select id from events')).toHaveLength(64);
  expect(deletedIds("select cast(sum(amount) as text) from purged_costs where principal = 'local'")).toEqual(spent);
});
