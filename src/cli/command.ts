/** Runs a command to its end and returns the exit code. */
export type Command = (args: readonly string[], env: Readonly<Record<string, string | undefined>>) => Promise<number>;
