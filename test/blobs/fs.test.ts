/** Blobs on the local disk: the contract of every driver, then what is specific to files. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BlobDamagedError,
  BlobMissingError,
  type BlobStore,
  BlobWriteError,
  type StoredBlob,
} from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import { withRecentCache } from '../../src/blobs/recent-cache.ts';
import type { PictureSink } from '../../src/provider/image-provider.ts';
import { describeBlobStore, listOf, type OpenedStore, sha256Of } from '../contract/blob-store.ts';

const KILL_ROUNDS = 6;

describeBlobStore('a directory', () => openEmpty((store) => store));
describeBlobStore('a directory with the cache of recent blobs', () => openEmpty(withRecentCache));

async function openEmpty(decorate: (store: BlobStore) => BlobStore): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'darkroom-blobs-'));
  return {
    blobs: decorate(await openFileBlobStore({ directory })),
    close: () => rm(directory, { recursive: true }),
  };
}

describe('a directory of blobs', () => {
  let directory: string;
  let blobs: BlobStore;

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'darkroom-blobs-')), 'deep', 'images');
    blobs = await openFileBlobStore({ directory });
  });
  afterEach(() => rm(join(directory, '..', '..'), { recursive: true }));

  function fileOf(sha256: string): string {
    return join(directory, sha256.slice(0, 2), sha256);
  }

  async function files(): Promise<string[]> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const marker = join(directory, 'LAYOUT');
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => file !== marker);
  }

  it('keeps one file of content stored many times, at ab/<sha256>', async () => {
    const bytes = randomBytes(70_000);
    const { sha256 } = await blobs.put(bytes);
    await Promise.all(Array.from({ length: 6 }, () => blobs.put(bytes)));
    expect(await files()).toEqual([fileOf(sha256)]);
    expect(await blobs.withLocalFile(sha256, async (path) => path)).toBe(fileOf(sha256));
  });

  it('moves blobs of the old, deeper layout up, even when that was interrupted', async () => {
    const contents = Array.from({ length: 6 }, (_, number) => randomBytes(1_000 + number));
    for (const [number, bytes] of contents.entries()) {
      const { sha256 } = await blobs.put(bytes);
      // The first two are in their new place already; the old directory of the second is still there.
      if (number === 0) continue;
      const deeper = join(directory, sha256.slice(0, 2), sha256.slice(2, 4));
      await mkdir(deeper, { recursive: true });
      if (number > 1) await rename(fileOf(sha256), join(deeper, sha256));
    }
    await rm(join(directory, 'LAYOUT'));
    const again = await openFileBlobStore({ directory });
    for (const bytes of contents) expect(bytes.equals(await again.read(sha256Of(bytes)))).toBe(true);
    expect((await listOf(again)).map(({ sha256 }) => sha256)).toEqual(contents.map(sha256Of).toSorted());
    for (const shard of await readdir(directory)) {
      if (shard.length !== 2) continue;
      const within = await readdir(join(directory, shard), { withFileTypes: true });
      expect(within.filter((entry) => entry.isDirectory())).toEqual([]);
    }
  });

  it('stores where a directory was removed by somebody', async () => {
    const bytes = randomBytes(1_000);
    await blobs.put(Buffer.from('the first one creates the shard directories'));
    await rm(join(directory, sha256Of(bytes).slice(0, 2)), { recursive: true });
    const { sha256 } = await blobs.put(bytes);
    expect(bytes.equals(await blobs.read(sha256))).toBe(true);
  });

  // Linux shows a process its own open files.
  it.skipIf(!existsSync('/proc/self/fd'))('leaves nothing open once it is closed', async () => {
    const openHere = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(join('/proc/self/fd', fd)).startsWith(directory);
        } catch {
          return false;
        }
      });
    for (let number = 0; number < 20; number += 1) await blobs.put(randomBytes(100));
    expect(openHere()).not.toEqual([]);
    await blobs.close();
    await vi.waitFor(() => expect(openHere()).toEqual([]));
    // The store still works after `close`.
    await blobs.put(randomBytes(100));
    await blobs.close();
  });

  it('tells a damaged file, and heals it when the same content is stored again', async () => {
    const { sha256 } = await blobs.put(Buffer.from('picture'));
    for (const damaged of ['pict', 'pictures', 'picturE', '']) {
      await writeFile(fileOf(sha256), damaged);
      await expect(blobs.read(sha256)).rejects.toThrow(BlobDamagedError);
      await expect(blobs.withBytes(sha256, () => 'seen')).rejects.toThrow(BlobDamagedError);
    }
    await blobs.put(Buffer.from('picture'));
    expect(String(await blobs.read(sha256))).toBe('picture');
  });

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['torn', (bytes: Buffer) => bytes.subarray(0, 512)],
    ['of the right size but not written', (bytes: Buffer) => Buffer.alloc(bytes.length)],
  ])('does not have an unsynced file that a power cut left %s', async (_, cut) => {
    const bytes = randomBytes(2_000);
    const [damaged, whole] = [bytes, randomBytes(2_000)];
    for (const each of [damaged, whole]) {
      const writer = blobs.openWriter();
      await writer.write(each);
      await writer.finish('UNSYNCED');
    }
    const [lost, kept] = [sha256Of(damaged), sha256Of(whole)];
    const file = (await files()).find((name) => basename(name) === lost) ?? '';
    await writeFile(file, cut(bytes));
    const again = await openFileBlobStore({ directory });
    expect(await again.stat(lost)).toBeNull();
    await expect(again.read(lost)).rejects.toThrow(BlobMissingError);
    await expect(again.openRead(lost)).rejects.toThrow(BlobMissingError);
    await expect(again.withLocalFile(lost, async (path) => path)).rejects.toThrow(BlobMissingError);
    expect(whole.equals(await again.read(kept))).toBe(true);
    // Stored again, it is there again, and the synced file of the same bytes is another one.
    const writer = again.openWriter();
    await writer.write(damaged);
    await writer.finish('UNSYNCED');
    await again.put(damaged);
    expect(bytes.equals(await again.read(lost))).toBe(true);
    expect((await files()).filter((name) => basename(name) === lost)).toHaveLength(2);
  });

  it('still has what was stored when it is opened again', async () => {
    const { sha256 } = await blobs.put(Buffer.from('picture'));
    const again = await openFileBlobStore({ directory });
    expect(String(await again.read(sha256))).toBe('picture');
  });

  it('shows nothing under a hash before the writer has finished', async () => {
    const bytes = randomBytes(200_000);
    // The provider's type: a blob writer is a picture sink.
    const writer: PictureSink<StoredBlob> = blobs.openWriter();
    await writer.write(bytes);
    expect(await blobs.stat(sha256Of(bytes))).toBeNull();
    await writer.finish();
    expect(await blobs.stat(sha256Of(bytes))).toMatchObject({ byteSize: 200_000 });
  });

  it('leaves no file behind a discarded writer', async () => {
    const writer = blobs.openWriter();
    for (let round = 0; round < 20; round += 1) writer.write(randomBytes(65_536));
    await writer.discard();
    expect(await files()).toEqual([]);
  });

  it('says that the disk refused, when the directory went away under a writer', async () => {
    await blobs.put(Buffer.from('the first one creates the shard directories'));
    const writer = blobs.openWriter();
    await writer.write(randomBytes(1_000));
    await rm(directory, { recursive: true });
    await expect(writer.finish()).rejects.toThrow(/could not be stored: ENOENT/);
    await expect(blobs.put(randomBytes(1_000))).rejects.toThrow(BlobWriteError);
    await expect(blobs.check()).rejects.toThrow(BlobWriteError);
  });

  it('tells an early failure to whoever asks, and ends no process whose writes nobody awaited', async () => {
    await rm(join(directory, 'tmp'), { recursive: true });
    const [written, finished, discarded] = [blobs.openWriter(), blobs.openWriter(), blobs.openWriter()];
    for (const writer of [written, finished, discarded]) writer.write(randomBytes(1_000));
    await sleep(50);
    await expect(written.write(randomBytes(1_000))).rejects.toThrow(BlobWriteError);
    await expect(finished.finish()).rejects.toThrow(BlobWriteError);
    await discarded.discard();
  });

  it('leaves no temporary file when the last step fails', async () => {
    const bytes = randomBytes(1_000);
    await blobs.put(Buffer.from('the first one creates the shard directories'));
    const before = await files();
    // A file in place of this hash's shard directory: nobody can store there, not even root.
    await rm(join(directory, sha256Of(bytes).slice(0, 2)), { recursive: true });
    await writeFile(join(directory, sha256Of(bytes).slice(0, 2)), '');
    await expect(blobs.put(bytes)).rejects.toThrow(/could not be stored: (ENOTDIR|EEXIST)/);
    expect((await files()).toSorted()).toEqual([...before, join(directory, sha256Of(bytes).slice(0, 2))].toSorted());
  });

  // With the shell's limit on file sizes, the kernel refuses further bytes like a full disk, including a short write.
  it.skipIf(process.platform === 'win32')('tells a full disk from the write on, and leaves nothing', async () => {
    const script = join(import.meta.dirname, 'put-one.ts');
    const limited = ['-c', 'ulimit -f 200 && exec "$@"', 'sh', process.execPath, script, directory, '1000000'];
    const { stdout } = await promisify(execFile)('sh', limited);
    const outcome: unknown = JSON.parse(stdout);
    const refusal = expect.stringMatching(/^BlobWriteError: The bytes could not be stored: EFBIG/);
    expect(outcome).toEqual({ write: refusal, finish: refusal });
    expect(await files()).toEqual([]);
  });

  it('removes the temporary files that are old, and no others', async () => {
    const old = join(directory, 'tmp', 'left-by-a-crash');
    await writeFile(old, 'half a pict');
    await utimes(old, new Date(), new Date(Date.now() - 3_600_000));
    const writer = blobs.openWriter();
    await writer.write(Buffer.from('picture'));
    expect(await blobs.removeTemporary(1_800_000)).toBe(1);
    await expect(access(old)).rejects.toThrow('ENOENT');
    const { sha256 } = await writer.finish();
    expect(String(await blobs.read(sha256))).toBe('picture');
  });

  it('has only whole files under their hashes after a process was killed in mid-write', async () => {
    let acknowledged = 0;
    let interrupted = 0;
    for (let round = 0; round < KILL_ROUNDS; round += 1) {
      for (const sha256 of await storeUntilKilled(directory, 20 + 40 * round)) {
        expect(sha256Of(await blobs.read(sha256))).toBe(sha256);
        acknowledged += 1;
      }
      for (const file of await files()) {
        if (file.startsWith(join(directory, 'tmp'))) interrupted += 1;
        else expect(sha256Of(await readFile(file))).toBe(basename(file));
      }
      await blobs.removeTemporary(0);
    }
    // Otherwise nothing was tested.
    expect(acknowledged).toBeGreaterThan(0);
    expect(interrupted).toBeGreaterThan(0);
    expect(await readdir(join(directory, 'tmp'))).toEqual([]);
  });

  it('makes the whole path of a directory that does not exist yet', async () => {
    expect((await stat(join(directory, 'tmp'))).isDirectory()).toBe(true);
  });
});

/** Runs a process that stores without end, kills it some time after its first blob, and returns the hashes it printed. */
async function storeUntilKilled(directory: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'endless-writer.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await closed;
  // The last line may be incomplete.
  return output.split('\n').slice(0, -1);
}
