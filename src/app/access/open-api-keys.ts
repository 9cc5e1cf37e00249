/** The API keys of a data folder, for the command line: a server may be running on it, or may never have run. */
import { randomBytes } from 'node:crypto';
import { type ApiKeyCommands, createApiKeyCommands } from '../../commands/api-keys.ts';
import type { Config } from '../../config/config.ts';
import { openDatabaseBesideServer } from '../storage.ts';

export interface OpenApiKeys extends ApiKeyCommands, AsyncDisposable {}

/**
 * @param options.create whether to create a database that does not exist
 * @throws {DatabaseOpenError} {DataInUseError} {Error} each with one line for the operator
 */
export async function openApiKeys(config: Config, options: { readonly create: boolean }): Promise<OpenApiKeys> {
  const db = await openDatabaseBesideServer(config, options);
  return {
    ...createApiKeyCommands({ db, nowMs: Date.now, randomBytes }),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}
