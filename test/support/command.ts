/** Runs commands of the command line in this process, without starting one, and captures what they print. */
import { vi } from 'vitest';
import { runCommand } from '../../src/cli/run-command.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command like `node src/main.ts` with these arguments and this environment. One at a time. */
export async function runCommandHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const output = { stdout: '', stderr: '' };
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((text) => {
      output.stdout += `${text}\n`;
    }),
    vi.spyOn(console, 'error').mockImplementation((text) => {
      output.stderr += `${text}\n`;
    }),
  ];
  try {
    return { code: await runCommand(args, env), ...output };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
