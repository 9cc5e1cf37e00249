/**
 * Yields the events of a call, each once. A lost connection is replaced, and the subscription resumes after the cursor
 * of the last event (PROTOCOL.md), so that no event is missed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode, createClient } from 'graphql-ws';
import { ApiError, type ApiErrorEntry, errorOf, RefusedError } from './api-client.ts';
import { authorizationOf, describeRefusal } from './api-key.ts';
import { Follow } from './documents.ts';
import type { FollowSubscription } from './gql/graphql.ts';

export type CallEvent = FollowSubscription['generationEvents'];
export type EventOf<Type extends CallEvent['__typename']> = Extract<CallEvent, { readonly __typename: Type }>;
export type TerminalEvent = EventOf<'GenerationCompleted' | 'GenerationFailed' | 'GenerationCancelled'>;

export interface FollowOptions {
  /** Without a trailing slash. */
  readonly url: string;
  /** An API key or token; null to send none. */
  readonly apiKey: string | null;
  readonly callId: string;
  readonly signal: AbortSignal;
  /** How long a server may be unreachable, in milliseconds. */
  readonly patienceMs: number;
  /** Called when the connection is lost, and when it is back. */
  readonly onConnection: (state: 'lost' | 'back') => void;
}

/** The server was unreachable for too long. */
export class ServerGoneError extends Error {
  override readonly name = 'ServerGoneError';
}

const RETRY_MS = 300;
const PING_MS = 2_000;
/** A connection that receives nothing for this long, not even a pong, is considered lost. */
const SILENCE_MS = 5_000;

/** Close codes after which reconnecting would not help. */
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
 * Ends after the terminal event.
 * @throws {ServerGoneError} when the server is unreachable for longer than `patienceMs` · {ApiError} when the server
 * rejects the subscription · {RefusedError} when it does not accept the credentials · the reason of the signal
 */
export async function* followCall(options: FollowOptions): AsyncGenerator<CallEvent, void, void> {
  const { url, apiKey, callId, signal, patienceMs, onConnection } = options;
  let after: string | null = null;
  let lostAt: number | null = null;
  const onAlive = () => {
    if (lostAt !== null) onConnection('back');
    lostAt = null;
  };
  for (;;) {
    signal.throwIfAborted();
    try {
      for await (const event of subscribe({ url, apiKey, callId, after, signal, onAlive })) {
        after = event.cursor;
        yield event;
        if (isTerminal(event)) return;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiError || error instanceof RefusedError) throw error;
      const code = closeCode(error);
      if (code === CloseCode.Forbidden) throw unauthenticated(error, { url, apiKey });
      if (FATAL_CODES.has(code)) throw new Error(`the server rejected the subscription (close code ${code})`);
    }
    if (lostAt === null) {
      lostAt = performance.now();
      onConnection('lost');
    } else if (performance.now() - lostAt > patienceMs) {
      throw new ServerGoneError(`the server at ${url} has been unreachable for ${Math.round(patienceMs / 1000)} s`);
    }
    await sleep(RETRY_MS, undefined, { signal });
  }
}

/** Whether this is the last event of its call. */
export function isTerminal(event: CallEvent): event is TerminalEvent {
  return /^Generation(Completed|Failed|Cancelled)$/u.test(event.__typename);
}

interface SubscribeOptions extends Pick<FollowOptions, 'url' | 'apiKey' | 'callId' | 'signal'> {
  readonly after: string | null;
  /** Called whenever a message arrives from the server. */
  readonly onAlive: () => void;
}

/** One connection, for as long as it lasts. */
async function* subscribe({
  url,
  apiKey,
  callId,
  after,
  signal,
  onAlive,
}: SubscribeOptions): AsyncGenerator<CallEvent> {
  const drop = () => client.terminate();
  const watchdog = setTimeout(drop, SILENCE_MS);
  const client = createClient({
    url: `${url.replace(/^http/u, 'ws')}/graphql`,
    // The retries of graphql-ws would resume from the cursor with which this connection started.
    retryAttempts: 0,
    keepAlive: PING_MS,
    ...(apiKey === null ? {} : { connectionParams: { authorization: authorizationOf(apiKey) } }),
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
      if (errors !== undefined) throw errorOf(errors, { url, apiKey });
      if (data != null) yield data.generationEvents;
    }
  } catch (error) {
    // graphql-ws throws the list of GraphQL errors of a rejected subscription.
    throw Array.isArray(error) ? errorOf(error as readonly ApiErrorEntry[], { url, apiKey }) : error;
  } finally {
    signal.removeEventListener('abort', drop);
    clearTimeout(watchdog);
    client.terminate();
  }
}

/** The error for a socket that was closed because of its credentials. The reason of the close event says why. */
function unauthenticated(error: unknown, { url, apiKey }: Pick<FollowOptions, 'url' | 'apiKey'>): RefusedError {
  const reason = typeof error === 'object' && error !== null && 'reason' in error ? String(error.reason) : '';
  const refusal = { code: 'UNAUTHENTICATED', message: reason, retryAfter: null };
  return new RefusedError(describeRefusal(refusal, url, apiKey) ?? reason);
}

/** The code of the close event that graphql-ws throws when a connection ends; 0 for anything else. */
function closeCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : 0;
}
