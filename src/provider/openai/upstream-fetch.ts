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
/** The id in the address of a response. A longer one is no id. */
const RESPONSE_PATH = /\/responses\/([\w-]{1,256})\/?$/u;

/** A redirect that may be the answer to a request that buys something. */
export interface AnsweredElsewhere {
  /** The response that the redirect names; null when it names none. */
  readonly responseId: string | null;
}

/** The upstream redirected a request to where this server does not send it, or where no answer came from. */
export class RedirectFailedError extends Error {
  override readonly name = 'RedirectFailedError';
  /** Null when the redirecting server has certainly done nothing else. */
  readonly answered: AnsweredElsewhere | null;

  constructor(message: string, answered: AnsweredElsewhere | null, options?: ErrorOptions) {
    super(message, options);
    this.answered = answered;
  }
}

/** By the headers of an answer, because they are all that the SDK passes on of an error. */
const answeredElsewhere = new WeakMap<Headers, AnsweredElsewhere>();

/**
 * What a redirect said before an answer with these headers came. Null without such a redirect: then an error is about the
 * request itself, and not about where its answer is.
 */
export function redirectBefore(headers: Headers | null): AnsweredElsewhere | null {
  return (headers === null ? undefined : answeredElsewhere.get(headers)) ?? null;
}

/** As the global fetch. Also rejects with a RedirectFailedError. */
export function createUpstreamFetch(scrub: Scrub): typeof directFetch {
  return async (input, init) => {
    const { response, answered } = await follow(
      input instanceof Request ? input.url : new URL(input).href,
      init ?? {},
      scrub,
    );
    const passedOn = response.ok ? withCleanRequestId(response, scrub) : await copyError(response, scrub);
    if (answered !== null) answeredElsewhere.set(passedOn.headers, answered);
    return passedOn;
  };
}

function withCleanRequestId(response: Response, scrub: Scrub): Response {
  const requestId = response.headers.get('x-request-id');
  const clean = requestId === null ? null : cleanHeader(requestId, scrub);
  if (clean === requestId || clean === null) return response;
  const headers = new Headers(response.headers);
  headers.set('x-request-id', clean);
  return new Response(response.body, { status: response.status, headers });
}

interface Hop {
  readonly url: URL;
  readonly init: RequestInit;
  /** How many redirects came before. */
  readonly redirects: number;
  readonly answered: AnsweredElsewhere | null;
}

async function follow(url: string, init: RequestInit, scrub: Scrub) {
  let hop: Hop = { url: new URL(url), init, redirects: 0, answered: null };
  for (;;) {
    const response = await send(hop);
    if (!REDIRECTS.has(response.status)) return { response, answered: hop.answered };
    await byteReaderOf(response)?.cancel();
    hop = nextHop(hop, response, scrub);
  }
}

async function send({ url, init, answered }: Hop): Promise<Response> {
  try {
    return await directFetch(url, init);
  } catch (error) {
    if (answered === null || init.signal?.aborted) throw error;
    // Without this, a connection that was refused would count as a request that was never sent.
    const message = 'The upstream redirected a request to its answer, which could not be read.';
    throw new RedirectFailedError(message, answered, { cause: error });
  }
}

/** The request that follows a redirect. @throws {RedirectFailedError} */
function nextHop({ url: from, init, redirects, answered: before }: Hop, response: Response, scrub: Scrub): Hop {
  const { status } = response;
  const location = response.headers.get('location') ?? '';
  const url = location !== '' && URL.canParse(location, from) ? new URL(location, from) : null;
  const method = init.method?.toUpperCase() ?? 'GET';
  const isRead = method === 'GET' || method === 'HEAD';
  const answered = before ?? (!isRead && MAY_BE_DONE.has(status) ? { responseId: responseIdIn(url) } : null);
  const refuse = (how: string) =>
    new RedirectFailedError(`The upstream redirected a request (HTTP ${status}) ${how}`, answered);
  if (location === '') throw refuse('without an address.');
  if (url === null || url.origin !== from.origin) {
    // Only the host: the rest of an address may hold secrets.
    const where = url === null || url.host === '' ? 'an invalid address' : cleanHeader(describe(url, from), scrub);
    throw refuse(`to ${where}. This server sends requests to its configured upstream only.`);
  }
  if (redirects >= MAX_REDIRECTS) throw refuse(`more than ${MAX_REDIRECTS} times.`);
  const next = { url, redirects: redirects + 1, answered };
  if (isRead) return { ...next, init };
  if (!CHANGES_TO_GET.has(status)) throw refuse('in a way that asks to send it again. It is sent once only.');
  const headers = new Headers(init.headers);
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name);
  const { body: _, ...rest } = init;
  return { ...next, init: { ...rest, method: 'GET', headers } };
}

/** It is asked for at the configured upstream only, wherever the redirect leads. */
function responseIdIn(url: URL | null): string | null {
  return RESPONSE_PATH.exec(url?.pathname ?? '')?.[1] ?? null;
}

/** Names the scheme where only that differs, as in a redirect from http to https. */
function describe(url: URL, from: URL): string {
  return url.host === from.host ? `${url.protocol}//${url.host}` : url.host;
}
