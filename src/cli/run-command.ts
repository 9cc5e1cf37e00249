/** The command line: the first word names the command; without one, the server is started. */
import { ConfigError } from '../config/config.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** Resolves with the exit code; never rejects. */
export async function runCommand(words: readonly string[], env: Parameters<Command>[1]): Promise<number> {
  const [name = 'serve', ...rest] = words;
  try {
    const load = commands[name];
    if (load === undefined) {
      throw new UsageError(
        `there is no command ${JSON.stringify(name)}; there are ${Object.keys(commands).join(', ')}`,
      );
    }
    const run = await load();
    return await run(rest, env);
  } catch (error) {
    return report(error);
  }
}

/** Says what went wrong in as few words as help, and returns the exit code: 2 for what the caller wrote, else 1. */
function report(error: unknown): number {
  if (error instanceof ConfigError) {
    console.error('darkroom: the environment is not right:');
    for (const problem of error.problems) console.error(`  ${problem}`);
    return 2;
  }
  if (error instanceof UsageError) {
    console.error(`darkroom: ${error.message}`);
    return 2;
  }
  console.error(`darkroom: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
}
