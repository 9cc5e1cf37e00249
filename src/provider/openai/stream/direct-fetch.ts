/**
 * The `fetch` that the SDK sends its requests with. It asks the dispatcher of Node's own fetch (undici) directly, and so
 * leaves out what fetch does with each chunk of an answer: a copy of it, and several promises (docs/decisions). What it
 * has no short way for (forms, redirects, a Node that keeps its dispatcher elsewhere) is left to fetch itself.
 *
 * It waits for as long as whoever asks does; fetch would give up when the headers, or the next bytes, take five minutes.
 */
import { BufferedBody, type ByteReader, type Bytes, type ConnectionControl } from './buffered-body.ts';

/** What of undici's dispatchers is used. Source: undici's docs/api/Dispatcher.md, of version 7. */
interface Dispatcher {
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean;
}

interface DispatchOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** 0 is without end. */
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

/** Where every copy of undici keeps the dispatcher that fetch uses. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');
/** Answers that have no body, as Response has it. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
const ENCODINGS: ReadonlyMap<string, CompressionFormat> = new Map([
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
]);

const readings = new WeakMap<Response, ByteReader>();

/** The shortest way to read the body of a response, from whatever fetch it is; null where it has none. */
export function byteReaderOf(response: Response): ByteReader | null {
  return readings.get(response) ?? response.body?.getReader() ?? null;
}

/** As the global fetch. Rejects with a TypeError whose `cause` is what the connection failed with, or with the abort. */
export async function directFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const { body = null } = init;
  const dispatcher = globalDispatcher();
  if (dispatcher === null || input instanceof Request || !(body === null || typeof body === 'string')) {
    return fetch(input, init);
  }
  const { origin, pathname, search } = new URL(input);
  const headers = Object.fromEntries(new Headers(init.headers));
  const response = await dispatch(
    dispatcher,
    {
      origin,
      path: pathname + search,
      method: init.method ?? 'GET',
      // What is compressed has to be unpacked here, and pictures do not get smaller.
      headers: { ...headers, 'accept-encoding': 'identity' },
      body,
      headersTimeout: 0,
      bodyTimeout: 0,
    },
    init.signal ?? null,
  );
  const isElsewhere = response.status >= 300 && response.status < 400 && response.headers.has('location');
  if (!isElsewhere) return response;
  // Nothing was done there but to say where to ask: fetch is told so as well, and knows the rules by which to follow.
  await readings.get(response)?.cancel();
  return fetch(input, init);
}

function dispatch(dispatcher: Dispatcher, options: DispatchOptions, signal: AbortSignal | null): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let tap: ConnectionControl | undefined;
    let body: BufferedBody | undefined;

    const fail = (failure: unknown) => {
      signal?.removeEventListener('abort', abort);
      reject(failure);
      body?.end(failure);
    };
    const abort = () => {
      // Before there is a connection there is nothing to tap: whoever aborts does not wait for it.
      fail(signal?.reason);
      tap?.abort(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        tap = controller;
        if (signal?.aborted) controller.abort(signal.reason);
      },
      onResponseStart(controller, status, headers, statusText) {
        // What comes ahead of the answer (103 and the like).
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
  const encoding = ENCODINGS.get(init.headers.get('content-encoding')?.toLowerCase() ?? '');
  if (encoding !== undefined) {
    // Compressed though it was not asked to be: all the same it may hold what was paid for.
    return new Response(streamOf(body).pipeThrough(new DecompressionStream(encoding)), init);
  }
  const response = new Response(streamOf(body), init);
  readings.set(response, body);
  return response;
}

function headersOf(fields: ResponseHeaders): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(fields)) {
    for (const one of typeof value === 'string' ? [value] : value) headers.append(name, one);
  }
  return headers;
}

/** For those who read it by the fetch API, as the SDK reads refusals; it takes nothing before it is asked to. */
function streamOf(body: BufferedBody): ReadableStream<Bytes> {
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
  // Node makes it when it first needs anything of fetch.
  void Response;
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  return isDispatcher(current) ? current : null;
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && 'dispatch' in value && typeof value.dispatch === 'function';
}
