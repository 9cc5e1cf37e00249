/** Runs the command that the first argument names, or prints its help; without one, starts the server. */
import { ConfigError } from '../config/config.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** Resolves with the exit code; never rejects. */
export async function runCommand(args: readonly string[], env: Parameters<Command>[1]): Promise<number> {
  const [name = 'serve', ...rest] = args;
  try {
    if (name === 'help' || asksForHelp([name])) return print(helpOfAll());
    const command = commands[name];
    if (command === undefined) {
      throw new UsageError(
        `unknown command ${JSON.stringify(name)}; the commands are ${Object.keys(commands).join(', ')}`,
      );
    }
    if (asksForHelp(rest)) return print(await command.help());
    const run = await command.load();
    return await run(rest, env);
  } catch (error) {
    return report(error);
  }
}

/** Whether an option asks for help. What is behind `--` is no option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function helpOfAll(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return [
    'Darkroom: a GraphQL API with subscriptions for image generation.',
    '',
    ...lines,
    '',
    'npm run <command> -- --help explains one. Without a command, the server is run.',
  ].join('\n');
}

function print(text: string): number {
  console.log(text);
  return 0;
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
