/** Where the data of a server is kept: its folder, the database, the blobs, and the lease that allows it to write. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { BlobStore } from '../blobs/blob-store.ts';
import { openFileBlobStore } from '../blobs/drivers/fs/blob-store.ts';
import { checkFreeSpace } from '../blobs/drivers/fs/free-space.ts';
import { withRecentCache } from '../blobs/recent-cache.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { openDurableLog } from '../db/drivers/sqlite/durable-log.ts';
import { eraseDeletedRows } from '../db/drivers/sqlite/erase.ts';
import { openSqlite } from '../db/drivers/sqlite/open.ts';
import { skipReservedPlaces } from '../db/queries/engine/reserved-places.ts';
import { acquireLease, assertNotInUse, type Lease } from '../maintenance/lease.ts';
import { makePrivateDirectory, makePrivateFile, rightsProblem } from './private-files.ts';

export interface OpenStorage {
  readonly db: Database;
  readonly blobs: BlobStore;
  /** The bytes of variants, which can be made again: a backup does not have them. */
  readonly variantBlobs: BlobStore;
  readonly lease: Lease;
  /** Resolves when everything that could have been read until now is as durable as it has to be. */
  readonly settled: () => Promise<void>;
  /** Leaves nothing of deleted rows in the files of the database. */
  readonly eraseDeleted: () => Promise<void>;
  /** Reject when the database or the blobs cannot be used. */
  readonly checks: { readonly database: () => Promise<void>; readonly blobs: () => Promise<void> };
}

/**
 * Opens the data folder of this configuration, and creates it if it does not exist.
 * @param opened receives what closes each part
 * @throws {DatabaseOpenError} {DataInUseError} {BlobWriteError} each with one line for the operator
 */
export async function openStorage(
  config: Pick<Config, 'dataDir' | 'databaseBusyTimeoutMs' | 'leaseMs' | 'sqliteSync'>,
  opened: AsyncDisposableStack,
  logger: Logger,
): Promise<OpenStorage> {
  const dataDir = resolve(config.dataDir);
  makePrivateDirectory(dataDir);
  const problem = rightsProblem('DATA_DIR', dataDir);
  if (problem !== null) logger.warn(problem);
  const { database, openBlobs, openVariantBlobs } = storageIn(dataDir);
  makePrivateFile(database);
  const blobs = withRecentCache(await openBlobs());
  opened.defer(() => blobs.close());
  const variantBlobs = await openVariantBlobs();
  opened.defer(() => variantBlobs.close());
  const log = openDurableLog(database, config.sqliteSync);
  const db = await openSqlite(database, {
    log,
    patienceMs: config.databaseBusyTimeoutMs,
    beforeMigration: (old) => assertNotInUse({ db: old, ...livenessOptions(config.leaseMs) }),
  });
  opened.defer(() => db.destroy());
  const lease = await acquireDataLease(db, config.leaseMs, logger);
  opened.defer(() => lease.release());
  await skipReservedPlaces(db);
  return {
    db,
    blobs,
    variantBlobs,
    lease,
    settled: log.settled,
    eraseDeleted: () => eraseDeletedRows(db),
    checks: {
      async database() {
        await checkFreeSpace(dataDir);
        await db.selectFrom('calls').select('id').limit(1).execute();
        await log.settled();
      },
      blobs: () => blobs.check(),
    },
  };
}

/**
 * Opens the database for a command: a server may be running on it, or may never have run.
 * @param options.create whether to create a database that does not exist
 * @throws {DatabaseOpenError} {DataInUseError} {Error} each with one line for the operator
 */
export function openDatabaseBesideServer(
  config: Pick<Config, 'dataDir' | 'databaseBusyTimeoutMs' | 'leaseMs'>,
  options: { readonly create: boolean },
): Promise<Database> {
  const dataDir = resolve(config.dataDir);
  const { database } = storageIn(dataDir);
  if (!existsSync(database)) {
    if (!options.create) throw new Error(`there is no database in DATA_DIR, ${dataDir}`);
    makePrivateDirectory(dataDir);
    makePrivateFile(database);
  }
  return openSqlite(database, {
    patienceMs: config.databaseBusyTimeoutMs,
    beforeMigration: (db) => assertNotInUse({ db, ...livenessOptions(config.leaseMs) }),
  });
}

/** The paths inside a data folder. A backup has the same layout, without the signing secret. */
export function storageIn(dataDir: string) {
  return {
    database: join(dataDir, 'darkroom.sqlite'),
    signingSecret: join(dataDir, 'signing.key'),
    openBlobs: () => openFileBlobStore({ directory: join(dataDir, 'blobs') }),
    openVariantBlobs: () => openFileBlobStore({ directory: join(dataDir, 'variants') }),
  };
}

/**
 * Makes this process the only server that may work on this database.
 * @throws {DataInUseError} while another one is alive
 */
export function acquireDataLease(db: Database, leaseMs: number, logger: Logger): Promise<Lease> {
  return acquireLease({ db, newId: uuidv7, ...livenessOptions(leaseMs), logger });
}

/** How servers of the same data tell whether another one is alive. */
function livenessOptions(leaseMs: number) {
  return { nowMs: Date.now, leaseMs, hostname: hostname(), pid: process.pid, isAlive };
}

/** Whether a process of this machine is alive. A process that we may not signal is alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
