/** The command line: the first word names the command; without one, the server is started. */
import { commands } from './cli/commands.ts';
import { UsageError } from './cli/usage-error.ts';
import { ConfigError } from './config.ts';

const [name = 'serve', ...rest] = process.argv.slice(2);

try {
  const load = commands[name];
  if (load === undefined) {
    throw new UsageError(`there is no command ${JSON.stringify(name)}; there are ${Object.keys(commands).join(', ')}`);
  }
  const run = await load();
  process.exitCode = await run(rest, process.env);
} catch (error) {
  process.exitCode = report(error);
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
