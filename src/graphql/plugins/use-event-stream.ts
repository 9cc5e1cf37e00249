/**
 * Subscriptions over server-sent events, in place of Yoga's own writer. It writes the same format, and also keeps
 * promise 9: it writes in pieces, so that a slow client differs from a stalled one; it disconnects stalled clients, which
 * come back with their cursor; and it ends the subscription of a client that left before its stream began, which Yoga
 * would leave open.
 */
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Principal } from '../../auth/authenticate.ts';
import { bytesOf } from '../result-bytes.ts';
import type { ServerContext } from '../server-context.ts';
import { EventStreamSource, type EventStreamSourceOptions } from '../transports/event-stream.ts';

export type EventStreamOptions = EventStreamSourceOptions;

const EVENT_STREAM = 'text/event-stream';
const HEADERS = {
  'Content-Type': EVENT_STREAM,
  'Cache-Control': 'no-store',
  // Keeps proxies from collecting bytes in order to compress them.
  'Content-Encoding': 'none',
  // The same for nginx, which would pass events on only when its buffer is full.
  'X-Accel-Buffering': 'no',
  Connection: 'keep-alive',
};

export interface EventStreamPlugins {
  /** Writes streams of results. Comes before the plugins that were passed in: they may set a writer of their own. */
  readonly writer: Plugin<object, ServerContext>;
  /** Comes behind them: it looks after the streams that are not written by `writer`. */
  readonly guard: Plugin<object, ServerContext>;
}

export function useEventStream(options: EventStreamOptions): EventStreamPlugins {
  const ours = new WeakSet<object>();
  return {
    writer: {
      onResultProcess({ result, resultProcessor, setResultProcessor, serverContext: { res: response, identity } }) {
        // No processor yet means that the client does not accept events.
        if (!isAsyncIterable(result) || resultProcessor === undefined || response === undefined) return;
        const write: typeof resultProcessor = (results, { ReadableStream, Response }) => {
          // The processor of a stream is given that stream.
          const source = new EventStreamSource(
            results as AsyncIterable<ExecutionResult>,
            { response, identity },
            options,
          );
          return new Response(source.isOver ? null : new ReadableStream(source), { headers: HEADERS });
        };
        ours.add(write);
        setResultProcessor(write, EVENT_STREAM);
      },
    },
    guard: {
      onResultProcess({ result, resultProcessor, setResult, serverContext: { identity } }) {
        if (!isAsyncIterable(result)) return;
        // The answer is 406, and nobody else would end the subscription.
        if (resultProcessor === undefined) void result[Symbol.asyncIterator]().return?.();
        else if (!ours.has(resultProcessor)) setResult(whileValid(identity, result));
      },
      onResponse({ response }) {
        if (response.headers.get('content-type') !== EVENT_STREAM) return;
        // A single result, such as an error, is written by Yoga, which lets caches keep it.
        response.headers.set('cache-control', 'no-store');
        response.headers.set('x-accel-buffering', HEADERS['X-Accel-Buffering']);
      },
    },
  };
}

/** The results for a writer of another plugin. They end with the credentials of the client. */
function whileValid(identity: Pick<Principal, 'watchEnd'>, results: AsyncIterable<ExecutionResult>) {
  const given = mapAsyncIterator(results, withDataUris, undefined, () => stopWatching());
  const stopWatching = identity.watchEnd(() => void given.return?.());
  return given;
}

/** The result with its images as strings, for a writer of another plugin: that one knows nothing of marks. */
function withDataUris(result: ExecutionResult): ExecutionResult {
  const bytes = bytesOf(result);
  try {
    return JSON.parse(Buffer.concat(bytes.parts).toString());
  } finally {
    bytes.release(true);
  }
}
