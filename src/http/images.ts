/**
 * `GET|HEAD /images/{id}.{ext}`: a picture's stored bytes, of an image or of a partial image alike.
 * Ranges, conditional requests and large files are the `send` package's work; what the headers say is decided here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import send from 'send';
import { type Authenticate, UnauthenticatedError } from '../auth/authenticate.ts';
import type { BlobStore } from '../blobs/blob-store.ts';
import { FORMAT_EXTENSIONS, FORMAT_MEDIA_TYPES, type ImageFormat } from '../domain/options.ts';
import { createWholeFiles, sendParts } from './whole-files.ts';

/** The row's id is a UUID in its canonical form; nothing percent-encoded matches, so no path can be smuggled in. */
const IMAGE_PATH = /^\/images\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z]{3,4})$/;

/** On every answer: pictures are made to be drawn by pages of other origins, on a canvas too. */
const SHARED_HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
};

/** An SVG opened as a page is a document of our origin: sandboxed, it runs no script and loads nothing. */
const SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** What is stored of a picture. */
export interface ImageFile {
  readonly sha256: string;
  readonly byteSize: number;
  readonly format: ImageFormat;
}

export interface ImagesOptions {
  readonly blobs: BlobStore;
  /** The file of the image or partial image with this row id; null when there is none or it is another principal's. */
  readonly find: (principal: string, id: string) => Promise<ImageFile | null>;
  readonly authenticate: Authenticate;
  /** Is told of every failure that is not the client's; the client learns no more than that there was one. */
  readonly report: (error: unknown) => void;
}

/** Resolves when the picture is sent or refused, or the client has left. Never rejects. */
export type ImagesHandler = (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void>;

/** @returns the handler for every `pathname`, still percent-encoded, that begins with `/images/`. */
export function createImagesHandler({ blobs, find, authenticate, report }: ImagesOptions): ImagesHandler {
  const wholeFiles = createWholeFiles();

  async function serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const [, id, extension] = IMAGE_PATH.exec(pathname) ?? [];
    if (id === undefined || extension === undefined) return refuse(response, 404, 'No such image.');
    const file = await find((await authenticate(request)).id, id);
    if (file === null || !isExtensionOf(file.format, extension)) return refuse(response, 404, 'No such image.');
    const headers = headersOf(id, file);
    const held = isPlain(request) ? blobs.hold(file.sha256) : null;
    if (held !== null) {
      try {
        await sendParts(response, held.parts, headers);
      } finally {
        // Of a response that broke off, the system may still be reading what was to be sent.
        held.release(response.writableFinished);
      }
      return;
    }
    const path = blobs.path(file.sha256);
    if (isPlain(request) && wholeFiles.hasRoomFor(file.byteSize)) {
      await wholeFiles.send(response, { path, byteSize: file.byteSize, headers }).catch((cause: unknown) => {
        throw damaged(id, file, cause);
      });
      return;
    }
    // The row promises these bytes. Without them, 404 would tell the owner that the image is not theirs, and 410 that
    // it is meant to be gone; a shorter file would stay in caches for a year under a hash that is not its own.
    if ((await blobs.size(file.sha256)) !== file.byteSize) throw damaged(id, file);
    // The client may have left while we looked.
    if (response.destroyed) return;
    await sendFile(request, response, path, headers);
  }

  return async (request, response, pathname) => {
    for (const [name, value] of Object.entries(SHARED_HEADERS)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, 405, 'Images can only be read.');
    }
    try {
      await serve(request, response, pathname);
    } catch (error) {
      if (error instanceof UnauthenticatedError) return refuse(response, 401, error.message);
      report(error);
      refuse(response, 500, 'The image could not be read.');
    }
  };
}

function damaged(id: string, { sha256 }: ImageFile, cause?: unknown): Error {
  return new Error(`The bytes of image ${id} (sha256 ${sha256}) are missing or damaged.`, { cause });
}

const CONDITIONS = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
] as const;

/** Whether all that is asked for is the whole picture. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && CONDITIONS.every((name) => headers[name] === undefined);
}

function isExtensionOf(format: ImageFormat, extension: string): boolean {
  return extension === FORMAT_EXTENSIONS[format] || (format === 'JPEG' && extension === 'jpeg');
}

function headersOf(id: string, { sha256, format }: ImageFile): Record<string, string> {
  return {
    'content-type': FORMAT_MEDIA_TYPES[format],
    'content-disposition': `inline; filename="darkroom-${id}.${FORMAT_EXTENSIONS[format]}"`,
    etag: `"${sha256}"`,
    // The bytes behind an id never change, hence `immutable`; who may see them depends on who asks, and only the
    // browser's own cache is sure to answer to nobody else, hence `private`.
    'cache-control': 'private, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
    ...(format === 'SVG' ? { 'content-security-policy': SVG_POLICY } : {}),
  };
}

/** Resolves when the response is closed; rejects when nothing of it was sent and the fault is ours. */
function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  headers: Record<string, string>,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  return new Promise((resolve, reject) => {
    response.once('close', resolve);
    send(request, basename(path), {
      // Only the part behind the root is decoded and searched for dot files: the data may well lie below one.
      root: dirname(path),
      index: false,
      cacheControl: false,
      etag: false,
      // The hash says all that the time of writing could, and a date would only be weaker evidence for If-Range.
      lastModified: false,
      // A range is defined for GET alone (RFC 9110, section 14.2); `send` would answer HEAD with 206 as well.
      acceptRanges: request.method === 'GET',
    })
      .on('error', (error: Error & { readonly status?: number }) => {
        for (const name of Object.keys(headers)) response.removeHeader(name);
        if (error.status === 412) refuse(response, 412, 'The image has another ETag.');
        else if (error.status === 416) refuse(response, 416, 'The image has no bytes in this range.');
        else reject(error);
      })
      .pipe(response);
  });
}

/** Answers with a line of text that no cache keeps. An answer already under way is cut instead, to be seen as torn. */
function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `${text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
