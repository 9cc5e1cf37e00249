/**
 * How operations are executed: as compiled code when they come again and again, and once for all subscribers of an event.
 * No answer goes out before what it has read is durable (promise 4).
 *
 * This replaces the default executor only. It is the first plugin that sets one, so the executor of any other plugin
 * runs for every operation, and may call ours.
 */
import type { Plugin } from 'graphql-yoga';
import type { Principal } from '../../auth/authenticate.ts';
import type { OwnerOf } from '../mask-error.ts';
import type { ServerContext } from '../server-context.ts';
import { createCompiledOperations } from './compiled-operations.ts';
import { createSharedEvents } from './shared-events.ts';

export interface ExecutionOptions {
  /** The same for clients whose subscriptions are answered alike. */
  readonly audienceOf: (context: ServerContext) => string;
  /** Resolves when all that could have been read until now is durable. */
  readonly settled: () => Promise<void>;
}

export interface Execution {
  readonly plugin: Plugin<ServerContext>;
  /** Comes behind every plugin that may refuse an operation: what none of them refused has begun. */
  readonly marker: Plugin<ServerContext>;
  /** Whether the operation with this context was given to the executor. */
  readonly hasBegun: (context: object) => boolean;
  /** Whose operation ended with this error, for the log. */
  readonly ownerOf: OwnerOf;
}

export function useExecution({ audienceOf, settled }: ExecutionOptions): Execution {
  const compiled = createCompiledOperations();
  const owners = new WeakMap<object, Principal>();
  const run: typeof compiled = async (args, reference) => {
    const result = await compiled(args, reference);
    // Yoga's type of the arguments does not say which context they have.
    const { identity } = args.contextValue as ServerContext;
    for (const error of result.errors ?? []) owners.set(error, identity);
    await settled();
    return result;
  };
  const events = createSharedEvents(run);
  const begun = new WeakSet<object>();
  const plugin: Plugin<ServerContext> = {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((given) => run(given, executeFn));
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((given) => events.subscribe(given, audienceOf(given.contextValue)));
    },
  };
  const marker: Plugin<ServerContext> = {
    onExecute: ({ args }) => void begun.add(args.contextValue),
    onSubscribe: ({ args }) => void begun.add(args.contextValue),
  };
  return {
    plugin,
    marker,
    hasBegun: (context) => begun.has(context),
    ownerOf: (error) => (typeof error === 'object' && error !== null ? owners.get(error) : undefined),
  };
}
