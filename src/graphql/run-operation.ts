/** Runs one operation through every hook of Yoga and Envelop that is not about an HTTP request or response. */
import type { ExecutionResult } from 'graphql';
import { composeInstrumentation, type GraphQLParams, getInstrumented, type Instrumentation } from 'graphql-yoga';
import type { MaskError } from './mask-error.ts';
import type { ServerContext } from './server-context.ts';

export interface OperationOutcome {
  /** One result for each event, when a subscription has started. */
  readonly result: ExecutionResult | AsyncIterable<ExecutionResult>;
  /** False when the operation was rejected before it was executed: by a syntax error, validation or a plugin. */
  readonly hasBegun: boolean;
}

export interface Operation {
  readonly params: GraphQLParams;
  /** What plugins see as the request of this operation. */
  readonly request: Request;
}

/** Never rejects: what is thrown becomes the errors of the result. Yoga adds to `context`, so it is for this run only. */
export type RunOperation = (operation: Operation, context: ServerContext) => Promise<OperationOutcome>;

export interface OperationRunnerOptions {
  readonly yoga: YogaCore;
  /** Whether the operation with this context has been given to the executor. */
  readonly hasBegun: (context: object) => boolean;
  readonly maskError: MaskError;
}

/** What is used of Yoga: its pipeline for one operation, which begins with `onParams`, and its list of plugins. */
export interface YogaCore {
  getResultForParams(operation: Operation, context: ServerContext): unknown;
  readonly getEnveloped: { readonly _plugins: readonly object[] };
}

export function createOperationRunner(options: OperationRunnerOptions): RunOperation {
  const { yoga, hasBegun, maskError } = options;
  // Yoga wraps operations in this as well, but only those that it reads from HTTP requests.
  const instrument = composeInstrumentation(
    yoga.getEnveloped._plugins.flatMap(
      (plugin: { instrumentation?: Instrumentation<ServerContext> }) => plugin.instrumentation ?? [],
    ),
  )?.operation;

  function start(operation: Operation, context: ServerContext): unknown {
    if (instrument === undefined) return yoga.getResultForParams(operation, context);
    const run = () => yoga.getResultForParams(operation, context);
    return getInstrumented({ context, request: operation.request }).asyncFn(instrument, run)();
  }

  return async (operation, context) => {
    try {
      // Yoga's pipeline returns a result or a stream of them.
      const result = (await start(operation, context)) as OperationOutcome['result'] | undefined;
      if (result === undefined) throw new Error('a plugin removed the result of an operation');
      return { result, hasBegun: hasBegun(context) };
    } catch (error) {
      return { result: { errors: errorsOf(error).map(maskError) }, hasBegun: hasBegun(context) };
    }
  };
}

/** Plugins may throw several errors as one, as over HTTP. */
function errorsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors : [error];
}
