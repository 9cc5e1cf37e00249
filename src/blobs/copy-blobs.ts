/** Copies blobs from one store to another and verifies the hash of each. */
import { BlobMissingError, type BlobStore, BlobWriteError, type StoredBlob } from './blob-store.ts';

/** One of the blobs that are copied. */
export interface CopiedBlob extends StoredBlob {
  /** Whether it may be missing. */
  readonly isPreview: boolean;
}

export interface CopyBlobsOptions {
  readonly from: Pick<BlobStore, 'read'>;
  readonly to: Pick<BlobStore, 'put'>;
  /** What to copy; a blob that is named twice is copied once. */
  readonly blobs: AsyncIterable<CopiedBlob>;
  /** Whether `to` has a blob already. */
  readonly isThere: (blob: StoredBlob) => Promise<boolean>;
}

export interface CopiedBlobs {
  readonly copied: number;
  readonly copiedBytes: number;
  /** How many `to` had already. */
  readonly there: number;
  /** One error for each blob that is missing, and is no preview, or is damaged or cannot be read. */
  readonly lost: readonly Error[];
}

/** How many blobs are copied at the same time: most of the time is spent waiting for the disk. */
const PARALLEL_COPIES = 8;

/** @throws {BlobWriteError} when `to` cannot store any more. */
export async function copyBlobs({ from, to, blobs, isThere }: CopyBlobsOptions): Promise<CopiedBlobs> {
  let copied = 0;
  let copiedBytes = 0;
  let there = 0;
  const lost: Error[] = [];

  async function copy(blob: CopiedBlob): Promise<void> {
    if (await isThere(blob)) {
      there += 1;
      return;
    }
    try {
      const { byteSize } = await to.put(await from.read(blob.sha256));
      copied += 1;
      copiedBytes += byteSize;
    } catch (error) {
      if (error instanceof BlobWriteError) throw error;
      if (error instanceof BlobMissingError && blob.isPreview) return;
      lost.push(error instanceof Error ? error : new Error(String(error)));
    }
  }

  // One iterator that all workers take from.
  const remaining = withoutRepeats(blobs);
  const workers = Array.from({ length: PARALLEL_COPIES }, async () => {
    for await (const blob of remaining) await copy(blob);
  });
  // Wait for every worker before failing: none may still write while the caller cleans up.
  for (const worker of await Promise.allSettled(workers)) if (worker.status === 'rejected') throw worker.reason;
  return { copied, copiedBytes, there, lost };
}

async function* withoutRepeats(blobs: AsyncIterable<CopiedBlob>): AsyncGenerator<CopiedBlob> {
  const seen = new Set<string>();
  for await (const blob of blobs) {
    if (seen.has(blob.sha256)) continue;
    seen.add(blob.sha256);
    yield blob;
  }
}
