/**
 * A ZIP file that is written while it is sent: nothing is compressed, because images are already, so its size is known
 * before its first byte. client-zip writes the format, with ZIP64 where it is needed.
 */
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { makeZip, predictLength } from 'client-zip';

export interface ZipEntry {
  /** A relative path with slashes. */
  readonly name: string;
  readonly byteSize: number;
  readonly modifiedAt: Date;
  /** Called once, when the entry is next. The iterator is returned early when the client leaves. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** The checksum of that much takes about a millisecond of the main thread. */
const SLICE_BYTES = 64 * 1024;

/** The exact size of the file, in bytes. */
export function zipByteSize(entries: readonly ZipEntry[]): bigint {
  return predictLength(entries.map(({ name, byteSize }) => ({ name, size: byteSize })));
}

/** Reads an entry only when the ones before it were taken. Fails when an entry has another size than it said. */
export function zipStream(entries: readonly ZipEntry[]): Readable {
  // The stream of the web is the same object in both of its types.
  const zip = makeZip(filesOf(entries)) as Parameters<typeof Readable.fromWeb>[0];
  return Readable.fromWeb(zip);
}

function* filesOf(entries: readonly ZipEntry[]) {
  for (const { name, byteSize, modifiedAt, read } of entries) {
    yield { name, size: byteSize, lastModified: modifiedAt, input: inSlices(read(), { name, byteSize }) };
  }
}

async function* inSlices(
  chunks: AsyncIterable<Uint8Array>,
  { name, byteSize }: Pick<ZipEntry, 'name' | 'byteSize'>,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.byteLength; start += SLICE_BYTES) {
      // A copy: the reader uses its memory again, and the stream may not have sent the last slice yet.
      yield chunk.slice(start, start + SLICE_BYTES);
      await turn();
    }
    read += chunk.byteLength;
  }
  if (read !== byteSize) throw new Error(`${name} has ${read} bytes instead of ${byteSize}`);
}
