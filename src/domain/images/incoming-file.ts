/** A file that a client is sending. It can be read once, as it arrives (src/graphql/plugins/use-multipart.ts). */
export class IncomingFile {
  /**
   * The number of bytes that the client announced for the rest of the request: those of the file and a few more. Null when
   * it announced none.
   */
  readonly announcedBytes: number | null;
  readonly #bytes: AsyncIterable<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>, announcedBytes: number | null) {
    this.#bytes = bytes;
    this.announcedBytes = announcedBytes;
  }

  /**
   * Yields the bytes as they arrive; the client waits while they are not read. They can be read only once. Leaving the
   * loop discards the rest. Throws when the client aborts the request.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#bytes[Symbol.asyncIterator]();
  }
}
