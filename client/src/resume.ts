/** A subscription that goes on behind its last event, however often its connection is lost. */
import { ConnectionLostError, CredentialsRefusedError, type ResultError, SubscriptionRefusedError } from './errors.ts';
import { retryWaitMs, waitToRetry } from './retry-wait.ts';
import type { SubscriptionResult, Transport } from './transports/transport.ts';

/** Whether events arrive: `connecting` also while a lost connection is replaced. */
export type ConnectionState = 'connecting' | 'open';

export interface ResumeOptions {
  readonly transport: Transport;
  /** It must have a variable `$after` and select `cursor` of its event. */
  readonly query: string;
  /** `after` is the cursor to start behind. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
  readonly onState?: ((state: ConnectionState, lost: Error | null) => void) | undefined;
}

/** Errors of the server that are expected to pass. */
const PASSING_CODES: ReadonlySet<unknown> = new Set([
  'AUTHENTICATION_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'RATE_LIMITED',
  'TOO_MANY_OPERATIONS',
]);
const UNAUTHENTICATED = 'UNAUTHENTICATED';
/** Credentials may have expired on their way: they are asked for twice. */
const MAX_REFUSALS = 2;

/**
 * The results of a subscription, each event once. Returns when the server completes the subscription.
 * @throws {SubscriptionRefusedError} · {CredentialsRefusedError} twice in a row · the reason of the signal
 */
export async function* resume(options: ResumeOptions): AsyncGenerator<SubscriptionResult, void, undefined> {
  const { transport, query, signal = new AbortController().signal, onState } = options;
  const variables = { ...options.variables };
  let [failures, refusals] = [0, 0];
  const onOpen = () => {
    refusals = 0;
    onState?.('open', null);
  };
  onState?.('connecting', null);
  for (;;) {
    let lost: Error;
    try {
      for await (const result of transport.subscribe({ query, variables }, signal, onOpen)) {
        variables['after'] = cursorOf(result);
        failures = 0;
        yield result;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CredentialsRefusedError) refusals += 1;
      else if (!(error instanceof ConnectionLostError)) throw error;
      if (refusals === MAX_REFUSALS) throw error;
      lost = error;
    }
    onState?.('connecting', lost);
    await waitToRetry(retryWaitMs(failures, lost instanceof ConnectionLostError ? lost.retryAfterMs : 0), signal);
    failures += 1;
  }
}

/** A subscription has one field, and its value is the event. */
function cursorOf({ data, errors = [] }: SubscriptionResult): string {
  const [event] = Object.values(data ?? {});
  const cursor = (event as { readonly cursor?: unknown } | null | undefined)?.cursor;
  // With an event, errors are about some of its fields.
  if (typeof cursor === 'string') return cursor;
  if (errors.length > 0) throw refusedBy(errors);
  throw new TypeError('Select `cursor` of the event: without it, a subscription cannot be resumed.');
}

function refusedBy(errors: readonly ResultError[]): Error {
  const { message = '', extensions = {} } = errors[0] ?? {};
  const { code, retryAfter } = extensions;
  if (code === UNAUTHENTICATED) return new CredentialsRefusedError(message);
  if (!PASSING_CODES.has(code)) return new SubscriptionRefusedError(errors);
  // The time from which on the server takes more, when it says one.
  const retryAfterMs = Math.max(0, Date.parse(`${retryAfter}`) - Date.now()) || 0;
  return new ConnectionLostError(message, { retryAfterMs });
}
