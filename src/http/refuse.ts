/** Error responses outside of GraphQL results. No cache keeps them. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { API_HEADERS } from '../graphql/response-headers.ts';
import { crossOriginHeaders, type OriginCheck } from './origins.ts';
import { pathnameOf } from './routes.ts';

/** An error as the client sees it. */
export interface Refusal {
  readonly message: string;
  /** In the error's extensions. */
  readonly code?: string;
}

/** Responds in the shape of GraphQL errors, for clients of the API. */
export type Refuse = (response: ServerResponse, status: number, refusal: Refusal) => void;

/** @param isAllowedOrigin says which pages can read the response */
export function createRefuse(isAllowedOrigin: OriginCheck): Refuse {
  return (response, status, { message, code }) => {
    const body = JSON.stringify({ errors: [{ message, ...(code !== undefined && { extensions: { code } }) }] });
    const headers = { ...crossOriginHeaders(response.req, isAllowedOrigin), 'Content-Type': 'application/json' };
    respond(response, status, body, headers);
  };
}

/** Responds with a line of text, for people who open an address. */
export function refuseWithText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: OutgoingHttpHeaders = {},
): void {
  respond(response, status, `${text}\n`, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
}

/** Closes the connection if the response has started, so that the client sees that it is incomplete. */
function respond(response: ServerResponse, status: number, body: string, headers: OutgoingHttpHeaders): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    // Whatever refuses a request to the API, its answer has the headers of every answer of the API.
    ...(pathnameOf(response.req.url ?? '/') === '/graphql' && API_HEADERS),
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    // In the letter case of the headers above: Node would send both spellings.
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
