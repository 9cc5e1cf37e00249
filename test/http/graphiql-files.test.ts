/** The files of GraphiQL over HTTP: compressed, kept for good, and the same in every encoding. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
/** As they stand in the page. */
let paths: string[];
beforeAll(async () => {
  app = await startTestApp();
  const page = await (await fetch(`${app.url}/graphql`, { headers: { accept: 'text/html' } })).text();
  paths = [...page.matchAll(/(?:src|href)="(graphiql\/[^"]+)"/gu)].map(([, path = '']) => path);
});
afterAll(() => app[Symbol.asyncDispose]());

async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const sent = request(new URL(path, `${app.url}/graphql`), { method, headers, agent: false }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no response');
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

const IMMUTABLE = {
  'cache-control': 'public, max-age=31536000, immutable',
  vary: 'Accept-Encoding',
  'x-content-type-options': 'nosniff',
};

describe('the files of GraphiQL', () => {
  it('are the page’s styles, scripts and icon, from this server alone', async () => {
    expect(paths.map((path) => path.replace(/-[0-9a-f]{16}/u, ''))).toEqual([
      'graphiql/icon.ico',
      'graphiql/styles.css',
      'graphiql/page.js',
      'graphiql/graphiql.js',
    ]);
    const page = (await ask('/graphql', { accept: 'text/html' })).body;
    expect(page.length).toBeLessThan(10_000);
    expect(page.toString()).not.toMatch(/https?:/u);
  });

  it('are the same in every encoding, and named by their content', async () => {
    for (const path of paths) {
      const plain = await ask(path);
      const br = await ask(path, { 'accept-encoding': 'gzip, deflate, br, zstd' });
      const gzip = await ask(path, { 'accept-encoding': 'gzip' });
      for (const { status, headers, body } of [plain, br, gzip]) {
        expect(status).toBe(200);
        expect(headers).toMatchObject({ ...IMMUTABLE, 'content-length': String(body.length) });
      }
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect([br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip']);
      expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
      expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
      expect(path).toContain(createHash('sha256').update(plain.body).digest('hex').slice(0, 16));
      // An ETag is that of one encoding.
      expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
    }
  });

  it('answer HEAD and conditional requests without a body', async () => {
    const [path = ''] = paths;
    const encodings = { 'accept-encoding': 'br' };
    const whole = await ask(path, encodings);
    const head = await ask(path, encodings, 'HEAD');
    expect(head).toMatchObject({ status: 200, headers: { ...IMMUTABLE, etag: whole.headers.etag } });
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
    expect(head.body).toHaveLength(0);
    const again = await ask(path, { ...encodings, 'if-none-match': whole.headers.etag ?? '' });
    expect(again).toMatchObject({ status: 304, headers: { ...IMMUTABLE, etag: whole.headers.etag } });
    expect(again.body).toHaveLength(0);
  });

  it.each(['/graphiql/', '/graphiql/none.js', '/graphiql/../package.json', '/graphiql/%2e%2e/package.json'])(
    'are nothing else: %s',
    async (path) => {
      expect((await ask(path)).status).toBe(404);
    },
  );

  it('cannot be changed', async () => {
    expect(await ask(paths[0] ?? '', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });
});
