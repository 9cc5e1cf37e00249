/** A file that a client is sending: read once, as it arrives. Who takes it in is graphql/plugins/use-multipart.ts. */
export class IncomingFile {
  /** So many bytes of the request are yet to come, the file's and a little more; null when the client does not say. */
  readonly announcedBytes: number | null;
  readonly #bytes: AsyncIterable<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>, announcedBytes: number | null) {
    this.#bytes = bytes;
    this.announcedBytes = announcedBytes;
  }

  /**
   * The bytes as they arrive; the client waits while they are not taken. They can be read once, and to leave the loop is
   * to want no more of them. Throws when the client breaks off.
   */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#bytes[Symbol.asyncIterator]();
  }
}
