/** API keys. They are read by id, before anybody knows the principal; src/auth/drivers/keys decides what they are worth. */
import type { Selectable } from 'kysely';
import type { ApiKeySecret, StoredApiKey } from '../../domain/access/api-key.ts';
import { ALL_SCOPES, type Scope } from '../../domain/access/scope.ts';
import { updatedRows } from '../affected-rows.ts';
import type { Database } from '../database.ts';
import { type Page, page } from '../lists/page.ts';
import { forUpdate } from '../locking.ts';
import type { ApiKeysTable } from '../tables/money-and-access.ts';

export async function insertApiKey(db: Database, key: StoredApiKey): Promise<void> {
  const { id, principal, name, scopes, createdAt, expiresAt, revokedAt, lastUsedAt, secrets } = key;
  await db
    .insertInto('api_keys')
    .values({
      id,
      principal,
      name,
      scopes: JSON.stringify(scopes),
      ...secretColumns(secrets),
      created_at: createdAt,
      expires_at: expiresAt,
      revoked_at: revokedAt,
      last_used_at: lastUsedAt,
      changed_at: createdAt,
    })
    .execute();
}

/** Those that exist, in no particular order. */
export async function findApiKeys(db: Database, ids: readonly string[]): Promise<readonly StoredApiKey[]> {
  const rows = await db.selectFrom('api_keys').selectAll().where('id', 'in', ids).execute();
  return rows.map(apiKeyOf);
}

/** For a transaction that changes the key. Null when there is none. */
export async function lockApiKey(db: Database, id: string): Promise<StoredApiKey | null> {
  const query = db.selectFrom('api_keys').selectAll().where('id', '=', id);
  const row = await forUpdate(db, query).executeTakeFirst();
  return row === undefined ? null : apiKeyOf(row);
}

/** Those that were created, rotated or revoked at this time or later. */
export async function apiKeysChangedSince(db: Database, at: string): Promise<readonly StoredApiKey[]> {
  const rows = await db.selectFrom('api_keys').selectAll().where('changed_at', '>=', at).execute();
  return rows.map(apiKeyOf);
}

/** Oldest first. */
export async function allApiKeys(db: Database): Promise<readonly StoredApiKey[]> {
  const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('id').execute();
  return rows.map(apiKeyOf);
}

/** In the order of their ids, which are random. Of all principals, unless one is named. */
export async function pageOfApiKeys(
  db: Database,
  principal: string | null,
  window: Page,
): Promise<readonly StoredApiKey[]> {
  let query = db.selectFrom('api_keys').selectAll();
  if (principal !== null) query = query.where('principal', '=', principal);
  const rows = await page(query, 'api_keys.id', window).execute();
  return rows.map(apiKeyOf);
}

/** @param principal null for those of all principals */
export async function countApiKeys(db: Database, principal: string | null): Promise<number> {
  const all = db.selectFrom('api_keys').select(({ fn }) => fn.countAll().as('count'));
  const row = await (principal === null ? all : all.where('principal', '=', principal)).executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** False when there is no such key, or it was revoked before. */
export async function setApiKeyRevoked(db: Database, id: string, at: string): Promise<boolean> {
  const result = await db
    .updateTable('api_keys')
    .set({ revoked_at: at, changed_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return updatedRows(result) === 1;
}

export async function setApiKeySecrets(
  db: Database,
  id: string,
  secrets: StoredApiKey['secrets'],
  at: string,
): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ ...secretColumns(secrets), changed_at: at })
    .where('id', '=', id)
    .execute();
}

export async function setApiKeysUsed(db: Database, ids: readonly string[], at: string): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', 'in', ids).execute();
}

function secretColumns([current, previous]: StoredApiKey['secrets']) {
  return {
    secret_hash: current.hash,
    previous_secret_hash: previous?.hash ?? null,
    previous_secret_ends_at: previous?.endsAt ?? null,
  };
}

function apiKeyOf(row: Selectable<ApiKeysTable>): StoredApiKey {
  const { previous_secret_hash: hash, previous_secret_ends_at: endsAt } = row;
  const previous: readonly ApiKeySecret[] = hash === null || endsAt === null ? [] : [{ hash, endsAt }];
  // A newer version of this server may have stored scopes that this one does not know.
  const scopes: readonly Scope[] = JSON.parse(row.scopes);
  return {
    id: row.id,
    principal: row.principal,
    name: row.name,
    scopes: scopes.filter((scope) => ALL_SCOPES.has(scope)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    secrets: [{ hash: row.secret_hash, endsAt: null }, ...previous],
  };
}
