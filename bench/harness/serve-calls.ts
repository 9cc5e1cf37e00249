/** The other end of child.ts: answers calls over the IPC channel, and exits when the channel closes. */

/** The methods of a process. Arguments and results are passed by structured clone. */
export type Api = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string | undefined;
}

export function serveCalls(api: Api): void {
  process.on('message', async ({ id, name, args }: Call) => {
    try {
      const method = api[name];
      if (method === undefined) throw new Error(`unknown method ${name}`);
      // child.ts types the arguments with the same API.
      reply({ id, value: await method(...(args as never[])) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

function reply(message: Reply): void {
  if (process.connected) process.send?.(message);
}
