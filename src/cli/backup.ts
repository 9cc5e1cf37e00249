/**
 * `npm run backup -- <folder>`: the database as it stands now and every file that it names, while a server serves. The
 * database gets its name last: a backup that was broken off leaves the one before it as it was. Files are named by
 * their hash and never change, so those that are there from an earlier time are not copied again.
 */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { storageIn } from '../app/compose.ts';
import { type CopiedBlobs, copyBlobs } from '../blobs/copy-blobs.ts';
import { parseConfig } from '../config/config.ts';
import { readSqlite } from '../db/drivers/sqlite/connect.ts';
import { copySqlite, placeSqlite } from '../db/drivers/sqlite/copy.ts';
import { blobReferences } from '../db/queries/blob-references.ts';
import { claimBackupFolder, filesText, isFile, lostText, partialOf } from './backup-folder.ts';
import type { Command } from './command.ts';
import { UsageError } from './usage-error.ts';

export const backup: Command = async (args, env) => {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith('-') || rest.length > 0) {
    throw new UsageError('backup takes the folder to write to: npm run backup -- <folder>');
  }
  const { dataDir } = parseConfig(env);
  const source = storageIn(resolve(dataDir));
  if (!(await isFile(source.database))) throw new Error(`there is no database in DATA_DIR, ${resolve(dataDir)}`);
  const folder = resolve(name);
  await claimBackupFolder(folder);
  const { database, openBlobs } = storageIn(folder);
  const partial = await partialOf(database);
  let files: CopiedBlobs;
  try {
    await copySqlite(source.database, partial);
    // Whatever the copied rows name was stored before they were.
    files = await copyFiles(partial, await source.openBlobs(), await openBlobs());
    await placeSqlite(partial, database);
  } finally {
    await rm(partial, { force: true });
  }
  console.log(`Backed up the database and ${filesText(files)} to ${folder}.`);
  if (files.lost.length === 0) return 0;
  console.error(`darkroom: ${lostText(files)} The backup has everything else.`);
  return 1;
};

type Blobs = Awaited<ReturnType<ReturnType<typeof storageIn>['openBlobs']>>;

async function copyFiles(copiedDatabase: string, from: Blobs, to: Blobs): Promise<CopiedBlobs> {
  const db = readSqlite(copiedDatabase);
  try {
    // What has the right size was verified when it was copied.
    const isThere = async ({ sha256, byteSize }: { sha256: string; byteSize: number }) =>
      (await to.stat(sha256))?.byteSize === byteSize;
    return await copyBlobs({ from, to, blobs: blobReferences(db), isThere });
  } finally {
    await Promise.all([db.destroy(), to.close()]);
  }
}
