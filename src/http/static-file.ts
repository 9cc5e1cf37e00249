/** Sends a file that is stored compressed: the encoding that the client prefers, or nothing when the client has it. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import fresh from 'fresh';
import { acceptedEncoding } from '../graphql/compression/accepted-encoding.ts';
import { refuseWithText } from './refuse.ts';

export type FileEncoding = 'br' | 'gzip';

export interface StaticFile {
  readonly contentType: string;
  /** The compressed forms of it, the smallest first. */
  readonly encodings: readonly FileEncoding[];
  /** @param encoding one of `encodings`, or null for the file as it is */
  open(encoding: FileEncoding | null): Promise<OpenFile>;
}

export interface OpenFile {
  /** Of this encoding, without quotes. */
  readonly etag: string;
  readonly byteSize: number;
  read(): Uint8Array | Promise<Uint8Array>;
}

/** The name of such a file changes with its content, so a browser never asks twice for one. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** @returns whether the method is one that a file answers; if it is not, the request is answered */
export function isFileRequest({ method }: IncomingMessage, response: ServerResponse): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  refuseWithText(response, 405, 'Only GET and HEAD are possible here.', { Allow: 'GET, HEAD' });
  return false;
}

/** @param headers those of this kind of file; `Cache-Control` among them */
export async function sendFile(
  { method, headers: asked }: IncomingMessage,
  response: ServerResponse,
  file: StaticFile,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  const encoding = acceptedEncoding(asked['accept-encoding']?.toString(), file.encodings);
  const opened = await file.open(encoding);
  const etag = `"${opened.etag}"`;
  const known = {
    ...headers,
    ETag: etag,
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
  // Without Cache-Control, for the reason in images/conditional-request.ts.
  if (fresh({ 'if-none-match': asked['if-none-match'] }, { etag })) {
    response.writeHead(304, known).end();
    return;
  }
  response.writeHead(200, {
    ...known,
    ...(encoding !== null && { 'Content-Encoding': encoding }),
    'Content-Type': file.contentType,
    'Content-Length': opened.byteSize,
  });
  response.end(method === 'HEAD' ? undefined : await opened.read());
}
