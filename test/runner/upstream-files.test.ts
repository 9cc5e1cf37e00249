/** Pictures at the upstream: each goes up once, whoever needs it, and what one owner gives up is no matter to another. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import type { UploadedFile } from '../../src/provider/image-provider.ts';
import { createUpstreamFiles, type UpstreamFiles } from '../../src/runner/upstream-files.ts';

const PICTURE = { mediaType: 'image/png', fileId: null, read: async () => Buffer.from('a picture') };

let directory: string;
let db: Database;
let uploads: { readonly signal: AbortSignal; readonly done: PromiseWithResolvers<UploadedFile> }[];
let files: UpstreamFiles;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'darkroom-files-'));
  db = await openSqlite(join(directory, 'db.sqlite'), { patienceMs: 1000 });
  uploads = [];
  files = createUpstreamFiles({
    db,
    provider: {
      upload(_, signal) {
        const done = Promise.withResolvers<UploadedFile>();
        signal.addEventListener('abort', () => done.reject(signal.reason));
        uploads.push({ signal, done });
        return done.promise;
      },
    },
    upstream: 'test',
    enabled: true,
    nowMs: Date.now,
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

const never = () => new AbortController().signal;

it('a picture that two need at the same moment goes up once', async () => {
  const both = Promise.all([files.lay(PICTURE, 'content', never()), files.lay(PICTURE, 'content', never())]);
  await uploaded(0);
  expect((await both).map(({ fileId }) => fileId)).toEqual(['file-0', 'file-0']);
  expect((await files.lay(PICTURE, 'content', never())).fileId).toBe('file-0');
  expect(uploads).toHaveLength(1);
});

it('who waits for the upload of another lays the picture up when that one gives up', async () => {
  const owner = new AbortController();
  const first = files.lay(PICTURE, 'content', owner.signal);
  first.catch(() => undefined);
  await expect.poll(() => uploads.length).toBe(1);
  const second = files.lay(PICTURE, 'content', never());
  second.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
  owner.abort(new Error('cancelled by the first one'));
  await expect(first).rejects.toThrow('cancelled by the first one');
  await uploaded(1);
  expect((await second).fileId).toBe('file-1');
});

it('a file that the upstream has lost goes up again', async () => {
  const laid = files.lay(PICTURE, 'content', never());
  await uploaded(0);
  const picture = await laid;
  files.proved([picture]);
  await files.forget([picture]);
  const again = files.lay(PICTURE, 'content', never());
  await uploaded(1);
  expect((await again).fileId).toBe('file-1');
});

it('an upstream that does not know the file that it has just taken gets the bytes from then on', async () => {
  const laid = files.lay(PICTURE, 'content', never());
  await uploaded(0);
  await files.forget([await laid]);
  expect((await files.lay(PICTURE, 'content', never())).fileId).toBeNull();
  expect(uploads).toHaveLength(1);
});
