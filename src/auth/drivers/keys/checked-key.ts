/** An API key that was read from the database, ready to check tokens against it. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { apiKeyCredential, endOfSecret, type StoredApiKey } from '../../../domain/access/api-key.ts';
import type { Principal } from '../../authenticate.ts';

/** One secret of a key. */
export interface CheckedSecret {
  readonly hash: Buffer;
  /** When it stops working, in milliseconds since 1970; infinite for never. */
  readonly endMs: number;
  readonly principal: Principal;
}

export interface CheckedKey {
  readonly id: string;
  readonly secrets: readonly CheckedSecret[];
  readonly lastUsedMs: number;
}

/** Calls `onEnd` when the secret with this hash (hex) ends. @returns a function that stops watching */
export type WatchEnd = (id: string, hash: string, onEnd: () => void) => () => void;

/** Stands for a key that does not exist: no token has a secret with this hash. */
export const NO_KEY: StoredApiKey = {
  id: '',
  principal: '',
  name: null,
  scopes: [],
  createdAt: '',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  secrets: [{ hash: randomBytes(32).toString('hex'), endsAt: null }],
};

export function checkedKeyOf(key: StoredApiKey, watchEnd: WatchEnd): CheckedKey {
  const { id, principal, lastUsedAt } = key;
  const scopes = new Set(key.scopes);
  const secrets = key.secrets.map((secret) => {
    const { hash } = secret;
    const end = endOfSecret(key, secret);
    return {
      hash: Buffer.from(hash, 'hex'),
      endMs: end === null ? Number.POSITIVE_INFINITY : Date.parse(end),
      principal: {
        id: principal,
        scopes,
        credential: apiKeyCredential(id),
        only: null,
        watchEnd: (onEnd: () => void) => watchEnd(id, hash, onEnd),
      },
    };
  });
  return { id, secrets, lastUsedMs: lastUsedAt === null ? 0 : Date.parse(lastUsedAt) };
}

/** The live secret with this hash (hex), or null. The time it takes tells nothing about the hashes of the key. */
export function secretWithHash({ secrets }: CheckedKey, hash: string, nowMs: number): CheckedSecret | null {
  const given = Buffer.from(hash, 'hex');
  let found: CheckedSecret | null = null;
  for (const secret of secrets) if (timingSafeEqual(secret.hash, given) && secret.endMs > nowMs) found = secret;
  return found;
}

/** The live secret that works for the longest time, or null. */
export function newestSecret({ secrets }: CheckedKey, nowMs: number): CheckedSecret | null {
  const live = secrets.filter(({ endMs }) => endMs > nowMs);
  return live.toSorted((a, b) => (a.endMs < b.endMs ? 1 : -1))[0] ?? null;
}
