/**
 * `GET /export/conversations/{id}.zip` and `GET /export/images.zip?id=…`: images with what is known of each, as one ZIP file
 * that is never stored. What is wrong is told before the first byte; later the connection is cut, so that the client sees
 * that the file is incomplete.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Authenticate } from '../../auth/authenticate.ts';
import type { BlobReader, BlobStore } from '../../blobs/blob-store.ts';
import { ForbiddenError } from '../../domain/errors.ts';
import { crossOriginHeaders, FOREIGN_ORIGIN, type OriginCheck } from '../origins.ts';
import { refuseWithText } from '../refuse.ts';
import { isAboutCredentials } from '../refuse-credentials.ts';
import { sendStream } from '../send-stream.ts';
import { type ExportIdentity, ExportUrlRefusedError, type ExportUrls } from './export-urls.ts';
import { fileNameOf, safeWords } from './file-names.ts';
import { ExportInTrashError, type ExportSelection, ExportTooLargeError, selectionOf } from './selection.ts';
import { type ZipEntry, zipByteSize, zipStream } from './zip-file.ts';

/** Exports that one principal may have open at once, and all together. */
export const MAX_EXPORTS = { ofPrincipal: 2, together: 10 } as const;

export interface ExportedImage {
  readonly sha256: string;
  readonly byteSize: number;
  /** Without a dot. */
  readonly extension: string;
  readonly createdAt: string;
  /** Of which the file is named. */
  readonly prompt: string | null;
  /** What the file beside it says, without its name. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface ExportContents {
  readonly title: string;
  /** When it last changed. */
  readonly changedAt: string;
  /** In the order of their creation. */
  readonly images: readonly ExportedImage[];
}

export interface ExportOptions {
  readonly blobs: Pick<BlobStore, 'openRead' | 'stat'>;
  /** Null when something of it is not there, or not of this identity. @throws {ExportTooLargeError} {ExportInTrashError} */
  readonly collect: (identity: ExportIdentity, selection: ExportSelection) => Promise<ExportContents | null>;
  readonly authenticate: Authenticate;
  readonly urls: Pick<ExportUrls, 'identityOf'>;
  /** The principal of what is exported, or null. */
  readonly ownerOf: (selection: ExportSelection) => Promise<string | null>;
  readonly isAllowedOrigin: OriginCheck;
  /** Receives every error that is not the client's. The client learns only that there was one. */
  readonly report: (error: unknown) => void;
}

/** @throws {UnauthenticatedError} {ForbiddenError} {AuthenticationUnavailableError} and nothing else */
export type ExportHandler = (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void>;

const NOT_FOUND = 'There is nothing to export here: no such conversation, or no such image.';
const RETRY_AFTER_SECONDS = '10';
/** Permits nothing to a page of another origin without the headers of CORS that an allowed one gets. */
const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'Authorization',
  'access-control-max-age': '600',
};
const HEADERS = {
  'cache-control': 'private, no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function createExportHandler(options: ExportOptions): ExportHandler {
  const { collect, authenticate, urls, ownerOf, isAllowedOrigin, report } = options;
  const open = new Map<string, number>();
  let together = 0;

  /** Whether another one may begin; it counts until the response is closed. */
  function enter(principal: string, response: ServerResponse): boolean {
    const count = open.get(principal) ?? 0;
    if (count >= MAX_EXPORTS.ofPrincipal || together >= MAX_EXPORTS.together) return false;
    open.set(principal, count + 1);
    together += 1;
    response.once('close', () => {
      together -= 1;
      const left = (open.get(principal) ?? 1) - 1;
      if (left === 0) open.delete(principal);
      else open.set(principal, left);
    });
    return true;
  }

  /** A signature in the URL decides alone. */
  async function identify(request: IncomingMessage, selection: ExportSelection | null): Promise<ExportIdentity> {
    const signed = selection === null ? null : await urls.identityOf(request.url ?? '', selection, ownerOf);
    const identity = signed ?? (await authenticate(request));
    if (!identity.scopes.has('READ')) throw new ForbiddenError('READ');
    return identity;
  }

  async function serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const selection = selectionOf(pathname, request.url ?? '');
    const identity = await identify(request, selection);
    if (selection === null) return refuseWithText(response, 404, NOT_FOUND);
    // A client that has left meanwhile closes nothing any more, and would keep its place for ever.
    if (response.destroyed) return;
    if (!enter(identity.id, response)) {
      const headers = { 'retry-after': RETRY_AFTER_SECONDS };
      return refuseWithText(response, 429, 'Too many exports are running. Wait for one to end.', headers);
    }
    const contents = await collect(identity, selection);
    if (contents === null) return refuseWithText(response, 404, NOT_FOUND);
    const entries = entriesOf(contents, options.blobs);
    await checkStored(options.blobs, contents);
    const headers = { ...headersOf(contents), 'content-length': String(zipByteSize(entries)) };
    if (response.destroyed) return;
    response.writeHead(200, headers);
    if (request.method === 'HEAD') return void response.end();
    await sendStream(zipStream(entries), response);
  }

  return async (request, response, pathname) => {
    const shared = { ...HEADERS, ...corsHeaders(request, isAllowedOrigin) };
    for (const [name, value] of Object.entries(shared)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return void response.writeHead(204, PREFLIGHT_HEADERS).end();
    if (!isAllowedOrigin(request)) return refuseWithText(response, 403, FOREIGN_ORIGIN);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuseWithText(response, 405, 'Exports can only be read.', { allow: 'GET, HEAD' });
    }
    try {
      await serve(request, response, pathname);
    } catch (error) {
      if (error instanceof ExportTooLargeError) return refuseWithText(response, 413, error.message);
      if (error instanceof ExportInTrashError) return refuseWithText(response, 409, error.message);
      if (error instanceof ExportUrlRefusedError) return refuseWithText(response, 403, error.message);
      if (isAboutCredentials(error)) throw error;
      report(error);
      refuseWithText(response, 500, 'The export failed.');
    }
  };
}

/** Pages of an allowed origin may also read the name and the size. */
function corsHeaders(request: IncomingMessage, isAllowedOrigin: OriginCheck): Readonly<Record<string, string>> {
  const headers = crossOriginHeaders(request, isAllowedOrigin);
  const exposed = headers['Access-Control-Expose-Headers'];
  if (exposed === undefined) return { vary: 'Origin' };
  const more = `${exposed}, Content-Disposition, Content-Length`;
  return { ...headers, 'Access-Control-Expose-Headers': more, vary: 'Origin' };
}

/** Each image, the text beside it, and a table of contents. */
function entriesOf({ title, changedAt, images }: ExportContents, blobs: ExportOptions['blobs']): readonly ZipEntry[] {
  const folder = safeWords(title, 'darkroom');
  const files: { image: string; details: string }[] = [];
  const entries = images.flatMap((image, place) => {
    const name = fileNameOf(place, images.length, image.prompt);
    const file = `${name}.${image.extension}`;
    files.push({ image: file, details: `${name}.json` });
    const modifiedAt = new Date(image.createdAt);
    const { byteSize, sha256 } = image;
    return [
      { name: `${folder}/${file}`, byteSize, modifiedAt, read: () => bytesOf(blobs, sha256) },
      textEntry(`${folder}/${name}.json`, modifiedAt, { file, ...image.details }),
    ];
  });
  const contents = textEntry(`${folder}/contents.json`, new Date(changedAt), { title, files });
  return [...entries, contents];
}

function textEntry(name: string, modifiedAt: Date, value: unknown): ZipEntry {
  const text = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return {
    name,
    byteSize: text.byteLength,
    modifiedAt,
    async *read() {
      yield text;
    },
  };
}

async function* bytesOf(blobs: ExportOptions['blobs'], sha256: string): AsyncGenerator<Uint8Array> {
  const reader: BlobReader = await blobs.openRead(sha256);
  try {
    yield* reader.bytes;
  } finally {
    reader.close();
  }
}

/** @throws when bytes are missing or have another size: the rows promise them */
async function checkStored(blobs: ExportOptions['blobs'], { images }: ExportContents): Promise<void> {
  for (const { sha256, byteSize } of images) {
    const stat = await blobs.stat(sha256);
    if (stat?.byteSize !== byteSize)
      throw new Error(`the bytes of an exported image (${sha256}) are missing or damaged`);
  }
}

function headersOf({ title }: ExportContents): OutgoingHttpHeaders {
  return {
    'content-type': 'application/zip',
    'content-disposition': `attachment; filename="${safeWords(title, 'darkroom')}.zip"`,
    'accept-ranges': 'none',
  };
}
