/**
 * Subscriptions over server-sent events, in place of Yoga's own writer. It writes the same format, and also keeps
 * promise 9: it writes in pieces, so that a slow client differs from a stalled one; it disconnects stalled clients, which
 * come back with their cursor; and it ends the subscription of a client that left before its stream began, which Yoga
 * would leave open. Each event has its cursor as its id, so that a browser's EventSource resumes by itself (promise 2).
 */
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Principal } from '../../auth/authenticate.ts';
import { createEventCompressor, type EventCompressor } from '../compression/event-compressor.ts';
import { bytesOf } from '../result-bytes.ts';
import type { ServerContext } from '../server-context.ts';
import { EventStreamSource, type EventStreamSourceOptions } from '../transports/event-stream.ts';
import { END_ID, lastEventIdOf } from '../transports/last-event-id.ts';
import type { Compression } from './use-compression.ts';

export interface EventStreamOptions extends EventStreamSourceOptions {
  /** `Accept-Encoding` of the request; undefined when its events must be sent as they are. */
  readonly acceptedEncodings: Compression['accepted'];
}

const EVENT_STREAM = 'text/event-stream';
const HEADERS = {
  'Content-Type': `${EVENT_STREAM}; charset=utf-8`,
  'Cache-Control': 'no-store',
  // Keeps nginx from passing events on only when its buffer is full.
  'X-Accel-Buffering': 'no',
  Connection: 'keep-alive',
};
/** Keeps proxies from collecting bytes in order to compress them. */
const NOT_ENCODED = 'none';

/**
 * How long a client that reconnects waits for its first event before its response begins. A log that is at its end
 * answers after one read of the database; this is for a database that is busy.
 */
const END_CHECK_TIMEOUT_MS = 1_000;

export interface EventStreamPlugins {
  /** Writes streams of results. Comes before the plugins that were passed in: they may set a writer of their own. */
  readonly writer: Plugin<object, ServerContext>;
  /** Comes behind them: it looks after the streams that are not written by `writer`. */
  readonly guard: Plugin<object, ServerContext>;
}

export function useEventStream(options: EventStreamOptions): EventStreamPlugins {
  const ours = new WeakSet<object>();
  /** Requests whose answer is one result, such as an error. Yoga writes it. */
  const single = new WeakSet<Request>();
  return {
    writer: {
      onRequest({ request, serverContext, endResponse, fetchAPI }) {
        if (!acceptsEvents(request) || lastEventIdOf(serverContext) !== END_ID) return;
        endResponse(new fetchAPI.Response(null, { status: 204 }));
      },
      onResultProcess({ request, result, resultProcessor, setResultProcessor, serverContext }) {
        if (!isAsyncIterable(result)) single.add(request);
        const { res: response, identity } = serverContext;
        // No processor yet means that the client does not accept events.
        if (!isAsyncIterable(result) || resultProcessor === undefined || response === undefined) return;
        const write: typeof resultProcessor = async (results, { ReadableStream, Response }) => {
          const compressor = createEventCompressor(options.acceptedEncodings(serverContext));
          const source = new EventStreamSource(
            // The processor of a stream is given that stream.
            results as AsyncIterable<ExecutionResult>,
            { response, identity, compressor },
            options,
          );
          if (lastEventIdOf(serverContext) !== null && (await source.isEmpty(END_CHECK_TIMEOUT_MS))) {
            await source.cancel();
            return new Response(null, { status: 204 });
          }
          return new Response(source.isOver ? null : new ReadableStream(source), { headers: headersFor(compressor) });
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
      async onResponse({ request, response, setResponse, fetchAPI }) {
        if (!single.has(request) || response.headers.get('content-type') !== EVENT_STREAM) return;
        const { status, headers } = response;
        // Yoga lets caches keep it, and an EventSource would ask for it again and again.
        const events = (await response.text()).replace(/event: complete\n(?=data:\n\n$)/u, `id: ${END_ID}\n$&`);
        for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
        headers.delete('content-encoding');
        setResponse(new fetchAPI.Response(events, { status, headers }));
      },
    },
  };
}

function acceptsEvents({ headers }: Pick<Request, 'headers'>): boolean {
  return headers.get('accept')?.includes(EVENT_STREAM) === true;
}

function headersFor(compressor: EventCompressor | null): Readonly<Record<string, string>> {
  return { ...HEADERS, 'Content-Encoding': compressor?.encoding ?? NOT_ENCODED };
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
