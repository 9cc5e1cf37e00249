/**
 * A cache over any blob store: keeps the bytes of newly stored blobs in memory for a second, because subscribers ask for
 * an image as soon as they get its event. A read from the disk would wait behind the writes of the next images. Cached
 * bytes are stored already. Decided in docs/decisions/2026-11-26-recent-pictures.md.
 */
import { borrowBuffer, returnBuffer } from '../lib/buffer-pool.ts';
import type { BlobStore, ByteRange, WriteObserver } from './blob-store.ts';
import { type CachedBlobReader, RecentBlobs } from './recent-blobs.ts';
import { writeAll } from './write-all.ts';

/** @returns the store with a cache; whole reads of recent blobs come from memory, everything else from `store`. */
export function withRecentCache(store: BlobStore): BlobStore {
  return new RecentCacheStore(store);
}

class RecentCacheStore implements BlobStore {
  readonly #store: BlobStore;
  readonly #recent = new RecentBlobs();

  constructor(store: BlobStore) {
    this.#store = store;
    const { url } = store;
    if (url !== undefined) this.url = url.bind(store);
  }

  url?: NonNullable<BlobStore['url']>;

  openWriter(observer?: WriteObserver) {
    // A buffer has one owner: with an observer of the caller's, the blob is not cached.
    return this.#store.openWriter(observer ?? this.#recent.observeWriter());
  }

  put(bytes: Uint8Array) {
    return writeAll(this.openWriter(), bytes);
  }

  read(sha256: string) {
    return this.#store.read(sha256);
  }

  async withBytes<T>(sha256: string, use: (bytes: Buffer) => T) {
    const reader = this.#recent.openRead(sha256);
    return reader === null ? this.#store.withBytes(sha256, use) : useInOnePiece(reader, use);
  }

  async openRead(sha256: string, range?: ByteRange) {
    const reader = range === undefined ? this.#recent.openRead(sha256) : null;
    return reader ?? this.#store.openRead(sha256, range);
  }

  withLocalFile<T>(sha256: string, use: (path: string) => Promise<T>) {
    return this.#store.withLocalFile(sha256, use);
  }

  stat(sha256: string) {
    return this.#store.stat(sha256);
  }

  delete(sha256: string) {
    this.#recent.remove(sha256);
    return this.#store.delete(sha256);
  }

  list() {
    return this.#store.list();
  }

  async deleteOlder(sha256: string, beforeMs: number) {
    const isRemoved = await this.#store.deleteOlder(sha256, beforeMs);
    if (isRemoved) this.#recent.remove(sha256);
    return isRemoved;
  }

  removeTemporary(olderThanMs: number) {
    return this.#store.removeTemporary(olderThanMs);
  }

  close() {
    return this.#store.close();
  }

  check() {
    return this.#store.check();
  }
}

function useInOnePiece<T>({ bytes, byteSize, close }: CachedBlobReader, use: (bytes: Buffer) => T): T {
  const buffer = borrowBuffer(byteSize);
  try {
    let at = 0;
    for (const chunk of bytes) {
      buffer.set(chunk, at);
      at += chunk.byteLength;
    }
    return use(buffer.subarray(0, byteSize));
  } finally {
    returnBuffer(buffer);
    close();
  }
}
