/**
 * What the upstream sent is not what a Responses stream looks like, or is larger than this server takes.
 * It never leaves the folder: openai-provider.ts turns it into a ProviderError.
 */
export class StreamFormatError extends Error {
  override readonly name = 'StreamFormatError';
}
