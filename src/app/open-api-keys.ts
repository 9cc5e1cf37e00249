/** The API keys of a data folder, for the command line: a server may be running on it, or may never have run. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ApiKeyCommands, createApiKeyCommands } from '../commands/api-keys.ts';
import type { Config } from '../config/config.ts';
import { openSqlite } from '../db/drivers/sqlite/open.ts';
import { assertNotInUse } from '../maintenance/lease.ts';
import { livenessOptions, storageIn } from './storage.ts';

export interface OpenApiKeys extends ApiKeyCommands, AsyncDisposable {}

/**
 * @param options.create whether to create a database that does not exist
 * @throws {DatabaseOpenError} {DataInUseError} {Error} each with one line for the operator
 */
export async function openApiKeys(
  { dataDir: folder, databaseBusyTimeoutMs: patienceMs, leaseMs }: Config,
  options: { readonly create: boolean },
): Promise<OpenApiKeys> {
  const dataDir = resolve(folder);
  const { database } = storageIn(dataDir);
  if (!existsSync(database)) {
    if (!options.create) throw new Error(`there is no database in DATA_DIR, ${dataDir}`);
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  }
  const db = await openSqlite(database, {
    patienceMs,
    beforeMigration: (old) => assertNotInUse({ db: old, ...livenessOptions(leaseMs) }),
  });
  return {
    ...createApiKeyCommands({ db, nowMs: Date.now, randomBytes }),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}
