/**
 * A cache over any blob store: keeps the bytes of newly stored blobs in memory for a second, because subscribers ask for
 * an image as soon as they get its event. A read from the disk would wait behind the writes of the next images. Cached
 * bytes are durable already. Decided in docs/decisions/2026-11-26-recent-pictures.md.
 */
import { borrowBuffer, LARGEST_BUFFER_BYTES, returnBuffer } from '../lib/buffer-pool.ts';
import type { BlobReader, BlobStore, ByteRange, StoredBlob, WriteObserver } from './blob-store.ts';
import { writeAll } from './write-all.ts';

/** Bound for all cached blobs together, including those still being written; the oldest are removed first. */
const MAX_CACHED_BYTES = 16 * 1024 * 1024;
const CACHE_MS = 1_000;

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
    // Buffers have one owner: whoever brings an observer of their own takes them.
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

/** A cached blob as a reader. */
interface CachedBlobReader extends BlobReader {
  readonly bytes: readonly Uint8Array[];
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

/** The cached blobs by their hash, oldest first. */
class RecentBlobs {
  readonly #blobs = new Map<string, CachedBlob>();
  #cachedBytes = 0;

  /** Collects the buffers of a writer; caches the blob when it is stored and there is room for it. */
  observeWriter(): WriteObserver {
    let blob: CachedBlob | null = new CachedBlob((bufferBytes) => {
      this.#cachedBytes -= bufferBytes;
    });
    return {
      onWritten: (buffer, byteLength) => {
        const bufferBytes = (blob?.bufferBytes ?? 0) + buffer.length;
        if (blob !== null && bufferBytes <= LARGEST_BUFFER_BYTES && this.#makeRoom(buffer.length)) {
          blob.add(buffer, byteLength);
          this.#cachedBytes += buffer.length;
          return;
        }
        // Too large, or the cache is full of blobs that are still being read.
        returnBuffer(buffer);
        blob?.release();
        blob = null;
      },
      onStored: (stored) => {
        if (blob !== null) this.#add(stored, blob);
      },
      onDiscarded: () => blob?.release(),
    };
  }

  /** Null when the blob is not cached. */
  openRead(sha256: string): CachedBlobReader | null {
    return this.#blobs.get(sha256)?.openRead() ?? null;
  }

  remove(sha256: string): void {
    const blob = this.#blobs.get(sha256);
    if (blob === undefined) return;
    this.#blobs.delete(sha256);
    blob.release();
  }

  #add({ sha256, byteSize }: StoredBlob, blob: CachedBlob): void {
    if (blob.byteSize !== byteSize) {
      // The driver did not pass all bytes on.
      blob.release();
      return;
    }
    this.remove(sha256);
    this.#blobs.set(sha256, blob);
    const timer = setTimeout(() => {
      if (this.#blobs.get(sha256) === blob) this.remove(sha256);
    }, CACHE_MS);
    // It must not keep the process alive.
    timer.unref();
  }

  /** Removes the oldest blobs until `byteLength` more bytes fit; false when they do not fit even then. */
  #makeRoom(byteLength: number): boolean {
    for (const sha256 of this.#blobs.keys()) {
      if (this.#cachedBytes + byteLength <= MAX_CACHED_BYTES) return true;
      this.remove(sha256);
    }
    return this.#cachedBytes + byteLength <= MAX_CACHED_BYTES;
  }
}

/** The buffers of one blob, shared by the cache and the readers: they go back to the pool when all have let go. */
class CachedBlob {
  readonly #buffers: Buffer[] = [];
  readonly #chunks: Uint8Array[] = [];
  readonly #onFreed: (bufferBytes: number) => void;
  /** Of the buffers, which may be longer than what is in them. */
  bufferBytes = 0;
  byteSize = 0;
  /** The cache counts as one. */
  #holders = 1;
  #canReuse = true;

  constructor(onFreed: (bufferBytes: number) => void) {
    this.#onFreed = onFreed;
  }

  add(buffer: Buffer, byteLength: number): void {
    this.#buffers.push(buffer);
    this.#chunks.push(buffer.subarray(0, byteLength));
    this.bufferBytes += buffer.length;
    this.byteSize += byteLength;
  }

  openRead(): CachedBlobReader {
    this.#holders += 1;
    let isOpen = true;
    return {
      byteSize: this.byteSize,
      bytes: this.#chunks,
      close: (canReuse = true) => {
        if (!isOpen) return;
        isOpen = false;
        this.#canReuse &&= canReuse;
        this.release();
      },
    };
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#onFreed(this.bufferBytes);
    if (this.#canReuse) this.#buffers.forEach(returnBuffer);
  }
}
