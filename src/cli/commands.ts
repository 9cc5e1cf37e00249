/** The commands by name. Each file is loaded only when its command is meant. */

/** Runs a command to its end and returns the exit code. */
export type Command = (args: readonly string[], env: Readonly<Record<string, string | undefined>>) => Promise<number>;

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  simulate: async () => (await import('./simulate.ts')).simulate,
};
