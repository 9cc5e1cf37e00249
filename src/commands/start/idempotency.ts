/** Input hashes: two requests with the same idempotency key are the same request when their hashes are equal. */
import { createHash } from 'node:crypto';
import type { GenerationRequest } from '../../domain/generation/generation-request.ts';

/** In characters. */
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;

/** The parts of an input that count for its hash. */
export interface RequestIdentity {
  readonly request: GenerationRequest;
  /** As the client sent it; null for a new conversation. */
  readonly conversationId: string | null;
  readonly sourceIds: readonly string[];
}

/** The settings that existed when the first keys were stored. They are hashed even when they are null. */
const FIRST_SETTINGS: ReadonlySet<string> = new Set([
  'model',
  'size',
  'quality',
  'format',
  'compression',
  'background',
  'moderation',
  'inputFidelity',
  'partialImages',
]);

/**
 * The SHA-256 in lower-case hexadecimal digits. It does not depend on the order of the fields. Options that were not
 * requested are left out, so that stored hashes stay valid when a new version of the server adds options.
 */
export function hashOf({ request, conversationId, sourceIds }: RequestIdentity): string {
  const { kind, prompt, settings, count, verbatim, maskImageId, ...newerOptions } = request;
  const options = [count === 1 ? null : count, verbatim || null, maskImageId];
  const newer = sortedEntries(newerOptions).filter(([, value]) => value !== null && value !== false);
  const requested = sortedEntries(settings).filter(([name, value]) => value !== null || FIRST_SETTINGS.has(name));
  const identity: unknown[] = [kind, prompt, conversationId, sourceIds, requested];
  if (newer.length > 0) identity.push(options, newer);
  else if (options.some((value) => value !== null)) identity.push(options);
  return sha256Of(identity);
}

function sortedEntries(options: object): [string, unknown][] {
  return Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The hash of a retry. Which images are missing may change and is not part of the input. */
export function hashOfRetry(callId: string): string {
  return sha256Of(['RETRY', callId]);
}

function sha256Of(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
