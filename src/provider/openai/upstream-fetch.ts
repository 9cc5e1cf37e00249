/**
 * The `fetch` of the SDK: every request to the upstream leaves here, and every answer comes in here. A redirect is followed
 * within the upstream's own origin only, because each request carries the prompt, the key and the custom headers. Nothing is
 * sent twice: a request that may buy something is at most followed by a GET. Errors are read to a limit.
 */
import type { Scrub } from '../../lib/scrubber.ts';
import { cleanHeader, copyError } from './bounded-answer.ts';
import { byteReaderOf, directFetch } from './stream/direct-fetch.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Redirects after which a POST becomes a GET (Fetch standard, HTTP-redirect fetch). */
const CHANGES_TO_GET: ReadonlySet<number> = new Set([301, 302, 303]);
/** Redirects by which a server may answer what it has done, and not only say where to ask. */
const MAY_BE_DONE: ReadonlySet<number> = new Set([302, 303]);

/** The upstream redirected a request to where this server does not send it. */
export class RedirectRefusedError extends Error {
  override readonly name = 'RedirectRefusedError';
  /** Whether the redirecting server has certainly done nothing else. */
  readonly nothingDone: boolean;

  constructor(message: string, nothingDone: boolean) {
    super(message);
    this.nothingDone = nothingDone;
  }
}

/** As the global fetch. Also rejects with a RedirectRefusedError. */
export function createUpstreamFetch(scrub: Scrub): typeof directFetch {
  return async (input, init) => {
    const response = await follow(input instanceof Request ? input.url : new URL(input).href, init ?? {}, scrub);
    if (!response.ok) return copyError(response, scrub);
    const requestId = response.headers.get('x-request-id');
    const clean = requestId === null ? null : cleanHeader(requestId, scrub);
    if (clean === requestId || clean === null) return response;
    const headers = new Headers(response.headers);
    headers.set('x-request-id', clean);
    return new Response(response.body, { status: response.status, headers });
  };
}

async function follow(url: string, init: RequestInit, scrub: Scrub): Promise<Response> {
  let request = { url: new URL(url), init };
  for (let hops = 0; ; hops += 1) {
    const response = await directFetch(request.url, request.init);
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await byteReaderOf(response)?.cancel();
    request = redirected(request, { status: response.status, location, hops }, scrub);
  }
}

interface Redirect {
  readonly status: number;
  readonly location: string;
  /** How many redirects came before. */
  readonly hops: number;
}

/** The request that follows a redirect. @throws {RedirectRefusedError} */
function redirected(request: { url: URL; init: RequestInit }, redirect: Redirect, scrub: Scrub) {
  const { status, location, hops } = redirect;
  const { url: from, init } = request;
  const url = URL.canParse(location, from) ? new URL(location, from) : null;
  const method = init.method?.toUpperCase() ?? 'GET';
  const isRead = method === 'GET' || method === 'HEAD';
  const refuse = (how: string) => {
    const nothingDone = isRead || !(MAY_BE_DONE.has(status) || hops > 0);
    return new RedirectRefusedError(`The upstream redirected a request (HTTP ${status}) ${how}`, nothingDone);
  };
  if (url === null || url.origin !== from.origin) {
    // Only the host: the rest of an address may hold secrets.
    const where = url === null || url.host === '' ? 'an invalid address' : cleanHeader(describe(url, from), scrub);
    throw refuse(`to ${where}. This server sends requests to its configured upstream only.`);
  }
  if (hops >= MAX_REDIRECTS) throw refuse(`more than ${MAX_REDIRECTS} times.`);
  if (isRead) return { url, init };
  if (!CHANGES_TO_GET.has(status)) throw refuse('in a way that asks to send it again. It is sent once only.');
  const headers = new Headers(init.headers);
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name);
  const { body: _, ...rest } = init;
  return { url, init: { ...rest, method: 'GET', headers } };
}

/** Names the scheme where only that differs, as in a redirect from http to https. */
function describe(url: URL, from: URL): string {
  return url.host === from.host ? `${url.protocol}//${url.host}` : url.host;
}
