/**
 * `npm run restore -- <folder>`: what a backup holds, put into DATA_DIR. Every file is checked against its hash first
 * and the database comes last, in one step: until then DATA_DIR is what it was.
 */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { storageIn, takePlace } from '../app/compose.ts';
import { type CopiedBlobs, copyBlobs } from '../blobs/copy-blobs.ts';
import { type Config, parseConfig } from '../config/config.ts';
import { connectSqlite, readSqlite, reasonOf } from '../db/drivers/sqlite/connect.ts';
import { checkSqlite, placeSqlite } from '../db/drivers/sqlite/copy.ts';
import { blobReferences } from '../db/queries/blob-references.ts';
import { countCalls } from '../db/queries/calls.ts';
import { InstanceInUseError } from '../maintenance/lease.ts';
import { checkBackupFolder, filesText, isFile, lostText, partialOf } from './backup-folder.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

export const restore: Command = async (args, env) => {
  const { folder, force, incomplete } = argumentsOf(args);
  const config = parseConfig(env);
  await checkBackupFolder(folder);
  const source = storageIn(folder);
  if (!(await isFile(source.database)))
    throw new Error(`the backup in ${folder} was broken off before it was complete`);

  const dataDir = resolve(config.dataDir);
  await mkdir(dataDir, { recursive: true });
  const target = storageIn(dataDir);
  const exists = await isFile(target.database);
  if (exists && !force) {
    throw new Error(`there is a database in DATA_DIR, ${dataDir}; --force puts the backup in its place`);
  }
  const leave = exists ? await keepServersAway(target.database, config) : async () => {};
  const partial = await partialOf(target.database);
  try {
    await copyFile(source.database, partial);
    checkSqlite(partial);
    const { files, open } = await copyFiles(partial, await source.openBlobs(), await target.openBlobs());
    if (files.lost.length > 0 && !incomplete) {
      throw new Error(`${lostText(files)} Nothing was put in place; --incomplete restores everything else`);
    }
    await leave();
    // Whoever closes it last takes the log back into the database.
    if (exists && (await isFile(`${target.database}-wal`))) {
      throw new InstanceInUseError('another process has the database in DATA_DIR open.');
    }
    if (!exists && (await isFile(target.database))) throw new InstanceInUseError('a server has started on DATA_DIR.');
    await placeSqlite(partial, target.database);
    console.log(`Restored the database and ${filesText(files)} to ${dataDir}; each was checked against its hash.`);
    if (open > 0)
      console.log(`Calls in it that have not ended: ${open}. The next server goes on with them or ends them.`);
    if (files.lost.length > 0) console.error(`darkroom: ${lostText(files)}`);
  } finally {
    await leave();
    await rm(partial, { force: true });
  }
  return 0;
};

function argumentsOf(args: readonly string[]) {
  const usage = 'restore takes the folder of a backup: npm run restore -- <folder> [--force] [--incomplete]';
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
 * Takes the place of a server on the database that is to be replaced; resolves with what gives it up again.
 * @throws {InstanceInUseError} while a server is at work on it
 */
async function keepServersAway(file: string, config: Config): Promise<() => Promise<void>> {
  const db = connectSqlite(file, { patienceMs: config.databaseBusyTimeoutMs });
  try {
    const instance = await takePlace(db, config.leaseMs, pino({ level: 'silent' }));
    let left: Promise<void> | undefined;
    return () => {
      left ??= instance.release().finally(() => db.destroy());
      return left;
    };
  } catch (error) {
    await db.destroy();
    if (error instanceof InstanceInUseError) throw error;
    throw new Error(
      `whether a server is at work on ${file} cannot be told (${reasonOf(error)}): make sure that none is, and move it away`,
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
    const open = await countCalls(db, ['QUEUED', 'IN_PROGRESS']);
    return { files, open };
  } finally {
    await Promise.all([db.destroy(), to.close()]);
  }
}
