/**
 * Creates, rotates and revokes API keys. Servers notice within seconds (src/auth/drivers/keys), so the command line can do
 * it beside a running one.
 */
import type { Database } from '../db/database.ts';
import type { Page } from '../db/lists/page.ts';
import {
  allApiKeys,
  countApiKeys,
  insertApiKey,
  lockApiKey,
  pageOfApiKeys,
  setApiKeyRevoked,
  setApiKeySecrets,
} from '../db/queries/api-keys.ts';
import { type ApiKey, apiKeyToken, type StoredApiKey } from '../domain/access/api-key.ts';
import { isName, isPrincipalId, PRINCIPAL_MAX_LENGTH } from '../domain/access/principal.ts';
import type { Scope } from '../domain/access/scope.ts';
import { type FieldError, ForbiddenError, InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { sha256 } from '../lib/sha256.ts';

export interface NewApiKey {
  /** It need not exist before: a principal is whoever has credentials for it. */
  readonly principal: string;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  /** RFC 3339 in UTC; null for a key that does not expire. */
  readonly expiresAt: string | null;
}

/** A key with its token, which cannot be shown again. */
export interface IssuedApiKey {
  readonly apiKey: ApiKey;
  /** `dk_<id>_<secret>` */
  readonly token: string;
}

export interface ApiKeyCommands {
  /**
   * @param grantable the scopes of whoever creates the key: a key can have no others
   * @throws {InvalidInputError} · {ForbiddenError} a scope is not grantable
   */
  create(key: NewApiKey, grantable: ReadonlySet<Scope>): Promise<IssuedApiKey>;
  /** Oldest first, revoked ones included. */
  list(): Promise<readonly ApiKey[]>;
  /** By id. @param principal null for the keys of all principals */
  page(principal: string | null, window: Page): Promise<readonly ApiKey[]>;
  count(principal: string | null): Promise<number>;
  /** Does nothing to a key that was revoked before. @throws {NotFoundError} */
  revoke(id: string): Promise<ApiKey>;
  /**
   * Gives the key a new secret. The one until now works for `graceMs` more; one that was replaced earlier stops at once.
   * @throws {NotFoundError} no such key · {InvalidInputError} the key was revoked or has expired
   */
  rotate(id: string, graceMs: number): Promise<IssuedApiKey>;
}

export interface ApiKeyCommandsOptions {
  readonly db: Database;
  readonly nowMs: () => number;
  /** As many bytes as asked for, from a cryptographic source. */
  readonly randomBytes: (count: number) => Buffer;
}

/** In characters. */
const NAME_MAX_LENGTH = 200;
const ID_LENGTH = 12;
const SECRET_BYTES = 32;

export function createApiKeyCommands({ db, nowMs, randomBytes }: ApiKeyCommandsOptions): ApiKeyCommands {
  const timeAt = (epochMs: number) => new Date(epochMs).toISOString();
  const newSecret = () => randomBytes(SECRET_BYTES).toString('base64url');

  return {
    async create(input, grantable) {
      const forbidden = input.scopes.find((scope) => !grantable.has(scope));
      if (forbidden !== undefined) throw new ForbiddenError(forbidden);
      const errors = inputErrors(input, timeAt(nowMs()));
      if (errors.length > 0) throw new InvalidInputError(errors);
      const secret = newSecret();
      const key: StoredApiKey = {
        ...input,
        scopes: [...new Set(input.scopes)],
        id: newId(randomBytes),
        createdAt: timeAt(nowMs()),
        revokedAt: null,
        lastUsedAt: null,
        secrets: [{ hash: sha256(secret), endsAt: null }],
      };
      await insertApiKey(db, key);
      return { apiKey: key, token: apiKeyToken(key.id, secret) };
    },
    list: () => allApiKeys(db),
    page: (principal, window) => pageOfApiKeys(db, principal, window),
    count: (principal) => countApiKeys(db, principal),
    revoke: (id) =>
      db.transaction().execute(async (transaction) => {
        const key = await lockApiKey(transaction, id);
        if (key === null) throw new NotFoundError('apiKeyId', 'API key');
        const revokedAt = key.revokedAt ?? timeAt(nowMs());
        await setApiKeyRevoked(transaction, id, revokedAt);
        return { ...key, revokedAt };
      }),
    rotate: (id, graceMs) =>
      db.transaction().execute(async (transaction) => {
        const key = await lockApiKey(transaction, id);
        if (key === null) throw new NotFoundError('apiKeyId', 'API key');
        const now = timeAt(nowMs());
        const problem = rotationProblem(key, now);
        if (problem !== null) throw new InvalidInputError([{ field: 'apiKeyId', message: problem }]);
        const [{ hash }] = key.secrets;
        const secret = newSecret();
        const previous = { hash, endsAt: timeAt(nowMs() + graceMs) };
        await setApiKeySecrets(transaction, id, [{ hash: sha256(secret), endsAt: null }, previous], now);
        return { apiKey: key, token: apiKeyToken(id, secret) };
      }),
  };
}

/** What is wrong with the id of a principal. */
export function principalErrors(principal: string): readonly FieldError[] {
  return isPrincipalId(principal) ? [] : [textError('principal', PRINCIPAL_MAX_LENGTH)];
}

function inputErrors({ principal, name, scopes, expiresAt }: NewApiKey, now: string): readonly FieldError[] {
  const errors: FieldError[] = [...principalErrors(principal)];
  if (name !== null && !isName(name, NAME_MAX_LENGTH)) errors.push(textError('name', NAME_MAX_LENGTH));
  if (scopes.length === 0) errors.push({ field: 'scopes', message: 'must name at least one scope.' });
  if (expiresAt !== null && expiresAt <= now) errors.push({ field: 'expiresAt', message: 'must be in the future.' });
  return errors;
}

function textError(field: string, maxLength: number): FieldError {
  const message = `must have 1 to ${maxLength} characters, without control characters and without spaces at its ends.`;
  return { field, message };
}

function rotationProblem({ revokedAt, expiresAt }: ApiKey, now: string): string | null {
  if (revokedAt !== null) return 'is revoked. Create a new key instead.';
  if (expiresAt !== null && expiresAt <= now) return 'has expired. Create a new key instead.';
  return null;
}

const ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Bytes from here on would make some characters more frequent than others. */
const BYTE_LIMIT = 256 - (256 % ID_CHARACTERS.length);

function newId(randomBytes: (count: number) => Buffer): string {
  let id = '';
  while (id.length < ID_LENGTH) {
    for (const byte of randomBytes(ID_LENGTH)) if (byte < BYTE_LIMIT) id += ID_CHARACTERS[byte % ID_CHARACTERS.length];
  }
  return id.slice(0, ID_LENGTH);
}
