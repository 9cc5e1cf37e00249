/**
 * Files that are small enough to be read in one piece and handed to the socket as they are: a stream of 64 KiB pieces costs
 * several times as much (docs/decisions). A slow reader holds the piece meanwhile, so there is a bound for all together.
 */
import { open } from 'node:fs/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { borrowBuffer, returnBuffer } from '../lib/buffer-pool.ts';

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_BYTES_UNDER_WAY = 64 * 1024 * 1024;

export interface WholeFile {
  readonly path: string;
  readonly byteSize: number;
  readonly headers: OutgoingHttpHeaders;
}

export interface WholeFiles {
  /** Whether a file of this size can be sent this way now. */
  hasRoomFor(byteSize: number): boolean;
  /**
   * Resolves when the response is closed.
   * @throws before anything was sent, when the file cannot be read or has not exactly this size
   */
  send(response: ServerResponse, file: WholeFile): Promise<void>;
}

export function createWholeFiles(): WholeFiles {
  let underWay = 0;
  return {
    hasRoomFor: (byteSize) => byteSize <= MAX_FILE_BYTES && underWay + byteSize <= MAX_BYTES_UNDER_WAY,
    async send(response, { path, byteSize, headers }) {
      underWay += byteSize;
      // One byte more would come of a file that is too long.
      const buffer = borrowBuffer(byteSize + 1);
      try {
        const bytes = await readExactly(path, byteSize, buffer);
        await sendParts(response, [bytes], headers);
      } finally {
        underWay -= byteSize;
        // Of a response that broke off, the system may still be reading what was to be sent.
        if (response.writableFinished) returnBuffer(buffer);
      }
    },
  };
}

/** Answers with bytes that are in memory. Resolves when the response is closed; then, or never, they were sent. */
export async function sendParts(
  response: ServerResponse,
  parts: readonly Uint8Array[],
  headers: OutgoingHttpHeaders,
): Promise<void> {
  // The client may have left in the meantime.
  if (response.destroyed) return;
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  const byteSize = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  response.writeHead(200, { ...headers, 'content-length': byteSize });
  for (const part of parts.slice(0, -1)) response.write(part);
  response.end(parts.at(-1));
  await closed;
}

async function readExactly(path: string, byteSize: number, buffer: Buffer): Promise<Buffer> {
  let filled = 0;
  await using file = await open(path);
  while (filled < byteSize) {
    const { bytesRead } = await file.read(buffer, filled, byteSize + 1 - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  if (filled !== byteSize) throw new Error(`there are ${filled} bytes and not ${byteSize}`);
  return buffer.subarray(0, byteSize);
}
