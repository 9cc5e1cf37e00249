/**
 * Tells a client what its operation cost, in `extensions.cost` of the answer, when it sends `"extensions": {"cost": true}`.
 * Only then: most clients never look, and every answer would be longer.
 */
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { OperationLimits } from '../../../domain/limits/operation-limits.ts';
import type { ServerContext } from '../../server-context.ts';
import { costOf } from './operation-cost.ts';

export function useCostReport({ maxQueryCost }: Pick<OperationLimits, 'maxQueryCost'>): Plugin<ServerContext> {
  /** Null when the client did not ask. */
  function reportFor(args: ExecutionArgs): ((result: ExecutionResult) => ExecutionResult) | null {
    // Yoga's context has the parameters of the operation.
    const { params } = args.contextValue as { readonly params: { readonly extensions?: { readonly cost?: unknown } } };
    if (params.extensions?.cost !== true) return null;
    const { points, selections, depth, rootFields } = costOf(args);
    const cost = { points, maxPoints: maxQueryCost, selections, depth, rootFields };
    return (result) => ({ ...result, extensions: { ...result.extensions, cost } });
  }

  return {
    onExecute({ args }) {
      const report = reportFor(args);
      if (report === null) return;
      return {
        onExecuteDone({ result, setResult }) {
          if (!isAsyncIterable(result)) setResult(report(result));
        },
      };
    },
    onSubscribe({ args }) {
      const report = reportFor(args);
      if (report === null) return;
      return {
        onSubscribeResult: () => ({ onNext: ({ result, setResult }) => setResult(report(result)) }),
      };
    },
  };
}
