/** Sends a stream as the body of a response. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Resolves when everything was sent, or the client has disconnected. @throws when the stream cannot be read to its end */
export async function sendStream(stream: Readable, response: ServerResponse): Promise<void> {
  await pipeline(stream, response).catch((error: unknown) => {
    // Without an error of its own, the stream was destroyed because the client disconnected.
    if (stream.errored !== null && !isPrematureClose(stream.errored)) throw error;
  });
}

function isPrematureClose(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
