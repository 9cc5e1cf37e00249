/**
 * Runs the operation of a small JSON request without the objects of the fetch API, which cost more than a small query. Used
 * only when no plugin looks at HTTP requests (request-hooks.ts): everything from `onParams` to `onExecutionResult` is
 * Yoga's own, and so is the writer of the result. Unusual requests are left to Yoga as a whole
 * (docs/decisions/2026-11-28-one-pipeline.md).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type GraphQLParams, isAsyncIterable, processRegularResult } from 'graphql-yoga';
import { bodyEncoding, compressBody } from '../compression/compress-body.ts';
import { NOT_ACCEPTABLE_HEADERS, notAcceptableBody } from '../not-acceptable.ts';
import type { Compression } from '../plugins/use-compression.ts';
import { API_HEADERS } from '../response-headers.ts';
import type { RunOperation } from '../run-operation.ts';
import type { ServerContext } from '../server-context.ts';

export interface DirectJsonOptions {
  readonly run: RunOperation;
  /** What a page of another origin, which is allowed, is told with the response. */
  readonly crossOriginHeaders: (request: IncomingMessage) => Readonly<Record<string, string>>;
  readonly acceptedEncodings: Compression['accepted'];
}

/** An operation that can run directly, and the media type of its response. */
export interface DirectOperation {
  readonly params: GraphQLParams;
  readonly mediaType: string;
}

/** Null for everything that Yoga has to answer: errors in the request, batches, subscriptions, unusual media types. */
export function directOperation({ headers }: IncomingMessage, body: string): DirectOperation | null {
  const mediaType = mediaTypeFor(headers.accept);
  const params = mediaType === null ? null : paramsOf(body);
  return mediaType === null || params === null ? null : { params, mediaType };
}

/** Resolves when the response is written. */
export async function serveDirectly(
  { run, crossOriginHeaders, acceptedEncodings }: DirectJsonOptions,
  { params, mediaType }: DirectOperation,
  request: Request,
  context: Required<ServerContext>,
): Promise<void> {
  const { req, res } = context;
  const { result } = await run({ params, request }, context);
  // Only if a plugin has replaced the document with a subscription.
  if (isAsyncIterable(result)) return refuseStream(res, result[Symbol.asyncIterator]());
  // The writer returns what it is given.
  const { body, init } = processRegularResult(result, WRITER, mediaType) as unknown as PlainResponse;
  const bytes = Buffer.byteLength(body);
  const headers = { ...API_HEADERS, ...init.headers, ...crossOriginHeaders(req) };
  const encoding = bodyEncoding(acceptedEncodings(context), bytes);
  if (encoding !== null) {
    const compressed = await compressBody(body, encoding);
    res.writeHead(init.status, { ...headers, 'Content-Encoding': encoding, 'Content-Length': compressed.length });
    res.end(compressed);
    return;
  }
  res.writeHead(init.status, { ...headers, 'Content-Length': bytes });
  // ASCII alone is the same bytes in both encodings. For UTF-8, Node sets aside three bytes for each character, and
  // writes from 5 kB on in a slower way.
  res.end(body, bytes === body.length ? 'latin1' : 'utf8');
}

/** As Yoga does for clients that accept no stream. */
async function refuseStream(response: ServerResponse, results: AsyncIterator<unknown>): Promise<void> {
  await results.return?.();
  const headers = { ...API_HEADERS, ...NOT_ACCEPTABLE_HEADERS, accept: 'text/event-stream' };
  response.writeHead(406, 'Not Acceptable', headers).end(notAcceptableBody({ isSubscription: true }));
}

/**
 * The parameters of a request that is a JSON object. Null for any other, and for an operation that may be a subscription:
 * its document says so, or it is a persisted operation, whose document is not in the request.
 */
function paramsOf(text: string): GraphQLParams | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const params: GraphQLParams = value;
  const { query } = params;
  return typeof query !== 'string' || query === '' || query.includes('subscription') ? null : params;
}

/** Clients use only a few values of `Accept`. */
const mediaTypes = new Map<string, string | null>();
const MAX_MEDIA_TYPES = 100;

/** The media type of the response, by the same rules as Yoga's; null when Yoga has to decide. */
function mediaTypeFor(accept = '*/*'): string | null {
  const known = mediaTypes.get(accept);
  if (known !== undefined) return known;
  const found = firstMediaType(accept);
  if (mediaTypes.size < MAX_MEDIA_TYPES) mediaTypes.set(accept, found);
  return found;
}

function firstMediaType(accept: string): string | null {
  for (const part of accept.toLowerCase().split(',')) {
    // Weights and character sets are rare.
    if (part.includes(';')) return null;
    const type = part.trim();
    if (type === 'application/graphql-response+json') return type;
    if (type === 'application/json' || type === 'application/*' || type === '*/*') return 'application/json';
  }
  return null;
}

/** What Yoga's writer of results creates in place of a Response of the fetch API. */
class PlainResponse {
  readonly body: string;
  readonly init: { readonly status: number; readonly headers: Readonly<Record<string, string>> };

  constructor(body: string, init: PlainResponse['init']) {
    this.body = body;
    this.init = init;
  }
}

// The writer uses nothing else of the fetch API.
const WRITER = { Response: PlainResponse } as unknown as Parameters<typeof processRegularResult>[1];
