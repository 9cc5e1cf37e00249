/**
 * A process that stores one blob of this size in chunks of 64 KB: `node put-one.ts <directory> <bytes>`.
 * It prints the outcome as JSON.
 */
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';

const blobs = await openFileBlobStore({ directory: process.argv[2] ?? '' });
const writer = blobs.openWriter();
try {
  for (let left = Number(process.argv[3]); left > 0; left -= 65_536) await writer.write(Buffer.alloc(65_536, left));
  console.log(JSON.stringify(await writer.finish()));
} catch (writeError) {
  const finishError = await writer.finish().catch((error: unknown) => error);
  const toText = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : 'none');
  console.log(JSON.stringify({ write: toText(writeError), finish: toText(finishError) }));
}
