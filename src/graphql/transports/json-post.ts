/**
 * Small JSON bodies over POST, which is most of what frontends send. The body is read from node:http. If no plugin looks at
 * HTTP requests, the operation runs directly (direct-json.ts). Otherwise it goes through Yoga's HTTP handling, and the
 * response is written in one write (docs/decisions/2026-11-28-one-pipeline.md).
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RequestFactory } from '../node-request.ts';
import { API_HEADERS, setApiHeaders } from '../response-headers.ts';
import type { ServerContext } from '../server-context.ts';
import { NOT_UTF8_RESULT } from '../utf8.ts';
import { type DirectJsonOptions, directOperation, serveDirectly } from './direct-json.ts';

/** Larger bodies are rare, and Yoga reads them as they arrive. */
const MAX_BYTES = 100_000;
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

export interface SmallJsonOptions {
  readonly requests: RequestFactory;
  /** Answers a request of the fetch API; Yoga with all of its plugins. */
  readonly handle: (request: Request, context: ServerContext) => Response | Promise<Response>;
  /** What a page of another origin, which is allowed, is told with the response. */
  readonly crossOriginHeaders: (request: IncomingMessage) => Readonly<Record<string, string>>;
  /** Null when a plugin looks at HTTP requests. */
  readonly direct: DirectJsonOptions | null;
}

/** Whether `serveSmallJson` can answer. A stream of events is written as it comes, which it cannot. */
export function isSmallJson({ method, url, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    url === '/graphql' &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    Number(headers['content-length'] ?? Number.NaN) <= MAX_BYTES &&
    headers['content-encoding'] === undefined &&
    !/event-stream|multipart/iu.test(headers.accept ?? '')
  );
}

/** Resolves when the answer is written, or the client has left. */
export async function serveSmallJson(options: SmallJsonOptions, context: Required<ServerContext>): Promise<void> {
  const { req, res } = context;
  const body = await readText(req);
  // The client left before its request was complete.
  if (body === null) return;
  const { requests, handle, direct, crossOriginHeaders } = options;
  if (body === NOT_UTF8) return refuseNotUtf8(res, crossOriginHeaders(req));
  const operation = direct === null ? null : directOperation(req, body);
  const request = requests.withBody(req, res, body);
  if (direct !== null && operation !== null) return serveDirectly(direct, operation, request, context);
  setApiHeaders(res);
  await writeResponse(res, await handle(request, context));
}

/** Stands for a body whose bytes are not UTF-8. Decoding would replace them, and nobody would see that. */
const NOT_UTF8 = Symbol('not UTF-8');

/** Resolves with the whole body; with null when the client leaves before. */
function readText(request: IncomingMessage): Promise<string | typeof NOT_UTF8 | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Most bodies arrive in one chunk.
    request.once('end', () => {
      const [first = Buffer.alloc(0)] = chunks;
      const body = chunks.length <= 1 ? first : Buffer.concat(chunks);
      resolve(isUtf8(body) ? body.toString('utf8') : NOT_UTF8);
    });
    request.once('error', () => resolve(null));
  });
}

/** As the body limit does for other requests. */
function refuseNotUtf8(response: ServerResponse, crossOrigin: Readonly<Record<string, string>>): void {
  const body = JSON.stringify(NOT_UTF8_RESULT);
  response.writeHead(400, {
    ...API_HEADERS,
    ...crossOrigin,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Writes what Yoga or a plugin answered, in one piece when its length is known. */
async function writeResponse(to: ServerResponse, response: Response): Promise<void> {
  const { status, statusText } = response;
  const headers: Record<string, string | string[]> = {};
  response.headers.forEach((value, name) => {
    if (name !== 'set-cookie') headers[name.toLowerCase()] = value;
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  if (headers['content-length'] === undefined) {
    to.writeHead(status, statusText, headers);
    if (response.body === null) to.end();
    else await pipeline(response.body, to);
    return;
  }
  // A string goes to the system in one write with the headers; bytes would be a second buffer.
  const isString = isText(headers['content-type']) && headers['content-encoding'] === undefined;
  const body = isString ? await response.text() : Buffer.from(await response.arrayBuffer());
  headers['content-length'] = String(Buffer.byteLength(body));
  to.writeHead(status, statusText, headers);
  to.end(body);
}

function isText(contentType: string | readonly string[] | undefined): boolean {
  return typeof contentType === 'string' && contentType.includes('json');
}
