/**
 * Migrates SQLite databases. Migrations are numbered, only go forward, and are never edited or renamed once released:
 * every database records the names of those that ran. They are the history of SQLite files; another driver has its own in
 * `src/db/drivers/<name>/migrations`, for the same tables (src/db/tables.ts).
 */
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import * as initial from './migrations/0001-initial.ts';
import * as durability from './migrations/0002-durability.ts';
import * as severalPictures from './migrations/0003-several-pictures.ts';
import * as costLines from './migrations/0004-cost-lines.ts';
import * as lookups from './migrations/0005-lookups.ts';
import * as apiKeys from './migrations/0006-api-keys.ts';
import * as budgets from './migrations/0007-budgets.ts';
import * as owners from './migrations/0008-owners.ts';
import * as markup from './migrations/0009-markup.ts';
import * as leftOut from './migrations/0010-left-out.ts';
import * as archive from './migrations/0011-archive.ts';
import * as search from './migrations/0012-search.ts';
import * as variants from './migrations/0013-variants.ts';
import * as purge from './migrations/0014-purge.ts';
import * as uploadKeys from './migrations/0015-upload-keys.ts';
import * as tasks from './migrations/0016-tasks.ts';
import * as indexes from './migrations/0017-indexes.ts';
import * as charges from './migrations/0018-charges.ts';
import * as tagsInUse from './migrations/0019-tags-in-use.ts';
import * as reservedPlaces from './migrations/0020-reserved-places.ts';

const MIGRATIONS = {
  '0001-initial': initial,
  '0002-durability': durability,
  '0003-several-pictures': severalPictures,
  '0004-cost-lines': costLines,
  '0005-lookups': lookups,
  '0006-api-keys': apiKeys,
  '0007-budgets': budgets,
  '0008-owners': owners,
  '0009-markup': markup,
  '0010-left-out': leftOut,
  '0011-archive': archive,
  '0012-search': search,
  '0013-variants': variants,
  '0014-purge': purge,
  '0015-upload-keys': uploadKeys,
  '0016-tasks': tasks,
  '0017-indexes': indexes,
  '0018-charges': charges,
  '0019-tags-in-use': tagsInUse,
  '0020-reserved-places': reservedPlaces,
};

/** Whether some migrations have not run yet. */
export async function isBehind<Tables>(db: Kysely<Tables>): Promise<boolean> {
  const migrations = await migratorOf(db).getMigrations();
  return migrations.some(({ executedAt }) => executedAt === undefined);
}

export type MigrationName = keyof typeof MIGRATIONS;

/** @param last the last migration to run; all by default. Without the others, only tests and measurements use a database. */
export async function migrateToLatest<Tables>(db: Kysely<Tables>, last?: MigrationName): Promise<void> {
  // SQLite rebuilds tables only without foreign keys, and can switch them only outside of a transaction.
  await sql`pragma foreign_keys = off`.execute(db);
  try {
    const migrator = migratorOf(db);
    const { error } = await (last === undefined ? migrator.migrateToLatest() : migrator.migrateTo(last));
    if (error !== undefined) throw error;
  } finally {
    await sql`pragma foreign_keys = on`.execute(db);
  }
}

function migratorOf<Tables>(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
}
