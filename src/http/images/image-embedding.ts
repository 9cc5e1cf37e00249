/** Which pages may show the images of this server, and read their pixels: the headers of CORP and CORS. */
import type { IncomingMessage } from 'node:http';
import type { OriginCheck } from '../origins.ts';

/** The values of `Cross-Origin-Resource-Policy`. */
export type ImageResourcePolicy = 'same-origin' | 'same-site' | 'cross-origin';

/** Headers of answers that pages of other origins cannot read otherwise. */
const EXPOSED_HEADERS = { 'access-control-expose-headers': 'ETag, Content-Range' };

export type EmbeddingHeaders = (request: Pick<IncomingMessage, 'headers'>) => Readonly<Record<string, string>>;

/** @param options.varies whether the answer depends on credentials */
export function createEmbeddingHeaders(options: {
  readonly policy: ImageResourcePolicy;
  readonly isAllowedOrigin: OriginCheck;
  readonly varies: boolean;
}): EmbeddingHeaders {
  const { policy, isAllowedOrigin, varies } = options;
  const credentials = varies ? ['Authorization'] : [];
  const always = { 'cross-origin-resource-policy': policy };
  if (policy === 'cross-origin') {
    const headers = { ...always, ...EXPOSED_HEADERS, 'access-control-allow-origin': '*', ...varyOn(credentials) };
    return () => headers;
  }
  // CORP does not hold for requests with CORS. Other origins would get around it with `<img crossorigin>`.
  const headers = { ...always, ...varyOn([...credentials, 'Origin']) };
  return (request) => {
    const { origin } = request.headers;
    if (origin === undefined || !isAllowedOrigin(request)) return headers;
    return { ...headers, ...EXPOSED_HEADERS, 'access-control-allow-origin': origin };
  };
}

function varyOn(names: readonly string[]): Readonly<Record<string, string>> {
  return names.length === 0 ? {} : { vary: names.join(', ') };
}
