/** `npm run keys -- revoke <id>`: ends a key. */
import { openApiKeys } from '../../app/access/open-api-keys.ts';
import { parseConfig } from '../../config/config.ts';
import type { Command } from '../command.ts';
import { idOf, readArguments } from './arguments.ts';

export const revoke: Command = async (args, env) => {
  const id = idOf('revoke', readArguments(args, {}).positionals);
  await using keys = await openApiKeys(parseConfig(env), { create: false });
  const { revokedAt, principal } = await keys.revoke(id);
  console.log(`The key ${id} of ${principal} was revoked at ${revokedAt}.`);
  return 0;
};
