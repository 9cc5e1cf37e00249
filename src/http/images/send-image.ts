/** Sends stored bytes of an image: all of them, a range, or only the headers (conditional-request.ts). */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { BlobReader, BlobStore } from '../../blobs/blob-store.ts';
import { FORMAT_EXTENSIONS, FORMAT_MEDIA_TYPES, type ImageFormat } from '../../domain/generation/options.ts';
import { refuseWithText } from '../refuse.ts';
import { sendStream } from '../send-stream.ts';
import { type RequestedContent, requestedContent } from './conditional-request.ts';

/** An SVG that is opened as a page is a document of our origin. Sandboxed, it runs no script and loads nothing. */
const SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** What is stored of an image. */
export interface ImageFile {
  readonly sha256: string;
  readonly byteSize: number;
  readonly format: ImageFormat;
}

export interface SentImage {
  readonly id: string;
  readonly file: ImageFile;
  readonly blobs: Pick<BlobStore, 'openRead' | 'stat'>;
  readonly cacheControl: string;
}

/**
 * Resolves when the answer is sent, or the client has disconnected.
 * @throws when the bytes are missing or damaged
 */
export async function sendImage(
  request: IncomingMessage,
  response: ServerResponse,
  { id, file, blobs, cacheControl }: SentImage,
): Promise<void> {
  const content = requestedContent(request, etagOf(file), file.byteSize);
  const headers = { ...headersOf(id, file), 'cache-control': cacheControl };
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
    await sendStream(bytes, response);
  } else {
    // In memory already: waiting between the chunks would free nothing.
    for (const chunk of bytes.slice(0, -1)) response.write(chunk);
    response.end(bytes.at(-1));
  }
  await closed;
}
