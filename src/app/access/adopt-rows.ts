/** Gives what a server without authentication has stored to a principal, for `npm run keys -- adopt`. */
import { resolve } from 'node:path';
import pino from 'pino';
import { principalErrors } from '../../commands/api-keys.ts';
import type { Config } from '../../config/config.ts';
import { type ChangedRows, changeOwner } from '../../db/drivers/sqlite/change-owner.ts';
import { refuseIfAny } from '../../domain/generation/generation-input.ts';
import { acquireDataLease, openDatabaseBesideServer, storageIn } from '../storage.ts';

/**
 * Holds the lease of the data meanwhile: a running server has owners in memory and would go on to write the old one.
 * @throws {InvalidInputError} {DatabaseOpenError} {DataInUseError} {Error} each with one line for the operator; then nothing has changed
 */
export async function adoptRows(config: Config, from: string, to: string): Promise<ChangedRows> {
  refuseIfAny(principalErrors(to));
  const db = await openDatabaseBesideServer(config, { create: false });
  try {
    const lease = await acquireDataLease(db, config.leaseMs, pino({ level: 'silent' }));
    try {
      return changeOwner(storageIn(resolve(config.dataDir)).database, from, to);
    } finally {
      await lease.release();
    }
  } finally {
    await db.destroy();
  }
}
