/** The same request twice, told from two requests: a key that the client chose, and the hash of what it asked for. */
import { createHash } from 'node:crypto';
import type { GenerationRequest } from '../domain/generation-request.ts';

/** Characters. */
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;

/** Two requests are the same when all of this is the same. */
export interface RequestIdentity {
  readonly request: GenerationRequest;
  /** As the client gave it; null for a new conversation. */
  readonly conversationId: string | null;
  readonly sourceIds: readonly string[];
}

/** The settings that there were when the first keys were stored: they are hashed though they were not asked for. */
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
 * Lower-case hexadecimal SHA-256; the order in which the fields were written makes no difference. What was not asked
 * for leaves no trace, so that a key stays good when a new version of this server knows more to ask for.
 */
export function hashOf({ request, conversationId, sourceIds }: RequestIdentity): string {
  const { kind, prompt, settings, count, verbatim, maskImageId, ...newerOptions } = request;
  const asked = [count === 1 ? null : count, verbatim || null, maskImageId];
  const newer = sortedEntries(newerOptions).filter(([, value]) => value !== null && value !== false);
  const wanted = sortedEntries(settings).filter(([name, value]) => value !== null || FIRST_SETTINGS.has(name));
  const identity: unknown[] = [kind, prompt, conversationId, sourceIds, wanted];
  if (newer.length > 0) identity.push(asked, newer);
  else if (asked.some((value) => value !== null)) identity.push(asked);
  return sha256Of(identity);
}

function sortedEntries(options: object): [string, unknown][] {
  return Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The same for a call that is made again: what it still lacks is no part of what was asked. */
export function hashOfRetry(callId: string): string {
  return sha256Of(['RETRY', callId]);
}

function sha256Of(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
