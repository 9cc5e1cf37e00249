/** Runs one operation of a WebSocket through every hook of Yoga and Envelop that is not about an HTTP response. */
import type { ExecutionResult } from 'graphql';
import { composeInstrumentation, type GraphQLParams, getInstrumented, type Instrumentation } from 'graphql-yoga';
import type { MaskError } from './mask-error.ts';
import type { RequestFactory } from './node-request.ts';
import type { ServerContext } from './server-context.ts';

export interface OperationOutcome {
  /** For a subscription that has begun, one result for each of its events. */
  readonly result: ExecutionResult | AsyncIterable<ExecutionResult>;
  /** False when the operation was refused before: by a syntax error, by validation or by a plugin. */
  readonly hasBegun: boolean;
}

/** Never rejects: what is thrown becomes the errors of the result. */
export type RunOperation = (params: GraphQLParams, context: ServerContext) => Promise<OperationOutcome>;

export interface OperationRunnerOptions {
  readonly yoga: YogaCore;
  readonly requests: Pick<RequestFactory, 'forOperation'>;
  /** Whether the operation with this context has been given to the executor. */
  readonly hasBegun: (context: object) => boolean;
  readonly maskError: MaskError;
}

/** What is used of Yoga: its pipeline for one operation, which begins with `onParams`, and its list of plugins. */
export interface YogaCore {
  getResultForParams(
    operation: { readonly params: GraphQLParams; readonly request: Request },
    context: ServerContext,
  ): unknown;
  readonly getEnveloped: { readonly _plugins: readonly object[] };
}

export function createOperationRunner(options: OperationRunnerOptions): RunOperation {
  const { yoga, requests, hasBegun, maskError } = options;
  // Yoga wraps operations in this as well, but only those of HTTP requests.
  const instrument = composeInstrumentation(
    yoga.getEnveloped._plugins.flatMap(
      (plugin: { instrumentation?: Instrumentation<ServerContext> }) => plugin.instrumentation ?? [],
    ),
  )?.operation;

  return async (params, { req, identity }) => {
    const context = { req, identity };
    const request = requests.forOperation(req);
    try {
      const run = getInstrumented({ context, request }).asyncFn(instrument, () =>
        yoga.getResultForParams({ params, request }, context),
      );
      // What Yoga's pipeline gives is a result or a stream of them.
      const result = (await run()) as OperationOutcome['result'] | undefined;
      if (result === undefined) throw new Error('a plugin took the result of an operation away');
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
