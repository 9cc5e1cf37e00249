/** Who is answered alike: an answer to one member of an audience may be sent to any other (plugins/shared-events.ts). */
import type { Principal } from '../auth/authenticate.ts';

/**
 * A text for everything in the context of an operation that can change its answer: whose rows it reads, what its
 * credentials allow, and how the client reached the server.
 * @param origin the address in the URLs of an answer
 */
export function audienceOf(
  { id, scopes, credential, only }: Omit<Principal, 'watchEnd' | 'endsAtMs'>,
  origin: string,
): string {
  return JSON.stringify([id, [...scopes].sort(), credential, only === null ? null : [only.type, only.id], origin]);
}
