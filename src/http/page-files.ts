/**
 * The page for people at `/`, as `web/build.ts` builds it: one HTML file, and files whose names change with their content.
 * They are read for each request, so a page that is built again is served without a restart. Without a built page, `/`
 * leads to GraphiQL.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { refuseWithText } from './refuse.ts';
import type { Route } from './routes.ts';
import { IMMUTABLE, isFileRequest, type OpenFile, type StaticFile, sendFile } from './static-file.ts';

export interface PageOptions {
  /** Where the built page is. It need not exist. */
  readonly folder: string;
  /** Where images are, when that is another origin than the page's. */
  readonly imageOrigin: string | null;
}

const TEXT = ['br', 'gzip'] as const;
/** The suffixes that web/vite.config.ts gives to compressed files. */
const SUFFIXES = { br: '.br', gzip: '.gz' };

const TYPES: Readonly<Record<string, Pick<StaticFile, 'contentType' | 'encodings'>>> = {
  '.html': { contentType: 'text/html; charset=utf-8', encodings: TEXT },
  '.js': { contentType: 'text/javascript; charset=utf-8', encodings: TEXT },
  '.css': { contentType: 'text/css; charset=utf-8', encodings: TEXT },
  '.svg': { contentType: 'image/svg+xml', encodings: TEXT },
  '.woff2': { contentType: 'font/woff2', encodings: [] },
  '.png': { contentType: 'image/png', encodings: [] },
};

const ICON_PATH = '/icon.svg';
/** One name without folders: nothing outside the folder can be asked for. */
const ASSET_PATH = /^\/assets\/[\w-][\w.-]*$/u;
const ASSET_POLICY = { 'Content-Security-Policy': "default-src 'none'" };
const NO_FILE =
  'There is no such file. If the page was built again, load it again; if it was never built, run npm run build and load it again.';

export function pageRoutes(options: PageOptions): readonly Route[] {
  const find = (name: string) => findFile(options.folder, name);
  const headers = pageHeaders(options.imageOrigin);
  return [
    { matches: (path) => path === '/', access: 'anyone', serve: servePage },
    { matches: (path) => path === ICON_PATH || path.startsWith('/assets/'), access: 'anyone', serve: serveAsset },
  ];

  async function servePage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isFileRequest(request, response)) return;
    const page = await find('index.html');
    if (page !== null) return sendFile(request, response, page, headers);
    response.writeHead(302, { Location: '/graphql', 'Cache-Control': 'no-store' }).end();
  }

  async function serveAsset(
    request: IncomingMessage,
    response: ServerResponse,
    _identity: unknown,
    path: string,
  ): Promise<void> {
    if (!isFileRequest(request, response)) return;
    const isAsset = ASSET_PATH.test(path);
    const file = isAsset || path === ICON_PATH ? await find(path.slice(1)) : null;
    if (file === null) return refuseWithText(response, 404, NO_FILE);
    // The icon keeps its name.
    await sendFile(request, response, file, { ...ASSET_POLICY, 'Cache-Control': isAsset ? IMMUTABLE : 'no-cache' });
  }
}

/**
 * The page runs and shows what its own origin serves, and images of data and blobs, which it makes itself: placeholders and
 * pictures that are not uploaded yet. It cannot be framed: a frame of another site could make its visitor click there.
 */
function pageHeaders(imageOrigin: string | null): Readonly<Record<string, string>> {
  const elsewhere = imageOrigin === null ? '' : ` ${imageOrigin}`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    `img-src 'self' data: blob:${elsewhere}`,
    `connect-src 'self'${elsewhere}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // A page that was built again has other files.
    'Cache-Control': 'no-cache',
  };
}

/** @param name below the folder, already checked @returns null when there is no such file */
async function findFile(folder: string, name: string): Promise<StaticFile | null> {
  const type = TYPES[extname(name)];
  if (type === undefined) return null;
  const path = join(folder, name);
  const plain = await readIfThere(path);
  if (plain === null) return null;
  return {
    ...type,
    async open(encoding) {
      // A file that is not there in this encoding was built only half: the request fails.
      return opened(encoding === null ? plain : await readFile(`${path}${SUFFIXES[encoding]}`));
    },
  };
}

function opened(bytes: Uint8Array): OpenFile {
  const etag = createHash('sha256').update(bytes).digest('hex');
  return { etag, byteSize: bytes.byteLength, read: () => bytes };
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
