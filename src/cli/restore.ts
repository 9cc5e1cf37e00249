/**
 * `npm run restore -- <folder>`: restores a backup into DATA_DIR. Every file is checked against its hash first, and the
 * database is put in place last, in one step. Until then DATA_DIR is unchanged.
 */
import { chmod, copyFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { makePrivateDirectory } from '../app/private-files.ts';
import { acquireDataLease, storageIn } from '../app/storage.ts';
import { type CopiedBlobs, copyBlobs } from '../blobs/copy-blobs.ts';
import { type Config, parseConfig } from '../config/config.ts';
import { connectSqlite, readSqlite, reasonOf } from '../db/drivers/sqlite/connect.ts';
import { checkSqlite, placeSqlite } from '../db/drivers/sqlite/copy.ts';
import { blobReferences } from '../db/queries/engine/blob-references.ts';
import { countCalls } from '../db/queries/engine/calls.ts';
import { OPEN_STATUSES } from '../domain/generation/generation-call.ts';
import { DataInUseError } from '../maintenance/lease.ts';
import { checkBackupFolder, filesText, isFile, lostText, temporaryPathFor, warnOfRights } from './backup-folder.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

export const restore: Command = async (args, env) => {
  const { folder, force, incomplete } = argumentsOf(args);
  const config = parseConfig(env);
  await checkBackupFolder(folder);
  const source = storageIn(folder);
  if (!(await isFile(source.database))) throw new Error(`the backup in ${folder} is incomplete: it was interrupted`);

  const dataDir = resolve(config.dataDir);
  makePrivateDirectory(dataDir);
  const target = storageIn(dataDir);
  const exists = await isFile(target.database);
  if (exists && !force) {
    throw new Error(`DATA_DIR (${dataDir}) already has a database; --force replaces it`);
  }
  const unlock = exists ? await lockOutServers(target.database, config) : async () => {};
  const partial = await temporaryPathFor(target.database);
  try {
    await copyFile(source.database, partial);
    await chmod(partial, 0o600);
    checkSqlite(partial);
    const { files, open } = await copyFiles(partial, await source.openBlobs(), await target.openBlobs());
    if (files.lost.length > 0 && !incomplete) {
      throw new Error(`${lostText(files)} Nothing was restored; --incomplete restores everything else`);
    }
    await unlock();
    // The last process to close the database removes the WAL file. If it still exists, another process has it open.
    if (exists && (await isFile(`${target.database}-wal`))) {
      throw new DataInUseError('another process has the database in DATA_DIR open.');
    }
    if (!exists && (await isFile(target.database))) throw new DataInUseError('a server has started on DATA_DIR.');
    await placeSqlite(partial, target.database);
    warnOfRights('DATA_DIR', dataDir);
    console.log(`Restored the database and ${filesText(files)} to ${dataDir}; each was checked against its hash.`);
    if (open > 0) console.log(`Unfinished calls in the backup: ${open}. The next server continues or ends them.`);
    if (files.lost.length > 0) console.error(`darkroom: ${lostText(files)}`);
  } finally {
    await unlock();
    await rm(partial, { force: true });
  }
  return 0;
};

function argumentsOf(args: readonly string[]) {
  const usage = 'restore requires the folder of a backup: npm run restore -- <folder> [--force] [--incomplete]';
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { force: { type: 'boolean', default: false }, incomplete: { type: 'boolean', default: false } },
    });
    const [name, ...rest] = positionals;
    if (name === undefined || rest.length > 0) throw new UsageError(usage);
    return { ...values, folder: resolve(name) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${reasonOf(error)}; ${usage}`);
  }
}

/**
 * Takes the lease of the database that will be replaced, so that no server uses it. Resolves with a function that
 * releases the lease.
 * @throws {DataInUseError} while a server is running on it
 */
async function lockOutServers(file: string, config: Config): Promise<() => Promise<void>> {
  const db = connectSqlite(file, { patienceMs: config.databaseBusyTimeoutMs });
  try {
    const lease = await acquireDataLease(db, config.leaseMs, pino({ level: 'silent' }));
    let released: Promise<void> | undefined;
    return () => {
      released ??= lease.release().finally(() => db.destroy());
      return released;
    };
  } catch (error) {
    await db.destroy();
    if (error instanceof DataInUseError) throw error;
    throw new Error(
      `cannot tell whether a server is using ${file} (${reasonOf(error)}): make sure that none is, and move the ` +
        `file away`,
    );
  }
}

type Blobs = Awaited<ReturnType<ReturnType<typeof storageIn>['openBlobs']>>;

async function copyFiles(
  copiedDatabase: string,
  from: Blobs,
  to: Blobs,
): Promise<{ readonly files: CopiedBlobs; readonly open: number }> {
  const db = readSqlite(copiedDatabase);
  try {
    const isThere = ({ sha256 }: { sha256: string }) =>
      to.read(sha256).then(
        () => true,
        () => false,
      );
    const files = await copyBlobs({ from, to, blobs: blobReferences(db), isThere });
    const open = await countCalls(db, OPEN_STATUSES);
    return { files, open };
  } finally {
    await Promise.all([db.destroy(), to.close()]);
  }
}
