/** `npm run keys -- <action>`: API keys of the data in DATA_DIR, also beside a running server, which notices within seconds. */
import { InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../usage-error.ts';
import { adopt } from './adopt.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { revoke } from './revoke.ts';
import { rotate } from './rotate.ts';

const ACTIONS: Readonly<Record<string, Command>> = { create, list, revoke, rotate, adopt };

export const keys: Command = async (args, env) => {
  const [name, ...rest] = args;
  const action = name === undefined ? undefined : ACTIONS[name];
  if (action === undefined) {
    const problem = name === undefined ? 'keys requires an action' : `unknown action ${JSON.stringify(name)}`;
    throw new UsageError(`${problem}: ${Object.keys(ACTIONS).join(', ')}; --help explains them`);
  }
  try {
    return await action(rest, env);
  } catch (error) {
    if (error instanceof InvalidInputError) throw new UsageError(problemsOf(error));
    if (error instanceof NotFoundError) throw new Error('there is no API key with this id; `list` shows all of them');
    throw error;
  }
};

/** The problems of an input, with the names of the options. */
function problemsOf({ fields }: InvalidInputError): string {
  const names: Readonly<Record<string, string>> = { apiKeyId: 'the key', expiresAt: '--expires' };
  return fields
    .map(({ field, message }) => `${names[field] ?? `--${field}`} ${message.replace(/\.$/u, '')}`)
    .join('; ');
}
