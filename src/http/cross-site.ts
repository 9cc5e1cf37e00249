/**
 * Cross-site request forgery. Browsers send some requests to any site without asking it first: forms, images, and `fetch`
 * with few content types and headers. Those run no operation here, whatever their origin says: a preflight is required,
 * which only allowed origins pass (origins.ts).
 */
import type { IncomingMessage } from 'node:http';
import { isPageRequest } from '../graphql/graphiql/page.ts';
import type { Refusal } from './refuse.ts';

export interface RefusedRequest extends Refusal {
  readonly status: 403 | 405 | 415;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request with one of these headers, or with credentials, had a preflight if it came from another site. */
export const PREFLIGHT_HEADERS = [
  'graphql-require-preflight',
  'apollo-require-preflight',
  'x-graphql-yoga-csrf',
  'x-requested-with',
] as const;

const JSON_TYPE = /^application\/(?:graphql\+)?json[ \t]*(?:;|$)/iu;
const MULTIPART_TYPE = /^multipart\/form-data[ \t]*(?:;|$)/iu;

const METHOD: RefusedRequest = {
  status: 405,
  message: 'GraphQL is served over POST, and queries over GET.',
  code: 'METHOD_NOT_ALLOWED',
  headers: { Allow: 'GET, POST, OPTIONS' },
};
const CONTENT_TYPE: RefusedRequest = {
  status: 415,
  message: 'The content type must be application/json, or multipart/form-data for an upload.',
  code: 'UNSUPPORTED_MEDIA_TYPE',
  headers: { 'Accept-Post': 'application/json, multipart/form-data' },
};
const CONTENT_ENCODING: RefusedRequest = {
  status: 415,
  message: 'Compressed requests are not supported. Send the body without Content-Encoding.',
  code: 'UNSUPPORTED_CONTENT_ENCODING',
  headers: { 'Accept-Encoding': 'identity' },
};
const NO_PREFLIGHT: RefusedRequest = {
  status: 403,
  message: `An upload needs one of these headers, with any value: ${PREFLIGHT_HEADERS.join(', ')}.`,
  code: 'PREFLIGHT_REQUIRED',
};
const CROSS_SITE: RefusedRequest = {
  status: 403,
  message: 'Another site may not send this query. Use fetch with CORS, from an origin that is allowed.',
  code: 'CROSS_SITE_REQUEST',
};

/** @returns why a request to the API is refused; null when it is not. Origins were checked before. */
export function graphqlRequestProblem(request: Pick<IncomingMessage, 'method' | 'headers'>): RefusedRequest | null {
  const { method, headers } = request;
  if (method === 'POST') return bodyProblem(headers);
  if (method === 'GET') return isCrossSite(headers) && !isPageRequest(request) ? CROSS_SITE : null;
  return method === 'OPTIONS' ? null : METHOD;
}

function bodyProblem(headers: IncomingMessage['headers']): RefusedRequest | null {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return CONTENT_ENCODING;
  const type = headers['content-type'] ?? '';
  if (JSON_TYPE.test(type)) return null;
  if (!MULTIPART_TYPE.test(type)) return CONTENT_TYPE;
  const hadPreflight = headers.authorization !== undefined || PREFLIGHT_HEADERS.some((name) => headers[name]);
  return hadPreflight ? null : NO_PREFLIGHT;
}

/** Without an origin it is no CORS request, but an image, a script or a link: the page cannot read the answer anyway. */
function isCrossSite({ origin, 'sec-fetch-site': site }: IncomingMessage['headers']): boolean {
  return origin === undefined && (site === 'cross-site' || site === 'same-site');
}
