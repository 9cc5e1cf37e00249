/** API keys: what is stored of them, and the format of their tokens (PROTOCOL.md). */
import type { Scope } from './scope.ts';

/** What may be shown of a key. */
export interface ApiKey {
  /** Twelve lower-case letters and digits; the public part of the token. */
  readonly id: string;
  /** Whose calls, images and conversations the key gives access to. */
  readonly principal: string;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  /** Null for a key that does not expire. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** Up to a few minutes old. Null when the key was never used. */
  readonly lastUsedAt: string | null;
}

/** One of at most two secrets that are valid at the same time. */
export interface ApiKeySecret {
  /** The SHA-256 of the secret, in hex. The secret has 256 random bits, so it needs no slow hash. */
  readonly hash: string;
  /** When the secret stops working, because the key was rotated; null for the current one. */
  readonly endsAt: string | null;
}

export interface StoredApiKey extends ApiKey {
  /** The current secret, then the one before it. */
  readonly secrets: readonly [ApiKeySecret, ...ApiKeySecret[]];
}

const TOKEN = /^dk_([a-z0-9]{12})_([\w-]{43})$/u;

export function apiKeyToken(id: string, secret: string): string {
  return `dk_${id}_${secret}`;
}

/** What names a key among the credentials of a principal, in logs, rates and budgets. */
export type ApiKeyCredential = `key:${string}`;

const CREDENTIAL_PREFIX = 'key:';

export function apiKeyCredential(id: string): ApiKeyCredential {
  return `${CREDENTIAL_PREFIX}${id}`;
}

export function isApiKeyCredential(credential: string | null): credential is ApiKeyCredential {
  return credential?.startsWith(CREDENTIAL_PREFIX) ?? false;
}

/** The id of the key. */
export function apiKeyIdOf(credential: ApiKeyCredential): string {
  return credential.slice(CREDENTIAL_PREFIX.length);
}

/** Null when the text is no API key. */
export function parseApiKeyToken(token: string): { readonly id: string; readonly secret: string } | null {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** When this secret of the key stops working, as far as it is known now: the first of three times. Null for never. */
export function endOfSecret({ expiresAt, revokedAt }: ApiKey, { endsAt }: ApiKeySecret): string | null {
  // Times are RFC 3339 text in UTC with milliseconds, so they sort.
  return [expiresAt, revokedAt, endsAt].filter((time) => time !== null).sort()[0] ?? null;
}
