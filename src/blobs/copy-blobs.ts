/** Carries blobs from one store to another, each of them checked against its hash on the way. */
import { type BlobStore, BlobWriteError, type StoredBlob } from './blob-store.ts';

export interface CopyBlobsOptions {
  readonly from: Pick<BlobStore, 'read'>;
  readonly to: Pick<BlobStore, 'put'>;
  /** What to carry; what comes twice is carried once. */
  readonly blobs: AsyncIterable<StoredBlob>;
  /** Whether a blob is at its goal already. */
  readonly isThere: (blob: StoredBlob) => Promise<boolean>;
}

export interface CopiedBlobs {
  readonly copied: number;
  readonly copiedBytes: number;
  readonly there: number;
  /** What could not be read, or is not what it was, with the reason for each. */
  readonly lost: readonly Error[];
}

/** How many at once: most of the time is spent on waiting for the disk. */
const PARALLEL = 8;

/** @throws {BlobWriteError} when `to` cannot store any more. */
export async function copyBlobs({ from, to, blobs, isThere }: CopyBlobsOptions): Promise<CopiedBlobs> {
  let copied = 0;
  let copiedBytes = 0;
  let there = 0;
  const lost: Error[] = [];

  async function carry(blob: StoredBlob): Promise<void> {
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
      lost.push(error instanceof Error ? error : new Error(String(error)));
    }
  }

  const ahead = distinct(blobs);
  const carriers = Array.from({ length: PARALLEL }, async () => {
    for await (const blob of ahead) await carry(blob);
  });
  // All of them are waited for: none may still write when the caller clears up.
  for (const carrier of await Promise.allSettled(carriers)) if (carrier.status === 'rejected') throw carrier.reason;
  return { copied, copiedBytes, there, lost };
}

async function* distinct(blobs: AsyncIterable<StoredBlob>): AsyncGenerator<StoredBlob> {
  const seen = new Set<string>();
  for await (const blob of blobs) {
    if (seen.has(blob.sha256)) continue;
    seen.add(blob.sha256);
    yield blob;
  }
}
