/**
 * Keeps the variants that were made: their bytes in a blob store of their own, which name is theirs in the table `variants`.
 * Whatever is missing or damaged is made again, so nothing here has to survive.
 */
import type { BlobStore, StoredBlob } from '../../blobs/blob-store.ts';
import type { Database } from '../../db/database.ts';
import { findVariant, putVariant, touchVariant } from '../../db/queries/images/variants.ts';
import type { VariantKey } from '../../domain/images/variant.ts';

/** How often the use of a variant is written down. */
const TOUCH_INTERVAL_MS = 60 * 60 * 1000;

export interface VariantStoreOptions {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, 'put' | 'stat' | 'delete'>;
  /** Hears of each variant that was stored; nothing waits for it. */
  readonly onStored: (byteSize: number) => void;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export interface VariantStore {
  /** Null when it was not made yet, or its bytes are missing or have another size. */
  find(key: VariantKey): Promise<StoredBlob | null>;
  /**
   * Null when the image was deleted meanwhile: then nothing is kept.
   * @throws {BlobWriteError} and the errors of the database
   */
  put(key: VariantKey, bytes: Uint8Array): Promise<StoredBlob | null>;
}

export function createVariantStore({ db, blobs, onStored, nowMs, newId }: VariantStoreOptions): VariantStore {
  const now = () => new Date(nowMs()).toISOString();
  return {
    async find(key) {
      const found = await findVariant(db, key);
      if (found === null) return null;
      const { id, sha256, byteSize, usedAt } = found;
      const stat = await blobs.stat(sha256);
      if (stat?.byteSize !== byteSize) return null;
      if (Date.parse(usedAt) < nowMs() - TOUCH_INTERVAL_MS) await touchVariant(db, key.principal, id, now());
      return { sha256, byteSize };
    },

    async put(key, bytes) {
      const blob = await blobs.put(bytes);
      const variant = { ...key, ...blob, id: newId(), at: now() };
      const isStored = await db.transaction().execute((transaction) => putVariant(transaction, variant));
      if (!isStored) {
        // Another principal may have a variant of the same bytes: it is made again when it is needed.
        await blobs.delete(blob.sha256);
        return null;
      }
      onStored(blob.byteSize);
      return blob;
    },
  };
}
