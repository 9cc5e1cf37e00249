/** `npm run keys -- create --principal P`: prints a new key. */
import { openApiKeys } from '../../app/access/open-api-keys.ts';
import { parseConfig } from '../../config/config.ts';
import { ALL_SCOPES, SCOPES } from '../../domain/access/scope.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { durationOf, readArguments, scopesOf } from './arguments.ts';

const TEXT = { type: 'string' } as const;
const OPTIONS = { principal: TEXT, name: TEXT, scopes: TEXT, expires: TEXT } as const;
/** Only an operator needs ADMIN, so it has to be asked for. */
const DEFAULT_SCOPES = SCOPES.filter((scope) => scope !== 'ADMIN');

export const create: Command = async (args, env) => {
  const { values, positionals } = readArguments(args, OPTIONS);
  const { principal, name = null, scopes, expires } = values;
  if (positionals.length > 0) throw new UsageError(`create takes only options, not ${JSON.stringify(positionals[0])}`);
  if (principal === undefined)
    throw new UsageError('create requires --principal, the owner of all that the key creates');
  const key = {
    principal,
    name,
    scopes: scopes === undefined ? DEFAULT_SCOPES : scopesOf(scopes),
    expiresAt: expires === undefined ? null : new Date(Date.now() + durationOf('expires', expires)).toISOString(),
  };
  await using keys = await openApiKeys(parseConfig(env), { create: true });
  const { token } = await keys.create(key, ALL_SCOPES);
  console.log(token);
  return 0;
};
