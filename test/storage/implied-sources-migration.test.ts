/** Migration 0015: the images that calls of earlier versions went on from are among their sources; keys go with images. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { insertCall } from '../../src/db/queries/calls.ts';
import { insertConversation } from '../../src/db/queries/conversations.ts';
import { findSourcesOfCalls, insertCallSources } from '../../src/db/queries/images/call-sources.ts';
import { insertImage } from '../../src/db/queries/images/images.ts';
import { findUploadKey, insertUploadKey } from '../../src/db/queries/images/upload-keys.ts';
import { AT, callOf, conversationOf, imageOf, PRINCIPAL } from '../contract/database-rows.ts';
import { newDataDir } from '../support/server.ts';

let dataDir: string;
let file: string;
beforeEach(async () => {
  dataDir = await newDataDir();
  file = join(dataDir, 'darkroom.sqlite');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

async function onDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const db = await openSqlite(file, { patienceMs: 1_000 });
  try {
    await work(db);
  } finally {
    await db.destroy();
  }
}

const withoutCharges = (table: string) =>
  ['charged', 'charged_calls', 'estimated_calls', 'incomplete_calls']
    .map((column) => `alter table ${table} drop column ${column};`)
    .join(' ');

/** Makes the file what the version before would have left. */
function undo(): void {
  const database = new SQLite(file);
  database.exec(`
    drop table upload_keys;
    delete from call_sources where is_implied = 1;
    alter table call_sources drop column is_implied;
    alter table attempts rename column task to lane;
    alter table attempts rename column image_count to pictures;
    alter table cost_lines rename column task to lane;
    ${['tags_counted', 'tags_recounted', 'tags_discounted', 'tags_deleted', 'tags_restored'].map((name) => `drop trigger ${name};`).join('')}
    delete from list_counts where list like 'tag:%';
    ${['reservations', 'spending'].map(withoutCharges).join('')}
    alter table viewer_logs drop column reserved_id;
    delete from kysely_migration where name >= '0015-upload-keys';
  `);
  database.close();
}

it('a call has the image that it went on from, unless it named its sources', async () => {
  await onDatabase(async (db) => {
    await insertConversation(db, conversationOf('conversation'));
    for (const id of ['newest', 'named']) await insertImage(db, imageOf(id, { conversationId: 'conversation' }));
    await insertCall(db, callOf('first'));
    await insertCall(db, callOf('goes on', { context: { isOpen: false, imageId: 'newest' } }));
    await insertCall(db, callOf('names'));
    await insertCallSources(db, PRINCIPAL, 'names', [imageOf('named')]);
  });
  undo();
  await onDatabase(async (db) => {
    const sources = await findSourcesOfCalls(db, PRINCIPAL, ['first', 'goes on', 'names']);
    expect(sources.map(({ callId, image, isImplied }) => ({ callId, image: image.id, isImplied }))).toEqual([
      { callId: 'goes on', image: 'newest', isImplied: true },
      { callId: 'names', image: 'named', isImplied: false },
    ]);
    expect((await sql`pragma foreign_key_check`.execute(db)).rows).toEqual([]);
  });
});

it('the key of an upload is free again when its image is deleted for good', async () => {
  await onDatabase(async (db) => {
    await insertImage(db, imageOf('upload'));
    const key = { principal: PRINCIPAL, key: 'key', inputHash: 'hash', imageId: 'upload' };
    expect(await insertUploadKey(db, key, AT)).toBe(true);
    expect(await insertUploadKey(db, { ...key, inputHash: 'another' }, AT)).toBe(false);
    expect(await findUploadKey(db, PRINCIPAL, 'key')).toEqual(key);
    expect(await findUploadKey(db, 'somebody else', 'key')).toBeNull();
    await db.deleteFrom('images').where('id', '=', 'upload').execute();
    expect(await findUploadKey(db, PRINCIPAL, 'key')).toBeNull();
  });
});
