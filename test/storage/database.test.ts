/** SQLite keeps the contract of the query layer. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqlite } from '../../src/db/drivers/sqlite/open.ts';
import { describeDatabase } from '../contract/database.ts';
import { newDataDir } from '../support/server.ts';

describeDatabase('SQLite', async () => {
  const dataDir = await newDataDir();
  const db = await openSqlite(join(dataDir, 'darkroom.sqlite'), { patienceMs: 1_000 });
  return {
    db,
    async close() {
      await db.destroy();
      await rm(dataDir, { recursive: true });
    },
  };
});
