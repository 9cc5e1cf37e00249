/**
 * A process that stores blobs until it is killed: `node endless-writer.ts <directory>`.
 * It prints the hash of each stored blob on a line.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';

const blobs = await openFileBlobStore({ directory: process.argv[2] ?? '' });

async function storeForEver(): Promise<never> {
  for (;;) {
    const writer = blobs.openWriter();
    for (let chunk = randomInt(1, 24); chunk > 0; chunk -= 1) await writer.write(randomBytes(randomInt(1, 65_536)));
    const { sha256 } = await writer.finish();
    process.stdout.write(`${sha256}\n`);
  }
}

await Promise.all([storeForEver(), storeForEver(), storeForEver()]);
