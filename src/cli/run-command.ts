/** Runs the command that the first argument names; without one, starts the server. */
import { ConfigError } from '../config/config.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** Resolves with the exit code; never rejects. */
export async function runCommand(args: readonly string[], env: Parameters<Command>[1]): Promise<number> {
  const [name = 'serve', ...rest] = args;
  try {
    const load = commands[name];
    if (load === undefined) {
      throw new UsageError(
        `unknown command ${JSON.stringify(name)}; the commands are ${Object.keys(commands).join(', ')}`,
      );
    }
    const run = await load();
    return await run(rest, env);
  } catch (error) {
    return report(error);
  }
}

/** Prints the error without a stack, and returns the exit code: 2 for a wrong command line or configuration, else 1. */
function report(error: unknown): number {
  if (error instanceof ConfigError) {
    console.error('darkroom: invalid configuration:');
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
