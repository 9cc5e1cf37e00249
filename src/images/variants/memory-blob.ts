/** Bytes that are in memory only, to be read like a stored blob. */
import { createHash } from 'node:crypto';
import type { BlobStore, StoredBlob } from '../../blobs/blob-store.ts';

export function memoryBlob(bytes: Buffer): StoredBlob & { readonly blobs: Pick<BlobStore, 'openRead' | 'stat'> } {
  const byteSize = bytes.byteLength;
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    byteSize,
    blobs: {
      stat: async () => ({ byteSize, modifiedMs: 0 }),
      openRead: async (_, range) => ({
        byteSize,
        bytes: [range === undefined ? bytes : bytes.subarray(range.start, range.end + 1)],
        close: () => undefined,
      }),
    },
  };
}
