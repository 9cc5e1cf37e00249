/**
 * Sends one request. It calls the dispatcher of Node's own fetch (undici) directly, to avoid what fetch does for each chunk
 * of an answer: a copy and several promises (docs/decisions/2026-11-26-reading-past-fetch.md). Forms, and a Node version
 * that keeps its dispatcher elsewhere, are passed on to fetch. Redirects are answers like others (../upstream-fetch.ts).
 *
 * It has no timeouts of its own: the caller aborts. fetch would give up after five minutes without headers or bytes.
 */
import { BufferedBody, type ByteReader, type Bytes, type ConnectionControl } from './buffered-body.ts';
import { unpacked } from './content-encoding.ts';

/** The part of undici's Dispatcher that is used. Source: undici's documentation of Dispatcher, version 7. */
interface Dispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
}

interface DispatchOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** 0 means no timeout. */
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

interface DispatchHandler {
  onRequestStart(controller: ConnectionControl): void;
  onResponseStart(controller: ConnectionControl, status: number, headers: ResponseHeaders, statusText: string): void;
  onResponseData(controller: ConnectionControl, chunk: Bytes): void;
  onResponseEnd(): void;
  onResponseError(controller: ConnectionControl | null, error: Error): void;
}

type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The symbol under which every copy of undici keeps the dispatcher that fetch uses. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');
/** Statuses with which Response accepts no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

const byteReaders = new WeakMap<Response, ByteReader>();

/** The fastest reader of a response's body, whichever fetch it came from; null where it has no body. */
export function byteReaderOf(response: Response): ByteReader | null {
  return byteReaders.get(response) ?? response.body?.getReader() ?? null;
}

/**
 * As the global fetch, without following redirects. Rejects with a TypeError whose `cause` is the connection's error, or with
 * the abort reason.
 */
export async function directFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { body = null } = init;
  const dispatcher = globalDispatcher();
  if (dispatcher === null || input instanceof Request || !(body === null || typeof body === 'string')) {
    return fetch(input, { ...init, redirect: 'manual' });
  }
  const { origin, pathname, search } = new URL(input);
  const headers = Object.fromEntries(new Headers(init.headers));
  return dispatch(
    dispatcher,
    {
      origin,
      path: pathname + search,
      method: init.method ?? 'GET',
      // A compressed answer would have to be unpacked here, and pictures do not get smaller.
      headers: { ...headers, 'accept-encoding': 'identity' },
      body,
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    init.signal ?? null,
  );
}

function dispatch(dispatcher: Dispatcher, options: DispatchOptions, signal: AbortSignal | null): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let connection: ConnectionControl | undefined;
    let body: BufferedBody | undefined;

    const fail = (failure: unknown) => {
      signal?.removeEventListener('abort', abort);
      reject(failure);
      body?.end(failure);
    };
    const abort = () => {
      // Before there is a connection there is nothing to abort, and the caller does not wait for one.
      fail(signal?.reason);
      connection?.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        connection = controller;
        if (signal?.aborted) controller.abort(signal.reason);
      },
      onResponseStart(controller, status, headers, statusText) {
        // An informational response, such as 103, precedes the answer.
        if (status < 200) return;
        body = new BufferedBody(controller);
        resolve(responseOf(body, status, statusText, headers));
      },
      onResponseData: (_, chunk) => body?.push(chunk),
      onResponseEnd() {
        signal?.removeEventListener('abort', abort);
        body?.end();
      },
      onResponseError: (_, error) => fail(new TypeError('fetch failed', { cause: error })),
    });
  });
}

function responseOf(body: BufferedBody, status: number, statusText: string, headers: ResponseHeaders): Response {
  const init = { status, statusText, headers: headersOf(headers) };
  if (BODILESS.has(status)) return new Response(null, init);
  const reader = unpacked(body, init.headers.get('content-encoding'));
  const response = new Response(streamOf(reader), init);
  byteReaders.set(response, reader);
  return response;
}

function headersOf(fields: ResponseHeaders): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(fields)) {
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one);
  }
  return headers;
}

/** For readers that use the fetch API, as the SDK does for errors. It reads nothing before it is pulled. */
function streamOf(body: ByteReader): ReadableStream<Bytes> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await body.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => body.cancel(),
    },
    { highWaterMark: 0 },
  );
}

function globalDispatcher(): Dispatcher | null {
  // Node creates the dispatcher when a fetch global is first used.
  void Response;
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  return isDispatcher(current) ? current : null;
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function';
}
