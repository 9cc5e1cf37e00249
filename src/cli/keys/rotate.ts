/** `npm run keys -- rotate <id>`: prints the key with a new secret. The old one works for a while. */
import { openApiKeys } from '../../app/access/open-api-keys.ts';
import { parseConfig } from '../../config/config.ts';
import type { Command } from '../command.ts';
import { durationOf, idOf, readArguments } from './arguments.ts';

const DEFAULT_GRACE = '24h';

export const rotate: Command = async (args, env) => {
  const { values, positionals } = readArguments(args, { grace: { type: 'string' } });
  const id = idOf('rotate', positionals);
  const graceMs = durationOf('grace', values.grace ?? DEFAULT_GRACE);
  await using keys = await openApiKeys(parseConfig(env), { create: false });
  const { token } = await keys.rotate(id, graceMs);
  console.log(token);
  console.error(`The old secret works until ${new Date(Date.now() + graceMs).toISOString()}.`);
  return 0;
};
