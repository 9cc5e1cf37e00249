/** Uploads with an idempotency key: repeated, at the same time, with another file, and over the death of the server. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedFiles } from '../storage/steps.ts';
import { startServerHere } from '../support/app.ts';
import { newDataDir, type RunningServer, startServer } from '../support/server.ts';
import { upload, uploadPicture } from '../support/upload.ts';
import { callDetails, countRows, makeImage, openDatabase, picture, rawId } from './steps.ts';

let server: RunningServer;
let url: string;
beforeAll(async () => {
  server = await startServerHere();
  ({ url } = server);
});
afterAll(() => server?.[Symbol.asyncDispose]());

const state = async () => ({
  rows: countRows(server.dataDir),
  files: [...(await storedFiles(server.dataDir)).keys()].toSorted(),
});

describe('an upload that is repeated with its key', () => {
  it('is the same image, and stores nothing twice', async () => {
    const bytes = await picture('#102030');
    const first = await uploadPicture(url, bytes, { idempotencyKey: 'one' });
    const before = await state();
    for (let times = 0; times < 3; times += 1)
      expect((await uploadPicture(url, bytes, { idempotencyKey: 'one', name: `again ${times}` })).id).toBe(first.id);
    expect(await state()).toEqual(before);
    expect((await uploadPicture(url, bytes)).id).not.toBe(first.id);
  });

  it('is one image however many requests arrive at once', async () => {
    const bytes = await picture('#112233');
    const images = await Promise.all(
      Array.from({ length: 6 }, () => uploadPicture(url, bytes, { idempotencyKey: 'at once' })),
    );
    expect(new Set(images.map(({ id }) => id)).size).toBe(1);
    using database = openDatabase(server.dataDir);
    const [{ sha256 } = { sha256: '' }] = images;
    const count = (table: string, where: string, value: string) =>
      database.prepare(`select count(*) from ${table} where ${where}`).pluck().get(value);
    expect(count('images', 'sha256 = ?', sha256)).toBe(1);
    expect(count('events', "type = 'ImageUploaded' and payload like ?", `%${rawId(images[0]?.id ?? '')}%`)).toBe(1);
  });

  it('is refused with another file, conversation or purpose', async () => {
    const bytes = await picture('#223344');
    const { callId } = await makeImage(url, { prompt: 'a boat [sim:duration=0]' });
    const conversationId = (await callDetails(url, callId)).conversation.id;
    const key = { idempotencyKey: 'another' };
    const { id } = await uploadPicture(url, bytes, { ...key, conversationId });
    const conflict = { __typename: 'IdempotencyConflictError', code: 'IDEMPOTENCY_CONFLICT' };
    const before = await state();
    expect(await upload(url, await picture('#334455'), { ...key, conversationId })).toMatchObject(conflict);
    expect(await upload(url, bytes, key)).toMatchObject(conflict);
    expect(await upload(url, bytes, { ...key, conversationId, purpose: 'MASK' })).toMatchObject(conflict);
    expect(await state()).toEqual(before);
    expect((await uploadPicture(url, bytes, { ...key, conversationId, purpose: 'SOURCE' })).id).toBe(id);
  });

  it('has a key of its own: that of a call is another one', async () => {
    await makeImage(url, { prompt: 'a boat [sim:duration=0]', idempotencyKey: 'of both' });
    await uploadPicture(url, await picture('#445566'), { idempotencyKey: 'of both' });
  });

  it.each(['', 'x'.repeat(256), '\ud800'])('is refused with the key %j', async (idempotencyKey) => {
    expect(await upload(url, await picture('teal'), { idempotencyKey })).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'idempotencyKey' }],
    });
  });

  it('is new when the first one was refused', async () => {
    const key = { idempotencyKey: 'refused at first' };
    expect(await upload(url, Buffer.from('no picture'), key)).toMatchObject({ __typename: 'InvalidInputError' });
    await uploadPicture(url, await picture('teal'), key);
  });
});

const ROUNDS = 4;

it('an upload whose answer was lost when the server was killed is stored once when it is repeated', async () => {
  const dataDir = await newDataDir();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const noise = { raw: { width: 900, height: 600, channels: 3 } } as const;
      const bytes = await sharp(randomBytes(900 * 600 * 3), noise)
        .png()
        .toBuffer();
      const idempotencyKey = `round ${round}`;
      const killed = await startServer({ dataDir, env: { LEASE_MS: '1000' } });
      const lost = upload(killed.url, bytes, { idempotencyKey }).catch(() => null);
      await delay(round * 35);
      await killed.stop('SIGKILL');
      await lost;
      await using again = await startServer({ dataDir, env: { LEASE_MS: '1000' } });
      const first = await uploadPicture(again.url, bytes, { idempotencyKey });
      expect((await uploadPicture(again.url, bytes, { idempotencyKey })).id).toBe(first.id);
      expect(countRows(dataDir)).toMatchObject({ images: round + 1, events: round + 1 });
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}, 120_000);
