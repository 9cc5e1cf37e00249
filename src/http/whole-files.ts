/**
 * Files that are small enough to be read in one piece and handed to the socket as they are: a stream of 64 KiB pieces costs
 * several times as much (docs/decisions). A slow reader holds the piece meanwhile, so there is a bound for all together.
 */
import { open } from 'node:fs/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

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
      try {
        const bytes = await readExactly(path, byteSize);
        // The client may have left while we read.
        if (response.destroyed) return;
        const closed = new Promise<void>((resolve) => response.once('close', resolve));
        response.writeHead(200, { ...headers, 'content-length': byteSize });
        response.end(bytes);
        await closed;
      } finally {
        underWay -= byteSize;
      }
    },
  };
}

async function readExactly(path: string, byteSize: number): Promise<Buffer> {
  // One byte more would come of a file that is too long.
  const bytes = Buffer.allocUnsafeSlow(byteSize + 1);
  let filled = 0;
  await using file = await open(path);
  while (filled < byteSize) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  if (filled !== byteSize) throw new Error(`there are ${filled} bytes and not ${byteSize}`);
  return bytes.subarray(0, byteSize);
}
