/**
 * How much a client may do in a minute, and how much at once, on every way in. Requests are counted before anything is
 * parsed, cost and concurrency before the operation is executed (docs/limits.md).
 */
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, isPromise, type Plugin } from 'graphql-yoga';
import { RateLimitedError, secondsUntilRetry } from '../../domain/errors.ts';
import type { ConcurrencyKind } from '../../domain/limits/client-limits.ts';
import { CancellableIterator, DONE } from '../../lib/cancellable-iterator.ts';
import type { Client } from '../../limits/client.ts';
import type { ClientConcurrency } from '../../limits/client-concurrency.ts';
import type { ClientRates } from '../../limits/client-rates.ts';
import type { ServerContext } from '../server-context.ts';

export interface RateLimitsOptions {
  readonly rates: ClientRates;
  readonly concurrency: ClientConcurrency;
  /** The cost of an operation in points, before it is executed. */
  readonly costOf: (args: ExecutionArgs) => number;
  readonly nowMs: () => number;
}

export interface RateLimitPlugins {
  /** Comes before the plugins that were passed in: a client that asks too often costs as little as possible. */
  readonly first: Plugin;
  /** Comes behind them: what they refuse or answer themselves is not counted, and their executors are. */
  readonly last: Plugin;
}

/** What is not limited has no hook, and so costs nothing. */
export function useRateLimits(options: RateLimitsOptions): RateLimitPlugins {
  const { rates, concurrency, costOf } = options;
  const refuse = (error: unknown): never => {
    throw error instanceof RateLimitedError ? asResponse(error, options.nowMs()) : error;
  };

  const takeCost = rates.has('COST')
    ? (args: ExecutionArgs, client: Client) => rates.take('COST', client, costOf(args))?.catch(refuse)
    : () => undefined;

  function enter(kind: ConcurrencyKind, client: Client): () => void {
    try {
      return concurrency.enter(kind, client);
    } catch (error) {
      return refuse(error);
    }
  }

  const onExecute: NonNullable<Plugin['onExecute']> = ({ args, executeFn, setExecuteFn }) => {
    const waiting = takeCost(args, clientOf(args.contextValue));
    if (!concurrency.has('OPERATIONS')) return waiting;
    const begin = () => {
      const leave = enter('OPERATIONS', clientOf(args.contextValue));
      setExecuteFn((given) => untilDone(() => executeFn(given), leave));
    };
    return waiting === undefined ? begin() : waiting.then(begin);
  };

  const onSubscribe: NonNullable<Plugin['onSubscribe']> = ({ args, subscribeFn, setSubscribeFn }) => {
    const waiting = takeCost(args, clientOf(args.contextValue));
    if (!concurrency.has('SUBSCRIPTIONS')) return waiting;
    const begin = () => {
      const leave = enter('SUBSCRIPTIONS', clientOf(args.contextValue));
      setSubscribeFn((given) => subscribeUntilLeft(async () => subscribeFn(given), leave));
    };
    return waiting === undefined ? begin() : waiting.then(begin);
  };

  return {
    first: rates.has('REQUESTS')
      ? { onParams: ({ context }) => rates.take('REQUESTS', clientOf(context), 1)?.catch(refuse) }
      : {},
    last: {
      ...((rates.has('COST') || concurrency.has('OPERATIONS')) && { onExecute }),
      ...((rates.has('COST') || concurrency.has('SUBSCRIPTIONS')) && { onSubscribe }),
    },
  };
}

/** Every transport puts these into the context of an operation, which the types of plugins do not know. */
function clientOf(context: unknown): Client {
  return context as ServerContext;
}

/** The error of an operation, and over HTTP the status and headers of its response. */
function asResponse(error: RateLimitedError, nowMs: number): GraphQLError {
  const { message, code, retryAfter } = error;
  const seconds = secondsUntilRetry(error, nowMs);
  const headers = seconds === null ? {} : { 'Retry-After': String(seconds) };
  return new GraphQLError(message, { extensions: { code, retryAfter, http: { status: 429, headers } } });
}

/** Calls `leave` when the work has ended, however it ends. */
function untilDone<Result>(work: () => Result, leave: () => void): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    leave();
    throw error;
  }
  if (!isPromise(result)) {
    leave();
    return result;
  }
  // What comes after is called later than `leave`, because it asks later. `finally` would make it wait two turns longer.
  result.then(leave, leave);
  return result;
}

async function subscribeUntilLeft(
  subscribe: () => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>,
  leave: () => void,
) {
  try {
    const result = await subscribe();
    if (isAsyncIterable(result)) return new CountedResults(result, leave);
    leave();
    return result;
  } catch (error) {
    leave();
    throw error;
  }
}

/** The results of one subscription, which leaves once, however and whenever it ends: also before its first result. */
class CountedResults extends CancellableIterator<ExecutionResult> {
  readonly #results: AsyncIterator<ExecutionResult>;
  readonly #leave: () => void;
  #hasFailed = false;

  constructor(results: AsyncIterable<ExecutionResult>, leave: () => void) {
    super();
    this.#results = results[Symbol.asyncIterator]();
    this.#leave = leave;
  }

  override async next(): Promise<IteratorResult<ExecutionResult, void>> {
    // Yoga turns a failure into a result and asks for the next one: what has failed has ended.
    if (this.#hasFailed) return DONE;
    try {
      const result = await this.#results.next();
      if (!result.done) return result;
    } catch (error) {
      this.#hasFailed = true;
      this.#leave();
      throw error;
    }
    this.#leave();
    return DONE;
  }

  protected override async release(): Promise<void> {
    this.#leave();
    await this.#results.return?.();
  }
}
