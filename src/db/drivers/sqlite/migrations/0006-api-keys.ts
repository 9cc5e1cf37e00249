/** API keys. src/db/tables.ts describes the columns. */
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('principal', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull())
    .addColumn('previous_secret_hash', 'text')
    .addColumn('previous_secret_ends_at', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('revoked_at', 'text')
    .addColumn('last_used_at', 'text')
    .addColumn('changed_at', 'text', (column) => column.notNull())
    .execute();
  // For servers, which look for changes all the time.
  await db.schema.createIndex('api_keys_by_change').on('api_keys').column('changed_at').execute();
}
