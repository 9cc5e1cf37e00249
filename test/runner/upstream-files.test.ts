/** Files at the upstream: each image is uploaded once, and an upload that one request aborts does not fail another. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import type { UploadedFile } from '../../src/provider/image-provider.ts';
import { UpstreamFiles } from '../../src/runner/requests/upstream-files.ts';

const PICTURE = { fileId: null, read: async () => ({ bytes: Buffer.from('a picture'), mediaType: 'image/png' }) };

let directory: string;
let db: Database;
let uploads: { readonly signal: AbortSignal; readonly done: PromiseWithResolvers<UploadedFile> }[];
let files: UpstreamFiles;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-files-'));
  db = await openSqlite(join(directory, 'db.sqlite'), { patienceMs: 1000 });
  uploads = [];
  files = new UpstreamFiles({
    db,
    upstream: {
      identity: 'test',
      files: true,
      provider: {
        upload(_, signal) {
          const done = Promise.withResolvers<UploadedFile>();
          signal.addEventListener('abort', () => done.reject(signal.reason));
          uploads.push({ signal, done });
          return done.promise;
        },
      },
    },
    clock: { nowMs: Date.now },
    logger: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await db.destroy();
  await rm(directory, { recursive: true });
});

async function uploaded(nth: number): Promise<void> {
  await expect.poll(() => uploads.length).toBeGreaterThan(nth);
  uploads[nth]?.done.resolve({ fileId: `file-${nth}`, expiresAt: null });
}

const OWN = { principal: 'somebody', content: 'content' };
const never = () => new AbortController().signal;

it('an image that two requests need at the same time is uploaded once', async () => {
  const both = Promise.all([files.uploadOnce(PICTURE, OWN, never()), files.uploadOnce(PICTURE, OWN, never())]);
  await uploaded(0);
  expect((await both).map(({ fileId }) => fileId)).toEqual(['file-0', 'file-0']);
  expect((await files.uploadOnce(PICTURE, OWN, never())).fileId).toBe('file-0');
  expect(uploads).toHaveLength(1);
});

it('a request that waits for the upload of another uploads the image itself when that one is aborted', async () => {
  const owner = new AbortController();
  const first = files.uploadOnce(PICTURE, OWN, owner.signal);
  first.catch(() => undefined);
  await expect.poll(() => uploads.length).toBe(1);
  const second = files.uploadOnce(PICTURE, OWN, never());
  second.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  owner.abort(new Error('cancelled by the first one'));
  await expect(first).rejects.toThrow('cancelled by the first one');
  await uploaded(1);
  expect((await second).fileId).toBe('file-1');
});

it('a file that the upstream has lost is uploaded again', async () => {
  const upload = files.uploadOnce(PICTURE, OWN, never());
  await uploaded(0);
  const picture = await upload;
  files.confirm([picture]);
  await files.forget('somebody', [picture]);
  const again = files.uploadOnce(PICTURE, OWN, never());
  await uploaded(1);
  expect((await again).fileId).toBe('file-1');
});

it('an upstream that does not know a file that was just uploaded gets the bytes from then on', async () => {
  const upload = files.uploadOnce(PICTURE, OWN, never());
  await uploaded(0);
  await files.forget('somebody', [await upload]);
  expect((await files.uploadOnce(PICTURE, OWN, never())).fileId).toBeNull();
  expect(uploads).toHaveLength(1);
});

it('the same image of two principals is uploaded for each, one after the other or at the same time', async () => {
  const other = { ...OWN, principal: 'somebody else' };
  const first = files.uploadOnce(PICTURE, OWN, never());
  const second = files.uploadOnce(PICTURE, other, never());
  await uploaded(0);
  await uploaded(1);
  expect((await Promise.all([first, second])).map(({ fileId }) => fileId)).toEqual(['file-0', 'file-1']);
  const third = files.uploadOnce(PICTURE, { ...OWN, principal: 'a third one' }, never());
  await uploaded(2);
  expect((await third).fileId).toBe('file-2');
  expect((await files.uploadOnce(PICTURE, other, never())).fileId).toBe('file-1');
});
