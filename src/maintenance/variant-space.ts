/**
 * Keeps the store of the variants within its limit, and removes the variants of images that are gone. Variants can be made
 * again, so an interrupted removal does no harm: a row without bytes is made again, and bytes without a row are removed by
 * the blob garbage collection of their store.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import {
  bytesOfVariants,
  isVariantBlobUsed,
  pageOfVariants,
  type RemovedVariant,
  removeLeastUsed,
  removeOrphanedVariants,
} from '../db/queries/engine/variants.ts';

/** How far the store is emptied when it is full, so that not every new variant has to remove others. */
const EMPTIED_SHARE = 0.9;
const PAGE_SIZE = 10;
/** Variants that are looked at in one transaction: a few milliseconds. */
const ORPHANS_PAGE_SIZE = 500;

export interface VariantSpaceOptions {
  readonly db: Database;
  /** The store of the variants. */
  readonly blobs: Pick<BlobStore, 'delete'>;
  readonly maxBytes: number;
  readonly logger: Logger;
}

export interface VariantSpace {
  /** A variant was stored. Removes others when there are too many bytes; never rejects. */
  add(byteSize: number): void;
  /** Removes the variants whose image is gone. */
  removeOrphans(): Promise<void>;
  /** Resolves when the removals that were begun are done. */
  settled(): Promise<void>;
}

async function deleteUnused(db: Database, blobs: VariantSpaceOptions['blobs'], sha256: string): Promise<void> {
  if (!(await isVariantBlobUsed(db, sha256))) await blobs.delete(sha256);
}

export function createVariantSpace({ db, blobs, maxBytes, logger }: VariantSpaceOptions): VariantSpace {
  /** Null until it is read. */
  let bytes: number | null = null;
  let removing: Promise<void> | null = null;

  async function forget(removed: readonly RemovedVariant[]): Promise<void> {
    for (const { sha256, byteSize } of removed) {
      bytes = (bytes ?? 0) - byteSize;
      await deleteUnused(db, blobs, sha256);
    }
  }

  async function removeWhatIsTooMuch(): Promise<void> {
    // Read again: images are deleted meanwhile, and so are their variants.
    bytes = await bytesOfVariants(db);
    if (bytes <= maxBytes) return;
    while (bytes > maxBytes * EMPTIED_SHARE) {
      const removed = await removeLeastUsed(db, PAGE_SIZE);
      if (removed.length === 0) return;
      await forget(removed);
    }
  }

  return {
    add(byteSize) {
      if (bytes !== null) bytes += byteSize;
      if (removing !== null || (bytes !== null && bytes <= maxBytes)) return;
      removing = removeWhatIsTooMuch()
        .catch((error: unknown) => logger.warn({ err: error }, 'variants of images could not be removed'))
        .finally(() => {
          removing = null;
        });
    },
    async removeOrphans() {
      for (let after = ''; ; ) {
        const ids = await pageOfVariants(db, after, ORPHANS_PAGE_SIZE);
        await forget(await removeOrphanedVariants(db, ids));
        const last = ids.at(-1);
        if (last === undefined || ids.length < ORPHANS_PAGE_SIZE) return;
        after = last;
        await turn();
      }
    },
    settled: async () => (await removing) ?? undefined,
  };
}
