/**
 * Server-sent events over `fetch`: one response for each subscription.
 * @see the distinct connections mode of graphql-sse, https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
import { ConnectionLostError, CredentialsRefusedError } from '../errors.ts';
import { authorizationOf, type SubscriptionResult, type Token, type Transport } from './transport.ts';

export interface EventStreamOptions {
  /** The address of the API, such as `https://pictures.example.com/graphql`. */
  readonly url: string | URL;
  readonly token?: Token;
  /** How long the connection may be silent, in milliseconds. More than `KEEP_ALIVE_MS` of the server, which is 12 seconds. */
  readonly silenceMs?: number;
  /** Another `fetch`, for headers or cookies. */
  readonly fetch?: typeof fetch;
}

/** Statuses of servers and proxies that are expected to pass. */
const PASSING = /^(408|425|429|5..)$/;

export function eventStream(options: EventStreamOptions): Transport {
  const { url, token = null, silenceMs = 30_000 } = options;
  return {
    async *subscribe(request, signal, onOpen) {
      signal.throwIfAborted();
      // Not AbortSignal.any: a signal that lives long would collect what is made of it.
      const ending = new AbortController();
      const stop = () => ending.abort();
      signal.addEventListener('abort', stop);
      // Only while bytes are waited for: a reader that takes its time is not the silence of the connection.
      const withinSilence = async <Value>(work: Promise<Value>) => {
        const timer = setTimeout(stop, silenceMs);
        return work.finally(() => clearTimeout(timer));
      };
      try {
        const authorization = await authorizationOf(token);
        const asked = (options.fetch ?? fetch)(url, {
          method: 'POST',
          headers: {
            accept: 'text/event-stream',
            'content-type': 'application/json',
            ...(authorization === undefined ? {} : { authorization }),
          },
          body: JSON.stringify(request),
          signal: ending.signal,
        });
        const response = await withinSilence(asked);
        if (response.ok && response.body !== null) {
          onOpen();
          const reader = response.body.getReader();
          if (yield* readEvents(() => withinSilence(reader.read()))) return;
        } else {
          yield await refusalOf(response);
          return;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ConnectionLostError || error instanceof CredentialsRefusedError) throw error;
        throw new ConnectionLostError('The connection was lost.', { cause: error });
      } finally {
        signal.removeEventListener('abort', stop);
        // Also when nobody wants to read on.
        stop();
      }
      throw new ConnectionLostError('The stream ended early.');
    },
  };
}

/** @returns whether the server completed the subscription */
async function* readEvents(
  read: () => Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>,
): AsyncGenerator<SubscriptionResult, boolean> {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await read();
    if (done) return false;
    // The end of an event may have arrived in two parts.
    let searchFrom = Math.max(0, text.length - 1);
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf('\n\n', searchFrom); end !== -1; end = text.indexOf('\n\n')) {
      const event = readEvent(text.slice(0, end));
      text = text.slice(end + 2);
      searchFrom = 0;
      if (event.type === 'complete') return true;
      // Everything else is a comment.
      if (event.type === 'next') yield JSON.parse(event.data);
    }
  }
}

function readEvent(text: string): { readonly type: string; readonly data: string } {
  let [type, data] = ['', ''];
  for (const line of text.split('\n')) {
    if (line.startsWith('event: ')) type = line.slice(7);
    if (line.startsWith('data: ')) data += line.slice(6);
  }
  return { type, data };
}

/** @throws {CredentialsRefusedError} · {ConnectionLostError} when the reason is expected to pass */
async function refusalOf(response: Response): Promise<SubscriptionResult> {
  const { status, headers } = response;
  const message = `The server answered with status ${status}.`;
  if (status === 401) throw new CredentialsRefusedError('The server does not accept the credentials.');
  if (PASSING.test(`${status}`)) {
    throw new ConnectionLostError(message, { retryAfterMs: Number(headers.get('retry-after')) * 1000 || 0 });
  }
  const { errors = [{ message }] }: SubscriptionResult = await response.json().catch(() => ({}));
  return { errors };
}
