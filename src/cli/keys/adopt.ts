/** `npm run keys -- adopt --principal <id>`: gives to a principal what was stored without authentication. */
import { adoptRows } from '../../app/access/adopt-rows.ts';
import { parseConfig } from '../../config/config.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { readArguments } from './arguments.ts';

/** The owner of everything on a server without authentication (src/auth/drivers/none). */
const NOBODY = 'local';

export const adopt: Command = async (args, env) => {
  const { values, positionals } = readArguments(args, { principal: { type: 'string' } });
  const { principal } = values;
  if (principal === undefined || positionals.length > 0) {
    throw new UsageError('adopt requires the new owner: npm run keys -- adopt --principal <id>');
  }
  if (principal === NOBODY) throw new UsageError(`--principal must be another principal than ${NOBODY}`);
  const { conversations = 0, calls = 0, images = 0 } = await adoptRows(parseConfig(env), NOBODY, principal);
  console.log(
    calls + images + conversations === 0
      ? `Nothing belongs to ${NOBODY} any more.`
      : `${conversations} conversations, ${calls} calls and ${images} images of ${NOBODY} now belong to ${principal}.`,
  );
  return 0;
};
