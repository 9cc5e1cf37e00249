/**
 * The events of a call, each once, over as many connections as it takes: a lost one is replaced, and the subscription
 * goes on behind the last event's cursor (PROTOCOL.md). What follows is the server's log, so nothing is missed either.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode, createClient } from 'graphql-ws';
import { ApiError, type ApiErrorEntry } from './api-client.ts';
import { Follow } from './documents.ts';
import type { FollowSubscription } from './gql/graphql.ts';

export type CallEvent = FollowSubscription['generationEvents'];
export type EventOf<Type extends CallEvent['__typename']> = Extract<CallEvent, { readonly __typename: Type }>;
export type TerminalEvent = EventOf<'GenerationCompleted' | 'GenerationFailed' | 'GenerationCancelled'>;

export interface FollowOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly callId: string;
  readonly signal: AbortSignal;
  /** How long a lost server may stay away, in milliseconds. */
  readonly patienceMs: number;
  /** Is told when the connection is lost, and when it is back. */
  readonly onConnection: (state: 'lost' | 'back') => void;
}

/** The server did not come back in time. */
export class ServerGoneError extends Error {
  override readonly name = 'ServerGoneError';
}

const RETRY_MS = 300;
const PING_MS = 2_000;
/** A connection on which nothing came for so long, not even the answer to a ping, is dead. */
const SILENCE_MS = 5_000;

/** Coming back would change nothing. */
const FATAL_CODES: ReadonlySet<number> = new Set([
  CloseCode.InternalServerError,
  CloseCode.InternalClientError,
  CloseCode.BadRequest,
  CloseCode.BadResponse,
  CloseCode.Unauthorized,
  CloseCode.Forbidden,
  CloseCode.SubprotocolNotAcceptable,
]);

/**
 * Ends behind the terminal event.
 * @throws {ServerGoneError} lost for longer than `patienceMs` · {ApiError} the server refuses · the signal's reason
 */
export async function* followCall(options: FollowOptions): AsyncGenerator<CallEvent, void, void> {
  const { url, callId, signal, patienceMs, onConnection } = options;
  let after: string | null = null;
  let lostAt: number | null = null;
  const onAlive = () => {
    if (lostAt !== null) onConnection('back');
    lostAt = null;
  };
  for (;;) {
    signal.throwIfAborted();
    try {
      for await (const event of subscribe({ url, callId, after, signal, onAlive })) {
        after = event.cursor;
        yield event;
        if (isTerminal(event)) return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiError) throw error;
      const code = closeCode(error);
      if (FATAL_CODES.has(code)) throw new Error(`the server refuses the subscription (close code ${code})`);
    }
    if (lostAt === null) {
      lostAt = performance.now();
      onConnection('lost');
    } else if (performance.now() - lostAt > patienceMs) {
      throw new ServerGoneError(`the server at ${url} has been gone for ${Math.round(patienceMs / 1000)} s`);
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Whether nothing follows behind this event. */
export function isTerminal(event: CallEvent): event is TerminalEvent {
  return /^Generation(Completed|Failed|Cancelled)$/u.test(event.__typename);
}

interface SubscribeOptions extends Pick<FollowOptions, 'url' | 'callId' | 'signal'> {
  readonly after: string | null;
  /** Is called whenever anything came from the server. */
  readonly onAlive: () => void;
}

/** One connection, as long as it lasts. */
async function* subscribe({ url, callId, after, signal, onAlive }: SubscribeOptions): AsyncGenerator<CallEvent> {
  const drop = () => client.terminate();
  const watchdog = setTimeout(drop, SILENCE_MS);
  const client = createClient({
    url: `${url.replace(/^http/u, 'ws')}/graphql`,
    // Its own retries would ask again from where this connection began.
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      message: () => {
        watchdog.refresh();
        onAlive();
      },
    },
  });
  signal.addEventListener('abort', drop);
  try {
    const results = client.iterate<FollowSubscription>({ query: String(Follow), variables: { callId, after } });
    for await (const { data, errors } of results) {
      if (errors !== undefined) throw new ApiError(errors);
      if (data != null) yield data.generationEvents;
    }
  } catch (error) {
    // The protocol's message for a subscription that was refused: a list of GraphQL errors.
    throw Array.isArray(error) ? new ApiError(error as readonly ApiErrorEntry[]) : error;
  } finally {
    signal.removeEventListener('abort', drop);
    clearTimeout(watchdog);
    client.terminate();
  }
}

/** The code of the close event that graphql-ws throws when a connection ends; 0 for anything else. */
function closeCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : 0;
}
