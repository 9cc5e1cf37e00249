/**
 * `GET|HEAD /images/{id}.{ext}`, and the preflight of CORS: the stored bytes of an image or a partial image, with ranges and
 * conditional requests (conditional-request.ts).
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobReader, BlobStore } from '../../blobs/blob-store.ts';
import { FORMAT_EXTENSIONS, FORMAT_MEDIA_TYPES, type ImageFormat } from '../../domain/options.ts';
import { refuseWithText } from '../refuse.ts';
import { isAboutCredentials } from '../refuse-credentials.ts';
import { type RequestedContent, requestedContent } from './conditional-request.ts';
import { type GrantImageAccess, type ImageAccess, SignatureRefusedError } from './image-access.ts';
import type { EmbeddingHeaders } from './image-embedding.ts';

/** The id is a UUID in its canonical form. Percent-encoded characters never match, so no other path gets through. */
const IMAGE_PATH = /^\/images\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z]{3,4})$/;

/** On every answer. The URL of an image that is opened as a page may be signed, and no other server must learn it. */
const SHARED_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * The answer when a browser asks whether a page of another origin may send headers of its own, such as `If-None-Match`. It
 * permits nothing without the headers of CORS that the origin gets (image-embedding.ts).
 */
const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'Authorization, If-Match, If-None-Match, If-Range, Range',
  'access-control-max-age': '600',
};

const YEAR_SECONDS = 31_536_000;

/** An SVG that is opened as a page is a document of our origin. Sandboxed, it runs no script and loads nothing. */
const SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** What is stored of an image. */
export interface ImageFile {
  readonly sha256: string;
  readonly byteSize: number;
  readonly format: ImageFormat;
}

export interface ImagesOptions {
  readonly blobs: Pick<BlobStore, 'openRead' | 'stat'>;
  readonly grantAccess: GrantImageAccess;
  /** The file of the image or partial image with this row id; null when there is none, or `access` does not reach it. */
  readonly find: (access: ImageAccess, id: string) => Promise<ImageFile | null>;
  readonly embeddingHeaders: EmbeddingHeaders;
  readonly nowMs: () => number;
  /** Receives every error that is not the client's. The client learns only that there was one. */
  readonly report: (error: unknown) => void;
}

/**
 * Resolves when the image is sent or refused, or the client has disconnected.
 * @throws {UnauthenticatedError} {ForbiddenError} {AuthenticationUnavailableError} and nothing else
 */
export type ImagesHandler = (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void>;

/** @returns the handler for every `pathname`, still percent-encoded, that begins with `/images/`. */
export function createImagesHandler(options: ImagesOptions): ImagesHandler {
  const { blobs, grantAccess, find, embeddingHeaders, nowMs, report } = options;

  async function serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const [, id, extension] = IMAGE_PATH.exec(pathname) ?? [];
    if (id === undefined || extension === undefined) return refuseWithText(response, 404, 'No such image.');
    const access = await grantAccess(request, { id, pathname });
    const file = await find(access, id);
    if (file === null || !isExtensionOf(file.format, extension)) return refuseWithText(response, 404, 'No such image.');
    const content = requestedContent(request, etagOf(file), file.byteSize);
    const headers = { ...headersOf(id, file), 'cache-control': cacheControlFor(access, nowMs()) };
    if (request.method === 'HEAD' || content.status > 206) {
      await checkStored(blobs, id, file);
      return answerWithoutBytes(response, content, { headers, byteSize: file.byteSize });
    }
    const reader = await openStored(blobs, { id, file, content });
    try {
      await sendBytes(response, reader, { content, headers });
    } finally {
      // After a broken connection the system may still be reading the memory.
      reader.close(response.writableFinished);
    }
  }

  return async (request, response, pathname) => {
    const shared = { ...SHARED_HEADERS, ...embeddingHeaders(request) };
    for (const [name, value] of Object.entries(shared)) response.setHeader(name, value);
    if (isPreflight(request)) return void response.writeHead(204, PREFLIGHT_HEADERS).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuseWithText(response, 405, 'Images can only be read.', { allow: 'GET, HEAD' });
    }
    try {
      await serve(request, response, pathname);
    } catch (error) {
      if (error instanceof SignatureRefusedError) return refuseWithText(response, 403, error.message);
      if (isAboutCredentials(error)) throw error;
      report(error);
      refuseWithText(response, 500, 'The image could not be read.');
    }
  };
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/**
 * The row promises these bytes, so missing bytes are an error of this server. A 404 would tell the owner that the image is
 * not theirs, and a 410 that it was removed on purpose; a shorter file would stay in caches for a year.
 * @throws when the blob is missing or has another size
 */
async function checkStored(blobs: Pick<BlobStore, 'stat'>, id: string, file: ImageFile): Promise<void> {
  const stat = await blobs.stat(file.sha256);
  if (stat?.byteSize !== file.byteSize) throw damaged(id, file);
}

interface StoredContent {
  readonly id: string;
  readonly file: ImageFile;
  readonly content: RequestedContent;
}

/** @throws as `checkStored` does */
async function openStored(blobs: Pick<BlobStore, 'openRead'>, stored: StoredContent): Promise<BlobReader> {
  const { id, file, content } = stored;
  const reader = await blobs.openRead(file.sha256, content.range ?? undefined).catch((cause: unknown) => {
    throw damaged(id, file, cause);
  });
  if (reader.byteSize === file.byteSize) return reader;
  reader.close();
  throw damaged(id, file);
}

function damaged(id: string, { sha256 }: ImageFile, cause?: unknown): Error {
  return new Error(`The bytes of image ${id} (sha256 ${sha256}) are missing or damaged.`, { cause });
}

function isExtensionOf(format: ImageFormat, extension: string): boolean {
  return extension === FORMAT_EXTENSIONS[format] || (format === 'JPEG' && extension === 'jpeg');
}

function etagOf({ sha256 }: ImageFile): string {
  return `"${sha256}"`;
}

function headersOf(id: string, file: ImageFile): OutgoingHttpHeaders {
  const { format } = file;
  return {
    'content-type': FORMAT_MEDIA_TYPES[format],
    'content-disposition': `inline; filename="darkroom-${id}.${FORMAT_EXTENSIONS[format]}"`,
    etag: etagOf(file),
    'accept-ranges': 'bytes',
    ...(format === 'SVG' ? { 'content-security-policy': SVG_POLICY } : {}),
  };
}

/**
 * `immutable`: the bytes of an id never change. `private`: who may see them depends on who asks, and only the browser's own
 * cache answers nobody else. What a signed URL gave is not used for longer than the URL works.
 */
function cacheControlFor({ endsAtMs }: ImageAccess, now: number): string {
  const seconds = endsAtMs === null ? YEAR_SECONDS : Math.max(0, Math.floor((endsAtMs - now) / 1000));
  return `private, max-age=${Math.min(seconds, YEAR_SECONDS)}, immutable`;
}

function answerWithoutBytes(
  response: ServerResponse,
  { status }: RequestedContent,
  { headers, byteSize }: { readonly headers: OutgoingHttpHeaders; readonly byteSize: number },
): void {
  if (status === 412) {
    refuseWithText(response, 412, 'The image has another ETag.');
  } else if (status === 416) {
    refuseWithText(response, 416, 'The image has no bytes in this range.', { 'content-range': `bytes */${byteSize}` });
  } else if (status === 304) {
    const { 'content-type': _, ...rest } = headers;
    response.writeHead(304, rest).end();
  } else {
    response.writeHead(200, { ...headers, 'content-length': byteSize }).end();
  }
}

/** Resolves when the response is closed, sent or not. @throws when the bytes cannot be read to their end */
async function sendBytes(
  response: ServerResponse,
  { byteSize, bytes }: BlobReader,
  {
    content: { status, range },
    headers,
  }: { readonly content: RequestedContent; readonly headers: OutgoingHttpHeaders },
): Promise<void> {
  // The client may have disconnected meanwhile.
  if (response.destroyed) return;
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  response.writeHead(status, {
    ...headers,
    'content-length': range === null ? byteSize : range.end - range.start + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${byteSize}` }),
  });
  if (bytes instanceof Readable) {
    await pipeline(bytes, response).catch((error: unknown) => {
      // Without an error of its own, the stream was destroyed because the client disconnected.
      if (bytes.errored !== null && !isPrematureClose(bytes.errored)) throw error;
    });
  } else {
    // In memory already: waiting between the chunks would free nothing.
    for (const chunk of bytes.slice(0, -1)) response.write(chunk);
    response.end(bytes.at(-1));
  }
  await closed;
}

function isPrematureClose(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
