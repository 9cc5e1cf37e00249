/**
 * Opens stored files for reading. A small one is read in one piece: a stream of 64 KiB chunks costs several times as much
 * (docs/decisions/2026-11-25-pictures-in-one-piece.md). A slow client holds that memory meanwhile, so there is a bound
 * for all of them together; beyond it files are streamed.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { borrowBuffer, LARGEST_BUFFER_BYTES, returnBuffer } from '../../../lib/buffer-pool.ts';
import { BlobDamagedError, BlobMissingError, type BlobReader, type ByteRange } from '../../blob-store.ts';
import { isMissing } from './missing-file.ts';

/** For all readers that are open at the same time. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

export class FileReader {
  #bufferedBytes = 0;

  /**
   * @param sha256 is named in errors
   * @throws {BlobMissingError} · {BlobDamagedError} when the file gets shorter while it is read · {RangeError}
   */
  async openRead(path: string, sha256: string, range?: ByteRange): Promise<BlobReader> {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw isMissing(error) ? new BlobMissingError(sha256, error) : error;
    });
    try {
      const { size: byteSize } = await file.stat();
      const { start, length } = sectionOf(byteSize, range);
      if (length > LARGEST_BUFFER_BYTES || this.#bufferedBytes + length > MAX_BUFFERED_BYTES) {
        return streamOf(file, { byteSize, start, length });
      }
      return await this.#readAtOnce(file, { sha256, byteSize, start, length });
    } catch (error) {
      closeUnwritten(file);
      throw error;
    }
  }

  async #readAtOnce(file: FileHandle, section: Section & { readonly sha256: string }): Promise<BlobReader> {
    const { sha256, byteSize, start, length } = section;
    this.#bufferedBytes += length;
    const buffer = borrowBuffer(length);
    let isOpen = true;
    const close = (canReuse = true) => {
      if (!isOpen) return;
      isOpen = false;
      this.#bufferedBytes -= length;
      if (canReuse) returnBuffer(buffer);
    };
    try {
      const bytes = buffer.subarray(0, length);
      if ((await readFully(file, bytes, start)) < length) throw new BlobDamagedError(sha256);
      closeUnwritten(file);
      return { byteSize, bytes: [bytes], close };
    } catch (error) {
      close();
      throw error;
    }
  }
}

/** The part of a file that is read. */
interface Section {
  /** Of the whole file. */
  readonly byteSize: number;
  readonly start: number;
  readonly length: number;
}

function sectionOf(byteSize: number, range: ByteRange | undefined): Pick<Section, 'start' | 'length'> {
  if (range === undefined) return { start: 0, length: byteSize };
  const { start, end } = range;
  if (start < 0 || start > end || end >= byteSize) {
    throw new RangeError(`The bytes ${start} to ${end} are not within a blob of ${byteSize} bytes.`);
  }
  return { start, length: end - start + 1 };
}

function streamOf(file: FileHandle, { byteSize, start, length }: Section): BlobReader {
  const bytes = file.createReadStream({ start, end: start + length - 1 });
  return { byteSize, bytes, close: () => void bytes.destroy() };
}

/** Reads until the buffer is full or the file ends; resolves with the number of bytes read. */
async function readFully(file: FileHandle, buffer: Buffer, start: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Does not wait: nothing was written through this handle, so an error cannot lose anything. */
function closeUnwritten(file: FileHandle): void {
  file.close().catch(() => undefined);
}
