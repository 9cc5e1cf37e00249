/** Gives what a server without authentication has stored to a principal, for `npm run keys -- adopt`. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import pino from 'pino';
import { principalErrors } from '../../commands/api-keys.ts';
import type { Config } from '../../config/config.ts';
import { type ChangedRows, changeOwner } from '../../db/drivers/sqlite/change-owner.ts';
import { openSqlite } from '../../db/drivers/sqlite/open.ts';
import { refuseIfAny } from '../../domain/generation-input.ts';
import { assertNotInUse } from '../../maintenance/lease.ts';
import { acquireDataLease, livenessOptions, storageIn } from '../storage.ts';

/**
 * Holds the lease of the data meanwhile: a running server has owners in memory and would go on to write the old one.
 * @throws {InvalidInputError} {DatabaseOpenError} {DataInUseError} {Error} each with one line for the operator; then nothing has changed
 */
export async function adoptRows(
  { dataDir: folder, databaseBusyTimeoutMs: patienceMs, leaseMs }: Config,
  from: string,
  to: string,
): Promise<ChangedRows> {
  refuseIfAny(principalErrors(to));
  const dataDir = resolve(folder);
  const { database } = storageIn(dataDir);
  if (!existsSync(database)) throw new Error(`there is no database in DATA_DIR, ${dataDir}`);
  const db = await openSqlite(database, {
    patienceMs,
    beforeMigration: (old) => assertNotInUse({ db: old, ...livenessOptions(leaseMs) }),
  });
  try {
    const lease = await acquireDataLease(db, leaseMs, pino({ level: 'silent' }));
    try {
      return changeOwner(database, from, to);
    } finally {
      await lease.release();
    }
  } finally {
    await db.destroy();
  }
}
