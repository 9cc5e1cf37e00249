/**
 * `npm run backup -- <folder>`: copies the database as of one moment and every file it refers to, while a server runs.
 * The database is renamed into place last, so that an interrupted backup leaves the previous one unchanged. Files are
 * named by their hash and never change, so files of an earlier backup are not copied again.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makePrivateFile } from '../app/private-files.ts';
import { storageIn } from '../app/storage.ts';
import { type CopiedBlobs, copyBlobs } from '../blobs/copy-blobs.ts';
import { parseConfig } from '../config/config.ts';
import { readSqlite } from '../db/drivers/sqlite/connect.ts';
import { copySqlite, placeSqlite } from '../db/drivers/sqlite/copy.ts';
import { blobReferences } from '../db/queries/engine/blob-references.ts';
import { claimBackupFolder, filesText, isFile, lostText, temporaryPathFor, warnOfRights } from './backup-folder.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

export const backup: Command = async (args, env) => {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith('-') || rest.length > 0) {
    throw new UsageError('backup requires the folder to write to: npm run backup -- <folder>');
  }
  const { dataDir } = parseConfig(env);
  const source = storageIn(resolve(dataDir));
  if (!(await isFile(source.database))) throw new Error(`there is no database in DATA_DIR, ${resolve(dataDir)}`);
  const folder = resolve(name);
  await claimBackupFolder(folder);
  const { database, openBlobs } = storageIn(folder);
  const partial = await temporaryPathFor(database);
  let files: CopiedBlobs;
  try {
    makePrivateFile(partial);
    await copySqlite(source.database, partial);
    // Files are stored before the rows that refer to them, so all files of the copied rows exist by now.
    files = await copyFiles(partial, await source.openBlobs(), await openBlobs());
    await placeSqlite(partial, database);
  } finally {
    await rm(partial, { force: true });
  }
  warnOfRights('the backup', folder);
  console.log(`Backed up the database and ${filesText(files)} to ${folder}.`);
  if (files.lost.length === 0) return 0;
  console.error(`darkroom: ${lostText(files)} The backup contains everything else.`);
  return 1;
};

type Blobs = Awaited<ReturnType<ReturnType<typeof storageIn>['openBlobs']>>;

async function copyFiles(copiedDatabase: string, from: Blobs, to: Blobs): Promise<CopiedBlobs> {
  const db = readSqlite(copiedDatabase);
  try {
    // A file of the right size was verified when it was copied.
    const isThere = async ({ sha256, byteSize }: { sha256: string; byteSize: number }) =>
      (await to.stat(sha256))?.byteSize === byteSize;
    return await copyBlobs({ from, to, blobs: blobReferences(db), isThere });
  } finally {
    await Promise.all([db.destroy(), to.close()]);
  }
}
