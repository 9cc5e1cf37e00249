/** The files of GraphiQL. Their names change with their content, so a browser never asks twice for one. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import fresh from 'fresh';
import { acceptedEncoding } from '../graphql/compression/accepted-encoding.ts';
import { FILES_FOLDER, findFile, type PackedFile } from '../graphql/graphiql/files.ts';
import { refuseWithText } from './refuse.ts';

export const GRAPHIQL_FILES_PATH = `/${FILES_FOLDER}/`;

const HEADERS = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  Vary: 'Accept-Encoding',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Of the workers: they talk to the page alone.
  'Content-Security-Policy': "default-src 'none'",
};

const unpack = promisify(gunzip);

/** @param path of the request, which begins with GRAPHIQL_FILES_PATH */
export async function serveGraphiqlFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    return refuseWithText(response, 405, 'Only GET and HEAD are possible here.', { Allow: 'GET, HEAD' });
  }
  const file = await findFile(path.slice(GRAPHIQL_FILES_PATH.length));
  if (file === null) return refuseWithText(response, 404, 'There is no such file. Load the page at /graphql again.');
  const encoding = acceptedEncoding(headers['accept-encoding']?.toString(), ['br', 'gzip']);
  const etag = `"${file.hash}${encoding === null ? '' : `-${encoding}`}"`;
  const known = { ...HEADERS, ETag: etag };
  // Without Cache-Control, for the reason in images/conditional-request.ts.
  if (fresh({ 'if-none-match': headers['if-none-match'] }, { etag })) {
    response.writeHead(304, known).end();
    return;
  }
  response.writeHead(200, {
    ...known,
    ...(encoding !== null && { 'Content-Encoding': encoding }),
    'Content-Type': file.contentType,
    'Content-Length': encoding === null ? file.byteSize : file[encoding].byteLength,
  });
  response.end(method === 'HEAD' ? undefined : await contentOf(file, encoding));
}

async function contentOf(file: PackedFile, encoding: 'br' | 'gzip' | null): Promise<Uint8Array> {
  return encoding === null ? unpack(file.gzip) : file[encoding];
}
