/** Where the keys driver finds API keys. src/app implements it with src/db/queries/api-keys.ts. */
import type { StoredApiKey } from '../domain/access/api-key.ts';

export interface ApiKeyStore {
  /** Those that exist, in no particular order. */
  find(ids: readonly string[]): Promise<readonly StoredApiKey[]>;
  /** Those that were created, rotated or revoked at this time (RFC 3339) or later. */
  changedSince(at: string): Promise<readonly StoredApiKey[]>;
  markUsed(ids: readonly string[], at: string): Promise<void>;
}
