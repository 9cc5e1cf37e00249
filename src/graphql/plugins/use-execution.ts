/**
 * How operations are executed: as compiled code when they come again and again, and once for all subscribers of an event.
 * No answer goes out before what it has read is durable (promise 4).
 *
 * This replaces the default executor only. It is the first plugin that sets one, so the executor of any other plugin
 * runs for every operation, and may call ours.
 */
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, locatedError } from 'graphql';
import { isPromise, type Plugin } from 'graphql-yoga';
import type { Principal } from '../../auth/authenticate.ts';
import { LimitExceededError } from '../../domain/errors.ts';
import { Deadlines } from '../../lib/deadlines.ts';
import type { OwnerOf } from '../mask-error.ts';
import type { OperationMeter } from '../operation-meter.ts';
import type { ServerContext } from '../server-context.ts';
import { createCompiledOperations, type Execute } from './documents/compiled-operations.ts';
import { type CursorOf, createSharedEvents } from './shared-events.ts';

export interface ExecutionOptions {
  /** The same for clients whose subscriptions are answered alike. */
  readonly audienceOf: (context: ServerContext) => string;
  /** The cursor of an event of a subscription. */
  readonly cursorOf: CursorOf;
  /** Resolves when all that could have been read until now is durable. */
  readonly settled: () => Promise<void>;
  /** Called with the context when an operation, or the selection of an event, has been executed. */
  readonly ended: (context: object) => void;
  /** How long a query, or the selection of an event, may run, in milliseconds. */
  readonly timeoutMs: number;
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

export function useExecution({ audienceOf, cursorOf, settled, ended, timeoutMs }: ExecutionOptions): Execution {
  const compiled = createCompiledOperations();
  const owners = new WeakMap<object, Principal>();
  const metered = meteredBy(timeoutMs, compiled);
  const run: typeof compiled = async (args, reference) => {
    const result = withExecuted(args, await metered(args, reference));
    // Yoga's type of the arguments does not say which context they have.
    const context = args.contextValue as ServerContext;
    for (const error of result.errors ?? []) owners.set(error, context.identity);
    ended(context);
    await settled();
    return result;
  };
  const events = createSharedEvents(run, cursorOf);
  const plugin: Plugin<ServerContext> = {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((given) => run(given, executeFn));
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((given) => events.subscribe(given, audienceOf(given.contextValue)));
    },
  };
  const marker: Plugin<ServerContext> = {
    onExecute: ({ args }) => markBegun(args.contextValue),
    onSubscribe: ({ args }) => markBegun(args.contextValue),
  };
  return {
    plugin,
    marker,
    hasBegun: (context) => BEGUN in context,
    ownerOf: (error) => (typeof error === 'object' && error !== null ? owners.get(error) : undefined),
  };
}

/** In the contexts of operations that have begun. Putting each into a WeakSet would cost more than the rest of the hook. */
const BEGUN = Symbol('begun');

function markBegun(context: object): void {
  // The type of a context does not have it, because nobody else may.
  (context as { [BEGUN]?: true })[BEGUN] = true;
}

/**
 * Ends an operation that takes too much: its answer is one error, and its resolvers read nothing more. A mutation is not cut
 * off, because what it did must be told; what it reads for its answer is limited in the same way.
 */
function meteredBy(
  timeoutMs: number,
  run: (args: ExecutionArgs, reference: Execute) => ReturnType<Execute>,
): typeof run {
  const deadlines = new Deadlines(timeoutMs);
  return (args, reference) => {
    const meter = meterOf(args.contextValue);
    if (meter === undefined) return run(args, reference);
    meter.restart();
    const result = run(args, (given) => {
      // Compiled queries are executed again for their errors; not if there was too much already.
      if (meter.exceeded !== null) return refusal(meter.exceeded);
      meter.repeat();
      return reference(given);
    });
    if (!isPromise(result) || getOperationAST(args.document, args.operationName)?.operation === 'mutation')
      return result;
    return within(deadlines, meter, result);
  };
}

/**
 * Tells of a mutation without data which of its fields was carried out. The limit was exceeded by what was read for the
 * answer, and a client that believes that nothing happened would pay for it twice.
 */
function withExecuted({ document, operationName }: ExecutionArgs, result: ExecutionResult): ExecutionResult {
  if (result.data !== null || result.errors === undefined) return result;
  if (getOperationAST(document, operationName)?.operation !== 'mutation') return result;
  return { ...result, errors: result.errors.map(toldAsExecuted) };
}

function toldAsExecuted(error: GraphQLError): GraphQLError {
  const { originalError, path, nodes } = error;
  const [field, ...below] = path ?? [];
  // An error of the root field itself: it may have been refused before it did anything.
  if (!(originalError instanceof LimitExceededError) || field === undefined || below.length === 0) return error;
  return locatedError(originalError.afterExecuting(String(field)), nodes, path);
}

function within(
  deadlines: Deadlines,
  meter: OperationMeter,
  result: Promise<ExecutionResult>,
): Promise<ExecutionResult> {
  return new Promise((resolve, reject) => {
    const end = deadlines.begin(() => resolve(refusal(meter.expire())));
    result.then(
      (first) => {
        end();
        resolve(meter.exceeded === null ? first : refusal(meter.exceeded));
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}

/** Tests and plugins may run operations without one. */
function meterOf(context: unknown): OperationMeter | undefined {
  return (context as { readonly meter?: OperationMeter } | undefined)?.meter;
}

function refusal({ code, message, limit, max }: LimitExceededError): ExecutionResult {
  return { data: null, errors: [new GraphQLError(message, { extensions: { code, limit, max } })] };
}
