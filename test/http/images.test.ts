/** `GET /images/{id}.{ext}` over real HTTP, from real files. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { BlobMissingError, type BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import { withRecentCache } from '../../src/blobs/recent-cache.ts';
import type { ImageFormat } from '../../src/domain/generation/options.ts';
import type { Picture } from '../../src/domain/images/image.ts';
import { VariantImpossibleError, VariantsBusyError, VariantUnwantedError } from '../../src/domain/images/variant.ts';
import { createImageAccess } from '../../src/http/images/image-access.ts';
import { createEmbeddingHeaders } from '../../src/http/images/image-embedding.ts';
import { createImagesHandler, type VariantFileOf } from '../../src/http/images/images.ts';

const PNG_ID = '01980000-0000-7000-8000-000000000001';
const SVG_ID = '01980000-0000-7000-8000-000000000002';
const JPEG_ID = '01980000-0000-7000-8000-000000000003';
const OTHERS_ID = '01980000-0000-7000-8000-000000000004';
const LARGE_ID = '01980000-0000-7000-8000-000000000005';
/** Looking up this id fails. */
const BROKEN_ID = '01980000-0000-7000-8000-00000000000e';
const UNKNOWN_ID = '01980000-0000-7000-8000-00000000000f';

const PNG = randomBytes(200_000);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

let directory: string;
let blobs: BlobStore;
/** Has nothing in memory. */
let otherStore: BlobStore;
/** Whether to serve from the store that stored the pictures and may still have them in memory. */
let isSameStore = false;
let server: Server;
let port: number;
const rows = new Map<string, Picture & { readonly owner: string; readonly isPartial: boolean }>();
/** What the look-up waits for, and the handler's promise for the last request. */
let released = Promise.resolve();
let handled = Promise.resolve();
const report = vi.fn<(error: unknown) => void>();
let variantFile: VariantFileOf;

async function addImage(
  id: string,
  bytes: Buffer,
  format: ImageFormat,
  { owner = 'me', isPartial = false } = {},
): Promise<void> {
  rows.set(id, { ...(await blobs.put(bytes)), width: 1, height: 1, format, owner, isPartial });
}

function fileOf(id: string): string {
  const { sha256 = '' } = rows.get(id) ?? {};
  return join(directory, sha256.slice(0, 2), sha256);
}

beforeAll(async () => {
  // A directory that begins with a dot, or has a percent sign, is served like any other.
  directory = join(await mkdtemp(join(tmpdir(), 'darkroom-http-')), '.data', 'with %41 percent');
  blobs = withRecentCache(await openFileBlobStore({ directory }));
  otherStore = await openFileBlobStore({ directory });
  const handlerFor = (store: BlobStore) =>
    createImagesHandler({
      blobs: store,
      find: async ({ id: principal }, id) => {
        await released;
        if (id === BROKEN_ID) throw new Error('The database is away.');
        const row = rows.get(id);
        return row?.owner === principal ? row : null;
      },
      grantAccess: createImageAccess({
        authenticate: async () => unlimitedPrincipal('me'),
        signedUrls: null,
        ownerOf: async () => null,
        nowMs: Date.now,
      }),
      variantFile: (wanted) => variantFile(wanted),
      embeddingHeaders: createEmbeddingHeaders({
        policy: 'cross-origin',
        isAllowedOrigin: () => false,
        varies: false,
      }),
      nowMs: Date.now,
      report,
    });
  const handlers = { same: handlerFor(blobs), other: handlerFor(otherStore) };
  server = createServer((incoming, response) => {
    const handle = isSameStore ? handlers.same : handlers.other;
    handled = handle(incoming, response, incoming.url?.split('?')[0] ?? '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

beforeEach(async () => {
  report.mockClear();
  isSameStore = false;
  released = Promise.resolve();
  variantFile = () => Promise.reject(new Error('no variant is expected in this test'));
  await addImage(PNG_ID, PNG, 'PNG');
  await addImage(SVG_ID, SVG, 'SVG');
  await addImage(JPEG_ID, randomBytes(1_000), 'JPEG');
  await addImage(OTHERS_ID, randomBytes(1_000), 'PNG', { owner: 'somebody else' });
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(join(directory, '..', '..'), { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Sends the path unchanged; `fetch` would normalise it. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const outgoing = request({ port, host: '127.0.0.1', path, method, headers }).end();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  outgoing.on('response', resolve).on('error', reject);
  const response = await promise;
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

const ETAG = () => `"${rows.get(PNG_ID)?.sha256}"`;

describe('an image', () => {
  it.each([
    ['small', 1_000],
    ['of many megabytes', 9_000_000],
  ])('that is %s is served with its very bytes, to many at once', async (_, byteSize) => {
    const bytes = randomBytes(byteSize);
    await addImage(LARGE_ID, bytes, 'PNG');
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(`/images/${LARGE_ID}.png`)));
    for (const { status, headers, body } of answers) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-length': String(byteSize), etag: `"${rows.get(LARGE_ID)?.sha256}"` });
      expect(body.equals(bytes)).toBe(true);
    }
  });

  it('is served with its very bytes and all that may be known of them', async () => {
    const { status, headers, body } = await ask(`/images/${PNG_ID}.png`);
    expect(status).toBe(200);
    expect(body.equals(PNG)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': '200000',
      'content-disposition': `inline; filename="darkroom-${PNG_ID}.png"`,
      etag: ETAG(),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
    });
    expect(headers).not.toHaveProperty('last-modified');
    expect(headers).not.toHaveProperty('content-security-policy');
  });

  it('ends its handler when it is sent, the connection kept open', async () => {
    const agent = new Agent({ keepAlive: true });
    for (let round = 0; round < 2; round += 1) {
      const outgoing = request({ port, host: '127.0.0.1', path: `/images/${PNG_ID}.png`, agent }).end();
      outgoing.on('response', (response) => response.resume());
      await once(outgoing, 'close');
      await handled;
    }
    agent.destroy();
  });

  it('answers HEAD with the headers of GET and no body, a Range disregarded', async () => {
    const get = await ask(`/images/${PNG_ID}.png`);
    for (const range of [{}, { range: 'bytes=0-9' }]) {
      const head = await ask(`/images/${PNG_ID}.png`, range, 'HEAD');
      expect(head.status).toBe(200);
      expect(head.body.byteLength).toBe(0);
      expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
    }
  });

  it('is the same under .jpg and .jpeg, and calls itself .jpg', async () => {
    for (const extension of ['jpg', 'jpeg']) {
      const { status, headers } = await ask(`/images/${JPEG_ID}.${extension}`);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('image/jpeg');
      expect(headers['content-disposition']).toContain(`${JPEG_ID}.jpg"`);
    }
  });

  it('runs no script when it is an SVG opened as a page', async () => {
    const policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
    const whole = await ask(`/images/${SVG_ID}.svg`);
    expect(whole.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'content-security-policy': policy });
    const unchanged = await ask(`/images/${SVG_ID}.svg`, { 'if-none-match': whole.headers.etag ?? '' });
    expect(unchanged.status).toBe(304);
    expect(unchanged.headers['content-security-policy']).toBe(policy);
  });
});

describe('a range', () => {
  it.each([
    ['the first bytes', 'bytes=0-99', 0, 99],
    ['a middle part', 'bytes=1000-1999', 1_000, 1_999],
    ['all from an offset', 'bytes=199990-', 199_990, 199_999],
    ['the last bytes', 'bytes=-5', 199_995, 199_999],
    ['more than there is', 'bytes=199000-999999', 199_000, 199_999],
  ])('gives %s', async (_, range, first, last) => {
    const { status, headers, body } = await ask(`/images/${PNG_ID}.png`, { range });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${first}-${last}/200000`);
    expect(headers.etag).toBe(ETAG());
    expect(body.equals(PNG.subarray(first, last + 1))).toBe(true);
  });

  it('behind the end is refused with the true length, in words that no cache keeps', async () => {
    const { status, headers, body } = await ask(`/images/${PNG_ID}.png`, { range: 'bytes=200000-' });
    expect(status).toBe(416);
    expect(headers['content-range']).toBe('bytes */200000');
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('etag');
    expect(headers).not.toHaveProperty('content-disposition');
    expect(String(body)).toBe('The image has no bytes in this range.\n');
    expect(report).not.toHaveBeenCalled();
  });

  it.each(['bytes=0-9,1000-1009', 'bytes=nonsense', 'pixels=0-9'])('%s gets the whole image', async (range) => {
    const { status, body } = await ask(`/images/${PNG_ID}.png`, { range });
    expect(status).toBe(200);
    expect(body.equals(PNG)).toBe(true);
  });

  it('that adjoins another is given with it as one', async () => {
    const { status, body } = await ask(`/images/${PNG_ID}.png`, { range: 'bytes=0-9,10-19' });
    expect(status).toBe(206);
    expect(body.equals(PNG.subarray(0, 20))).toBe(true);
  });

  it.each([
    ['holds under If-Range with the ETag', () => ETAG(), 206],
    ['is dropped under If-Range with another ETag', () => '"another"', 200],
    ['is dropped under If-Range with a date, as there is none', () => new Date().toUTCString(), 200],
  ])('%s', async (_, ifRange, status) => {
    const answer = await ask(`/images/${PNG_ID}.png`, { range: 'bytes=0-9', 'if-range': ifRange() });
    expect(answer.status).toBe(status);
    expect(answer.body.byteLength).toBe(status === 206 ? 10 : 200_000);
  });
});

describe('a conditional request', () => {
  it.each([
    ['the ETag', () => ETAG()],
    ['a list with the ETag', () => `"another", ${ETAG()}`],
    ['the ETag made weak on the way', () => `W/${ETAG()}`],
    ['any', () => '*'],
  ])('with If-None-Match of %s is answered 304 without a body', async (_, ifNoneMatch) => {
    const { status, headers, body } = await ask(`/images/${PNG_ID}.png`, { 'if-none-match': ifNoneMatch() });
    expect(status).toBe(304);
    expect(body.byteLength).toBe(0);
    expect(headers).toMatchObject({ etag: ETAG(), 'cache-control': 'private, max-age=31536000, immutable' });
  });

  // `fetch` adds both no-cache headers by itself when a program sets If-None-Match. They ask a cache to check, which a 304
  // does (RFC 9111, section 5.2.1.4).
  it.each([
    ['the headers of fetch', { 'cache-control': 'no-cache', pragma: 'no-cache' }],
    ['several directives', { 'cache-control': 'max-age=0, no-cache' }],
    ['max-age=0', { 'cache-control': 'max-age=0' }],
    ['no-store', { 'cache-control': 'no-store' }],
    ['Pragma', { pragma: 'no-cache' }],
    ['a range', { 'cache-control': 'no-cache', range: 'bytes=0-9' }],
    ['If-Range', { 'cache-control': 'no-cache', range: 'bytes=0-9', 'if-range': '"another"' }],
    ['If-Modified-Since', { 'cache-control': 'no-cache', 'if-modified-since': new Date(0).toUTCString() }],
  ])('with If-None-Match is answered 304 beside %s, by GET and by HEAD', async (_, beside) => {
    for (const ifNoneMatch of [ETAG(), `"another", W/${ETAG()}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const headers = { 'if-none-match': ifNoneMatch, ...beside };
        const { status, body } = await ask(`/images/${PNG_ID}.png`, headers, method);
        expect({ status, bytes: body.byteLength }).toEqual({ status: 304, bytes: 0 });
      }
    }
  });

  it('of fetch itself is answered 304', async () => {
    const headers = { 'if-none-match': ETAG() };
    expect((await fetch(`http://127.0.0.1:${port}/images/${PNG_ID}.png`, { headers })).status).toBe(304);
  });

  it('with no-cache and If-None-Match of another ETag gets the image', async () => {
    const headers = { 'cache-control': 'no-cache', 'if-none-match': '"another"' };
    expect((await ask(`/images/${PNG_ID}.png`, headers)).status).toBe(200);
  });

  it('with If-None-Match of another ETag, or an If-Modified-Since, gets the image', async () => {
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-none-match': '"another"' })).status).toBe(200);
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-modified-since': new Date().toUTCString() })).status).toBe(200);
  });

  it('with If-Unmodified-Since gets the image, as there is no date to compare with', async () => {
    const headers = { 'if-unmodified-since': new Date(0).toUTCString() };
    expect((await ask(`/images/${PNG_ID}.png`, headers)).status).toBe(200);
  });

  it('by HEAD is answered as by GET', async () => {
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-none-match': ETAG() }, 'HEAD')).status).toBe(304);
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-match': '"another"' }, 'HEAD')).status).toBe(412);
  });

  it('with If-Match of another ETag is refused', async () => {
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-match': ETAG() })).status).toBe(200);
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-match': '"another"' })).status).toBe(412);
  });
});

describe('a page of another origin', () => {
  it('is allowed to send If-None-Match, a range and credentials, and to read the ETag', async () => {
    const preflight = await ask(
      `/images/${PNG_ID}.png`,
      {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'if-none-match',
      },
      'OPTIONS',
    );
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'Authorization, If-Match, If-None-Match, If-Range, Range',
    });
    const headers = { origin: 'http://localhost:5173', 'if-none-match': ETAG(), 'cache-control': 'no-cache' };
    const answer = await ask(`/images/${PNG_ID}.png`, headers);
    expect(answer.status).toBe(304);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag, Content-Range',
    });
  });
});

describe('what is not there', () => {
  it.each([
    ['an unknown id', `/images/${UNKNOWN_ID}.png`],
    ["another principal's id", `/images/${OTHERS_ID}.png`],
    ["another format's extension", `/images/${PNG_ID}.webp`],
    ['no extension', `/images/${PNG_ID}`],
    ['an extension of every object', `/images/${PNG_ID}.constructor`],
    ['no id', '/images/'],
    ['an id in capitals', `/images/${PNG_ID.replace('8', 'A')}.png`],
    ['a path behind the id', `/images/${PNG_ID}.png/..`],
    ['a traversal', '/images/../../../etc/passwd'],
    ['an encoded traversal', '/images/%2e%2e%2f%2e%2e%2fetc%2fpasswd.png'],
    ['an encoded id', `/images/%30${PNG_ID.slice(1)}.png`],
    ['a broken encoding', `/images/${PNG_ID}.png%`],
    ['a null byte', `/images/${PNG_ID}%00.png`],
  ])('is not found by %s, and looks the same', async (_, path) => {
    const { status, headers, body } = await ask(path);
    expect(status).toBe(404);
    expect(String(body)).toBe('No such image.\n');
    expect({ ...headers, date: '' }).toEqual({
      ...(await ask(`/images/${UNKNOWN_ID}.png`)).headers,
      date: '',
    });
    expect(headers['cache-control']).toBe('no-store');
    expect(report).not.toHaveBeenCalled();
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('cannot be asked for by %s', async (method) => {
    const { status, headers } = await ask(`/images/${PNG_ID}.png`, {}, method);
    expect(status).toBe(405);
    expect(headers['allow']).toBe('GET, HEAD');
  });
});

describe('a failure', () => {
  const damage: readonly [string, (path: string) => Promise<void>][] = [
    ['missing', (path) => rm(path)],
    ['cut short', (path) => truncate(path, 1_000)],
  ];
  it.each(damage)('of a file %s is ours to tell, and kept by no cache', async (_, harm) => {
    await harm(fileOf(PNG_ID));
    const { status, headers, body } = await ask(`/images/${PNG_ID}.png`);
    expect(status).toBe(500);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    expect(String(body)).toBe('The image could not be read.\n');
    expect(report).toHaveBeenCalledOnce();
    expect(String(report.mock.calls[0]?.[0])).toContain(PNG_ID);
  });

  it.each(damage)('of a file %s is an error for HEAD, ranges and conditional requests alike', async (_, harm) => {
    await harm(fileOf(PNG_ID));
    const path = `/images/${PNG_ID}.png`;
    const answers = await Promise.all([
      ask(path, {}, 'HEAD'),
      ask(path, { range: 'bytes=0-9' }),
      ask(path, { range: 'bytes=150000-' }),
      ask(path, { 'if-none-match': ETAG() }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    expect(report).toHaveBeenCalledTimes(4);
  });

  it('to have a partial image after a power cut is told as gone, in words that no cache keeps', async () => {
    await addImage(PNG_ID, randomBytes(1_000), 'PNG', { isPartial: true });
    await rm(fileOf(PNG_ID));
    variantFile = () => Promise.reject(new BlobMissingError('any'));
    for (const [path, method] of [
      [`/images/${PNG_ID}.png`, 'GET'],
      [`/images/${PNG_ID}.png`, 'HEAD'],
      [`/images/${PNG_ID}.png?w=320`, 'GET'],
    ] as const) {
      const { status, headers } = await ask(path, {}, method);
      expect([path, status, headers['cache-control']]).toEqual([path, 410, 'no-store']);
    }
    expect(report).not.toHaveBeenCalled();
  });

  it('in the middle of an image breaks the answer off and is reported', async () => {
    const bytes = Readable.from(
      (async function* () {
        yield PNG.subarray(0, 100_000);
        // The first part is under way.
        await sleep(50);
        throw new Error('The disk is gone.');
      })(),
    );
    const close = vi.fn();
    vi.spyOn(otherStore, 'openRead').mockResolvedValueOnce({ byteSize: PNG.byteLength, bytes, close });
    await expect(ask(`/images/${PNG_ID}.png`)).rejects.toThrow(/aborted|hang up|reset/u);
    await handled;
    expect(String(report.mock.calls)).toContain('The disk is gone.');
    expect(close).toHaveBeenCalledOnce();
  });

  it('of the look-up tells the client nothing of its cause', async () => {
    const { status, body } = await ask(`/images/${BROKEN_ID}.png`);
    expect(status).toBe(500);
    expect(String(body)).toBe('The image could not be read.\n');
    expect(String(report.mock.calls[0]?.[0])).toContain('database');
  });
});

describe('a picture that was stored just now', () => {
  beforeEach(() => {
    isSameStore = true;
  });

  it('is sent from memory, as it is from the disk', async () => {
    const [bytes, larger] = [PNG, randomBytes(1_500_000)];
    await addImage(LARGE_ID, larger, 'PNG');
    const fromMemory = [await ask(`/images/${PNG_ID}.png`), await ask(`/images/${LARGE_ID}.png`)];
    isSameStore = false;
    const fromDisk = [await ask(`/images/${PNG_ID}.png`), await ask(`/images/${LARGE_ID}.png`)];
    expect(fromMemory.map(({ body }) => body)).toEqual([bytes, larger]);
    const withoutDate = ({ status, headers }: Answer) => ({ status, headers: { ...headers, date: null } });
    expect(fromMemory.map(withoutDate)).toEqual(fromDisk.map(withoutDate));
  });

  it('is asked of the disk again a little later', async () => {
    await rm(fileOf(PNG_ID));
    expect((await ask(`/images/${PNG_ID}.png`)).status).toBe(200);
    await vi.waitFor(async () => expect((await ask(`/images/${PNG_ID}.png`)).status).toBe(500), 5_000);
  });

  it('is in part, or if it has changed, what the disk says', async () => {
    const etag = `"${rows.get(PNG_ID)?.sha256}"`;
    expect((await ask(`/images/${PNG_ID}.png`, { range: 'bytes=0-9' })).body).toEqual(PNG.subarray(0, 10));
    expect((await ask(`/images/${PNG_ID}.png`, { 'if-none-match': etag })).status).toBe(304);
    expect((await ask(`/images/${PNG_ID}.png`, {}, 'HEAD')).body).toEqual(Buffer.alloc(0));
  });
});

describe('a variant', () => {
  it.each([
    ['when too many wait', new VariantsBusyError(), 503, '5', /^Too many images are being resized/u],
    ['that cannot be made', new VariantImpossibleError(), 422, undefined, /^The image cannot be resized/u],
    ['when something else fails', new Error('The disk is gone.'), 500, undefined, /^The image could not be read/u],
  ])('%s is refused, and no cache keeps the answer', async (_, error, status, retryAfter, text) => {
    variantFile = () => Promise.reject(error);
    const answer = await ask(`/images/${PNG_ID}.png?w=320`);
    expect(answer.status).toBe(status);
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body.toString()).toMatch(text);
    expect(report).toHaveBeenCalledTimes(status === 500 ? 1 : 0);
  });

  it('of an SVG is not sent as a document, and has no policy of one', async () => {
    variantFile = async () => ({ ...(await blobs.put(PNG)), blobs });
    const { headers, body } = await ask(`/images/${SVG_ID}.svg?format=png`);
    expect(headers['content-type']).toBe('image/png');
    expect(headers['content-disposition']).toBe(`inline; filename="darkroom-${SVG_ID}.png"`);
    expect(headers).not.toHaveProperty('content-security-policy');
    expect(body.equals(PNG)).toBe(true);
  });

  it('is given up when the client leaves', async () => {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>();
    variantFile = async ({ signal }) => {
      signal.addEventListener('abort', () => resolve());
      isAsked();
      await aborted;
      throw new VariantUnwantedError();
    };
    const outgoing = request({ port, host: '127.0.0.1', path: `/images/${PNG_ID}.png?w=320` }).end();
    outgoing.on('error', () => undefined);
    await asked;
    outgoing.destroy();
    await aborted;
    await handled;
    expect(report).not.toHaveBeenCalled();
  });
});

describe('a client that leaves', () => {
  it('during the look-up ends the handler all the same', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    released = promise;
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /images/${PNG_ID}.png HTTP/1.1\r\nhost: darkroom\r\n\r\n`);
    const [, response] = await once(server, 'request');
    socket.destroy();
    await once(response, 'close');
    resolve();
    await handled;
    expect(report).not.toHaveBeenCalled();
  });

  // Linux shows a process its own open files.
  it.skipIf(!existsSync('/proc/self/fd'))('half-way leaves no file open', async () => {
    await addImage(LARGE_ID, Buffer.alloc(64 * 1024 * 1024, 7), 'PNG');
    const path = fileOf(LARGE_ID);
    const sockets = Array.from({ length: 5 }, () => connect(port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.write(`GET /images/${LARGE_ID}.png HTTP/1.1\r\nhost: darkroom\r\n\r\n`);
      await once(socket, 'data');
      // It stops reading, so the server has to wait in the middle of the file.
      socket.pause();
    }
    expect(timesOpen(path)).toBe(5);
    for (const socket of sockets) socket.destroy();
    for (let waited = 0; timesOpen(path) > 0 && waited < 5_000; waited += 20) await sleep(20);
    expect(timesOpen(path)).toBe(0);
    await handled;
    expect(report).not.toHaveBeenCalled();
  });
});

function timesOpen(path: string): number {
  let count = 0;
  for (const descriptor of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${descriptor}`) === path) count += 1;
    } catch {
      // The descriptor that listed the directory.
    }
  }
  return count;
}
