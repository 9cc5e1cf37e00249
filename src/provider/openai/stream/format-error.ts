/**
 * The upstream sent something that is not a valid answer, or is larger than this server's limit. It never leaves this
 * folder: event-body.ts and responses/snapshot.ts turn it into a ProviderError.
 */
export class StreamFormatError extends Error {
  override readonly name = 'StreamFormatError';
}
