/** Stores bytes that are in memory through a writer. */
import type { BlobWriter, StoredBlob } from './blob-store.ts';

/** How much is copied at once. */
const CHUNK_BYTES = 1024 * 1024;

/** @throws {BlobWriteError} when the bytes could not be stored. */
export async function writeAll(writer: BlobWriter, bytes: Uint8Array): Promise<StoredBlob> {
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) await writer.write(bytes.subarray(at, at + CHUNK_BYTES));
  } catch {
    // `finish` reports the same error and cleans up.
  }
  return await writer.finish();
}
