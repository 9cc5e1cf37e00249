/**
 * The contract of BlobStore as tests, for every driver and for the cache over one. A driver's own test file calls
 * `describeBlobStore` with a function that opens an empty store.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  BlobMissingError,
  type BlobReader,
  type BlobStore,
  BlobWriteError,
  type ListedBlob,
  type WriteObserver,
} from '../../src/blobs/blob-store.ts';

export interface OpenedStore {
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function bytesOf({ bytes }: BlobReader): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  const [only] = chunks;
  // Not copied, so that a test notices when the memory changes.
  return chunks.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
    : Buffer.concat(chunks);
}

export async function listOf(blobs: BlobStore): Promise<ListedBlob[]> {
  const listed: ListedBlob[] = [];
  for await (const blob of blobs.list()) listed.push(blob);
  return listed.toSorted((a, b) => a.sha256.localeCompare(b.sha256));
}

export function describeBlobStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} as a blob store`, () => {
    let opened: OpenedStore;
    let blobs: BlobStore;

    beforeEach(async () => {
      opened = await open();
      blobs = opened.blobs;
    });
    afterEach(() => opened.close());

    it('gives back the very bytes under their SHA-256, in whatever chunks they came', async () => {
      const splits = fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(splits, fc.boolean(), async (chunks, awaited) => {
          const bytes = Buffer.concat(chunks);
          const writer = blobs.openWriter();
          for (const chunk of chunks) {
            const written = writer.write(chunk);
            if (awaited) await written;
          }
          const stored = await writer.finish();
          expect(stored).toEqual({ sha256: sha256Of(bytes), byteSize: bytes.byteLength });
          expect(bytes.equals(await blobs.read(stored.sha256))).toBe(true);
        }),
        { numRuns: 40 },
      );
    });

    it('has unsynced bytes beside synced ones, and removes both', async () => {
      const preview = randomBytes(3_000);
      const storePreview = async () => {
        const writer = blobs.openWriter();
        await writer.write(preview);
        return writer.finish('UNSYNCED');
      };
      const stored = await storePreview();
      expect(stored).toEqual({ sha256: sha256Of(preview), byteSize: 3_000 });
      const { sha256 } = stored;
      expect(preview.equals(await blobs.read(sha256))).toBe(true);
      expect(await blobs.withBytes(sha256, (bytes) => preview.equals(bytes))).toBe(true);
      expect(await blobs.withLocalFile(sha256, (path) => readFile(path))).toEqual(preview);
      expect(await blobs.stat(sha256)).toMatchObject({ byteSize: 3_000 });
      const reader = await blobs.openRead(sha256, { start: 10, end: 19 });
      expect(await bytesOf(reader)).toEqual(preview.subarray(10, 20));
      reader.close();
      expect(await listOf(blobs)).toMatchObject([stored]);
      await blobs.put(preview);
      await storePreview();
      await blobs.delete(sha256);
      expect(await blobs.stat(sha256)).toBeNull();
      await expect(blobs.read(sha256)).rejects.toThrow(BlobMissingError);
      await storePreview();
      expect(await blobs.deleteOlder(sha256, Date.now() - 60_000)).toBe(false);
      expect(await blobs.deleteOlder(sha256, Date.now() + 60_000)).toBe(true);
      expect(await listOf(blobs)).toEqual([]);
    });

    it('shows what was written before it is kept, and keeps nothing of what is then discarded', async () => {
      const writer = blobs.openWriter();
      void writer.write(Buffer.from('to be '));
      void writer.write(Buffer.from('looked at'));
      const path = await writer.withLocalFile(async (file) => {
        expect(await readFile(file, 'utf8')).toBe('to be looked at');
        return file;
      });
      expect(await listOf(blobs)).toEqual([]);
      await writer.discard();
      expect(await listOf(blobs)).toEqual([]);
      await expect(readFile(path)).rejects.toThrow('ENOENT');
    });

    it('keeps what was looked at and what came after', async () => {
      const writer = blobs.openWriter();
      await writer.write(Buffer.from('seen'));
      expect(await writer.withLocalFile((path) => readFile(path, 'utf8'))).toBe('seen');
      await writer.write(Buffer.from(' and unseen'));
      const { sha256 } = await writer.finish();
      expect((await blobs.read(sha256)).toString()).toBe('seen and unseen');
    });

    it('takes the same content from many writers at once', async () => {
      const bytes = randomBytes(300_000);
      const stored = await Promise.all(Array.from({ length: 12 }, () => blobs.put(bytes)));
      expect(new Set(stored.map(({ sha256 }) => sha256))).toEqual(new Set([sha256Of(bytes)]));
      expect(bytes.equals(await blobs.read(sha256Of(bytes)))).toBe(true);
    });

    it('keeps writers of different content apart', async () => {
      const pictures = Array.from({ length: 8 }, () => randomBytes(200_000));
      const stored = await Promise.all(pictures.map((bytes) => blobs.put(bytes)));
      for (const [index, bytes] of pictures.entries()) {
        expect(stored[index]?.sha256).toBe(sha256Of(bytes));
        expect(bytes.equals(await blobs.read(sha256Of(bytes)))).toBe(true);
      }
    });

    it('lends the bytes to many at once, of every size, and each sees its own', async () => {
      const pictures = [0, 1, 200_000, 300_000, 1_000_000, 5_000_000, 700_000, 12].map((size) => randomBytes(size));
      const stored = await Promise.all(pictures.map((bytes) => blobs.put(bytes)));
      for (let round = 0; round < 3; round += 1) {
        const looks = stored.map(({ sha256 }) => blobs.withBytes(sha256, (bytes) => sha256Of(bytes)));
        expect(await Promise.all(looks)).toEqual(pictures.map(sha256Of));
      }
      await expect(blobs.withBytes('0'.repeat(64), () => 'seen')).rejects.toThrow(BlobMissingError);
      const fails = () => {
        throw new Error('no more');
      };
      await expect(blobs.withBytes(stored[2]?.sha256 ?? '', fails)).rejects.toThrow('no more');
    });

    it('opens a blob, of every size, and tells its size before its first byte', async () => {
      for (const size of [0, 1, 300_000, 5_000_000]) {
        const bytes = randomBytes(size);
        const { sha256 } = await blobs.put(bytes);
        const reader = await blobs.openRead(sha256);
        expect(reader.byteSize).toBe(size);
        expect(sha256Of(await bytesOf(reader))).toBe(sha256);
        reader.close();
        reader.close();
      }
    });

    it('opens a range of a blob', async () => {
      const bytes = randomBytes(9_000_000);
      const { sha256 } = await blobs.put(bytes);
      for (const range of [
        { start: 0, end: 0 },
        { start: 1_000, end: 300_999 },
        { start: 8_999_990, end: 8_999_999 },
        { start: 1, end: 8_999_998 },
      ]) {
        const reader = await blobs.openRead(sha256, range);
        expect(reader.byteSize).toBe(9_000_000);
        expect((await bytesOf(reader)).equals(bytes.subarray(range.start, range.end + 1))).toBe(true);
        reader.close();
      }
    });

    it('rejects a range that is not within the blob', async () => {
      const { sha256 } = await blobs.put(Buffer.from('picture'));
      for (const range of [
        { start: -1, end: 2 },
        { start: 3, end: 2 },
        { start: 0, end: 7 },
      ]) {
        await expect(blobs.openRead(sha256, range)).rejects.toThrow(RangeError);
      }
    });

    it('keeps the chunks of a reader unchanged until it is closed, whatever is stored meanwhile', async () => {
      const pictures = Array.from({ length: 6 }, () => randomBytes(700_000));
      const stored = await Promise.all(pictures.map((bytes) => blobs.put(bytes)));
      const readers = await Promise.all(stored.map(({ sha256 }) => blobs.openRead(sha256)));
      const read = await Promise.all(readers.map((reader) => bytesOf(reader)));
      for (let round = 0; round < 6; round += 1) await blobs.put(randomBytes(700_000));
      expect(read.map(sha256Of)).toEqual(stored.map(({ sha256 }) => sha256));
      for (const reader of readers) reader.close();
    });

    it('may be closed before it was read', async () => {
      const { sha256 } = await blobs.put(randomBytes(5_000_000));
      (await blobs.openRead(sha256)).close();
      (await blobs.openRead(sha256, { start: 0, end: 10 })).close(false);
    });

    it('gives a local file with the bytes', async () => {
      const { sha256 } = await blobs.put(Buffer.from('picture'));
      expect(await blobs.withLocalFile(sha256, (path) => readFile(path, 'utf8'))).toBe('picture');
      const failing = blobs.withLocalFile(sha256, () => Promise.reject(new Error('cannot be decoded')));
      await expect(failing).rejects.toThrow('cannot be decoded');
    });

    it('passes the buffers of a writer to its observer completely and in order, or not at all', async () => {
      const bytes = randomBytes(700_000);
      const seen: Buffer[] = [];
      const onStored = vi.fn();
      const onDiscarded = vi.fn();
      const observer: WriteObserver = {
        onWritten: (buffer, byteLength) => void seen.push(buffer.subarray(0, byteLength)),
        onStored,
        onDiscarded,
      };
      const writer = blobs.openWriter(observer);
      for (let at = 0; at < bytes.length; at += 90_000) await writer.write(bytes.subarray(at, at + 90_000));
      const stored = await writer.finish();
      if (seen.length > 0) {
        expect(sha256Of(Buffer.concat(seen))).toBe(stored.sha256);
        expect(onStored.mock.calls).toEqual([[stored]]);
      }
      expect(onDiscarded).not.toHaveBeenCalled();
      const discarded = blobs.openWriter(observer);
      await discarded.write(bytes);
      await discarded.discard();
      if (seen.length > 0) expect(onDiscarded).toHaveBeenCalledOnce();
      expect(onStored.mock.calls.length).toBeLessThan(2);
    });

    it('says how large a blob is, and null for one that is not there', async () => {
      const { sha256 } = await blobs.put(Buffer.from('picture'));
      expect(await blobs.stat(sha256)).toMatchObject({ byteSize: 7 });
      expect(await blobs.stat('0'.repeat(64))).toBeNull();
    });

    it('rejects the reading of what is not there with BlobMissingError', async () => {
      await expect(blobs.read('0'.repeat(64))).rejects.toThrow(BlobMissingError);
      await expect(blobs.openRead('0'.repeat(64))).rejects.toThrow(BlobMissingError);
      await expect(blobs.openRead('0'.repeat(64), { start: 0, end: 1 })).rejects.toThrow(BlobMissingError);
      await expect(blobs.withLocalFile('0'.repeat(64), async () => 'seen')).rejects.toThrow(BlobMissingError);
    });

    it.each(['', 'A'.repeat(64), `${'0'.repeat(63)}/`, '../'.repeat(21), `${'0'.repeat(64)}\n`])(
      'refuses %j, which is no hash',
      async (name) => {
        await expect(blobs.read(name)).rejects.toThrow(TypeError);
        await expect(blobs.stat(name)).rejects.toThrow(TypeError);
        await expect(blobs.delete(name)).rejects.toThrow(TypeError);
        await expect(blobs.deleteOlder(name, 0)).rejects.toThrow(TypeError);
        await expect(blobs.withBytes(name, () => 'seen')).rejects.toThrow(TypeError);
        await expect(blobs.openRead(name)).rejects.toThrow(TypeError);
        await expect(blobs.withLocalFile(name, async () => 'seen')).rejects.toThrow(TypeError);
      },
    );

    it('forgets what is deleted, and deletes twice without harm', async () => {
      const { sha256 } = await blobs.put(Buffer.from('picture'));
      await blobs.delete(sha256);
      await blobs.delete(sha256);
      expect(await blobs.stat(sha256)).toBeNull();
    });

    it('lists what is stored, with its size and when it was stored', async () => {
      const before = Date.now();
      const stored = await Promise.all(['one', 'two', 'three'].map((text) => blobs.put(Buffer.from(text))));
      const listed = await listOf(blobs);
      const expected = stored.toSorted((a, b) => a.sha256.localeCompare(b.sha256));
      expect(listed.map(({ sha256, byteSize }) => ({ sha256, byteSize }))).toEqual(expected);
      for (const { modifiedMs } of listed) {
        expect(modifiedMs).toBeGreaterThanOrEqual(before - 2);
        expect(modifiedMs).toBeLessThanOrEqual(Date.now() + 2);
      }
    });

    it('lists nothing that is only being written', async () => {
      const writer = blobs.openWriter();
      await writer.write(Buffer.from('half a pict'));
      expect(await listOf(blobs)).toEqual([]);
      await writer.discard();
    });

    it('removes what is older than a moment, and nothing younger', async () => {
      const { sha256 } = await blobs.put(Buffer.from('picture'));
      const { modifiedMs = 0 } = (await listOf(blobs))[0] ?? {};
      expect(await blobs.deleteOlder(sha256, modifiedMs)).toBe(false);
      expect(await blobs.stat(sha256)).toMatchObject({ byteSize: 7 });
      expect(await blobs.deleteOlder(sha256, modifiedMs + 1)).toBe(true);
      expect(await blobs.stat(sha256)).toBeNull();
      expect(await blobs.deleteOlder(sha256, modifiedMs + 1)).toBe(false);
    });

    it('counts the age from the last time that the same bytes were stored', async () => {
      const { sha256 } = await blobs.put(Buffer.from('picture'));
      await delay(20);
      const between = Date.now();
      await delay(20);
      await blobs.put(Buffer.from('picture'));
      expect(await blobs.deleteOlder(sha256, between)).toBe(false);
      expect(String(await blobs.read(sha256))).toBe('picture');
    });

    it('counts the age from when the last byte was there, however slowly they came', async () => {
      const writer = blobs.openWriter();
      await writer.write(Buffer.from('pict'));
      await delay(20);
      const between = Date.now();
      await delay(20);
      const { sha256 } = await writer.finish();
      expect(await blobs.deleteOlder(sha256, between)).toBe(false);
    });

    it('stores nothing of a discarded writer, which then takes and finishes nothing', async () => {
      const bytes = randomBytes(100_000);
      const writer = blobs.openWriter();
      writer.write(bytes);
      await writer.discard();
      await writer.discard();
      expect(await blobs.stat(sha256Of(bytes))).toBeNull();
      await expect(writer.write(bytes)).rejects.toThrow(BlobWriteError);
      await expect(writer.finish()).rejects.toThrow(BlobWriteError);
    });

    it('keeps a finished blob when its writer is discarded afterwards, or meanwhile', async () => {
      const bytes = randomBytes(100_000);
      const writer = blobs.openWriter();
      writer.write(bytes);
      const finishing = writer.finish();
      await writer.discard();
      expect(await blobs.stat(sha256Of(bytes))).toMatchObject({ byteSize: 100_000 });
      await writer.discard();
      expect(await writer.finish()).toEqual(await finishing);
      expect(await blobs.stat(sha256Of(bytes))).toMatchObject({ byteSize: 100_000 });
      await expect(writer.write(bytes)).rejects.toThrow(BlobWriteError);
    });

    it('fails a writer whose caller never waits rather than fill the memory', async () => {
      const chunk = Buffer.alloc(1024 * 1024);
      const writer = blobs.openWriter();
      for (let round = 0; round < 40; round += 1) writer.write(chunk);
      await expect(writer.finish()).rejects.toThrow(/does not wait/);
    });

    it('is ready', async () => {
      await blobs.check();
    });
  });
}
