/** The blobs in memory behind recent-cache.ts, by their hash and oldest first. Each is removed after a second. */
import { LARGEST_BUFFER_BYTES, returnBuffer } from '../lib/buffer-pool.ts';
import type { BlobReader, StoredBlob, WriteObserver } from './blob-store.ts';

/** Bound for all of them together, including those still being written; the oldest are removed first. */
const MAX_CACHED_BYTES = 16 * 1024 * 1024;
const CACHE_MS = 1_000;

/** A cached blob as a reader. */
export interface CachedBlobReader extends BlobReader {
  readonly bytes: readonly Uint8Array[];
}

export class RecentBlobs {
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
  /** Length of the buffers: the memory that the blob takes. */
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
