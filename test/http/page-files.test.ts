/** The page for people over HTTP: its files, its policy, and what stands in its place when it is not built. */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { pageRoutes } from '../../src/http/page-files.ts';
import { createRouter } from '../../src/http/routes.ts';
import { listen } from '../../src/http/server.ts';

const SCRIPT = '/assets/index-Ab_1-x.js';
const FILES = {
  'index.html': '<!doctype html><title>Darkroom</title>',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/index-Ab_1-x.js': 'console.log("a page")',
  'assets/index-Cd.css': 'body { color: red }',
};

let folder: string;
let server: Server;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkroom-page-'));
  await mkdir(join(folder, 'dist/assets'), { recursive: true });
  await writeFile(join(folder, 'secret.html'), 'secret');
  await writeFile(join(folder, 'dist/assets/font-1.woff2'), 'font');
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder, 'dist', name);
    await writeFile(path, text);
    await writeFile(`${path}.br`, brotliCompressSync(text));
    await writeFile(`${path}.gz`, gzipSync(text));
  }
  [server, url] = await serve(join(folder, 'dist'), 'https://images.example');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
});

async function serve(dist: string, imageOrigin: string | null): Promise<[Server, string]> {
  const route = createRouter(pageRoutes({ folder: dist, imageOrigin }), async () => unlimitedPrincipal('nobody'));
  const started = createServer(async (asked, response) => {
    if (!(await route(asked, response))) response.writeHead(404).end('not the page');
  });
  return [started, await listen(started, '127.0.0.1', 0)];
}

async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', from = url) {
  // As it stands: `new URL` would resolve the dots.
  const { hostname, port } = new URL(from);
  const sent = request({ hostname, port, path, method, headers, agent: false }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no response');
  const body = await buffer(response);
  return { status: response.statusCode, headers: response.headers, body, text: body.toString() };
}

describe('the page', () => {
  it('is asked for again each time, and sent when it has changed', async () => {
    const { status, headers, text } = await ask('/?from=somewhere');
    expect({ status, text }).toEqual({ status: 200, text: FILES['index.html'] });
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    const known = { 'if-none-match': headers.etag ?? '' };
    expect(await ask('/', known)).toMatchObject({ status: 304, text: '' });
    await writeFile(join(folder, 'dist/index.html'), 'built again');
    expect(await ask('/', known)).toMatchObject({ status: 200, text: 'built again' });
    await writeFile(join(folder, 'dist/index.html'), FILES['index.html']);
  });

  it('runs nothing but what its origin serves, and shows images of the origin that has them', async () => {
    const policy = (await ask('/')).headers['content-security-policy'];
    expect(policy?.toString().split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self' data: blob: https://images.example",
      "connect-src 'self' https://images.example",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  it('has files that are kept for good, and the same in every encoding', async () => {
    const plain = await ask(SCRIPT);
    const br = await ask(SCRIPT, { 'accept-encoding': 'gzip, deflate, br, zstd' });
    const gzip = await ask(SCRIPT, { 'accept-encoding': 'gzip' });
    for (const { status, headers, body } of [plain, br, gzip]) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-length': String(body.length),
        vary: 'Accept-Encoding',
      });
    }
    expect([plain, br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br', 'gzip']);
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
    const head = await ask(SCRIPT, { 'accept-encoding': 'br' }, 'HEAD');
    expect(head).toMatchObject({ status: 200, text: '', headers: { etag: br.headers.etag } });
  });

  it.each([
    ['/assets/index-Cd.css', 'text/css; charset=utf-8', 'br'],
    ['/assets/font-1.woff2', 'font/woff2', undefined],
    ['/icon.svg', 'image/svg+xml', 'br'],
  ])('has %s as %s', async (path, type, encoding) => {
    const { status, headers } = await ask(path, { 'accept-encoding': 'gzip, br' });
    expect(status).toBe(200);
    expect([headers['content-type'], headers['content-encoding']]).toEqual([type, encoding]);
  });

  it('does not keep the icon for good, whose name stays the same', async () => {
    expect((await ask('/icon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/assets/',
    '/assets/none.js',
    '/assets/index-Ab_1-x.js.br',
    '/assets/../index.html',
    '/assets/../../secret.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%2findex.html',
    '/assets/a\\..\\..\\secret.html',
    '/assets/.html',
  ])('is nothing else: %s', async (path) => {
    const { status, headers, text } = await ask(path);
    expect(status).toBe(404);
    expect(headers['cache-control']).toBe('no-store');
    expect(text).toContain('npm run build');
  });

  it('cannot be changed', async () => {
    for (const path of ['/', SCRIPT]) {
      expect(await ask(path, {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
  });

  it('leads to GraphiQL while it is not built, and says how to build it', async () => {
    const [without, address] = await serve(join(folder, 'none'), null);
    expect(await ask('/', {}, 'GET', address)).toMatchObject({
      status: 302,
      headers: { location: '/graphql', 'cache-control': 'no-store' },
    });
    expect(await ask(SCRIPT, {}, 'GET', address)).toMatchObject({
      status: 404,
      text: expect.stringContaining('npm run build'),
    });
    without.close();
    without.closeAllConnections();
  });
});
