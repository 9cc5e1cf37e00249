/** `npm run keys -- list`: a table of all keys. */
import { openApiKeys } from '../../app/access/open-api-keys.ts';
import { parseConfig } from '../../config/config.ts';
import type { ApiKey } from '../../domain/access/api-key.ts';
import type { Command } from '../command.ts';
import { tableOf } from '../table.ts';
import { UsageError } from '../usage-error.ts';
import { readArguments } from './arguments.ts';

const HEAD = ['ID', 'PRINCIPAL', 'NAME', 'SCOPES', 'CREATED', 'LAST USED', 'STATE'];
const MINUTES = 'YYYY-MM-DDTHH:MM'.length;

export const list: Command = async (args, env) => {
  const { positionals } = readArguments(args, {});
  if (positionals.length > 0) throw new UsageError('list takes no arguments');
  await using keys = await openApiKeys(parseConfig(env), { create: false });
  const all = await keys.list();
  console.log(all.length === 0 ? 'There are no keys.' : tableOf(HEAD, all.map(rowOf)));
  return 0;
};

function rowOf(key: ApiKey): readonly string[] {
  const { id, principal, name, scopes, createdAt, lastUsedAt } = key;
  const scopeList = scopes.map((scope) => scope.toLowerCase()).join(',');
  return [id, principal, name ?? '', scopeList, minuteOf(createdAt), minuteOf(lastUsedAt), stateOf(key)];
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return `revoked ${minuteOf(revokedAt)}`;
  if (expiresAt === null) return 'valid';
  return `${expiresAt <= new Date().toISOString() ? 'expired' : 'valid until'} ${minuteOf(expiresAt)}`;
}

/** In UTC. */
function minuteOf(time: string | null): string {
  return time === null ? 'never' : `${time.slice(0, MINUTES)}Z`;
}
