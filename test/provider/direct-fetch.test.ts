/** directFetch does what fetch does for the SDK, and passes on to fetch what it does not support. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { BufferedBody } from '../../src/provider/openai/stream/buffered-body.ts';
import { byteReaderOf, directFetch } from '../../src/provider/openai/stream/direct-fetch.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a TCP port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function readAll(response: Response): Promise<Buffer> {
  const reading = byteReaderOf(response);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = (await reading?.read()) ?? { done: true, value: undefined };
    if (done) return Buffer.concat(chunks);
    chunks.push(value);
  }
}

const JSON_POST = {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-mine': 'yes' },
  body: '{"a":"é"}',
};

describe('a request past fetch', () => {
  it('arrives as it was given, and its answer comes by the connection itself', async () => {
    const url = await serve(async (request, response) => {
      const { method, url: path, headers } = request;
      response.writeHead(201, 'Made', { 'x-two': ['a', 'b'] });
      response.end(
        JSON.stringify({
          method,
          path,
          type: headers['content-type'],
          mine: headers['x-mine'],
          body: await bodyOf(request),
        }),
      );
    });
    const response = await directFetch(`${url}/v1/x?q=1`, JSON_POST);
    expect([response.status, response.statusText, response.headers.get('x-two')]).toEqual([201, 'Made', 'a, b']);
    // If a later Node version keeps its dispatcher elsewhere, everything works through fetch, but slower. This test shows it.
    expect(byteReaderOf(response)).toBeInstanceOf(BufferedBody);
    const expected = { method: 'POST', path: '/v1/x?q=1', type: 'application/json', mine: 'yes', body: '{"a":"é"}' };
    expect(JSON.parse(String(await readAll(response)))).toEqual(expected);
  });

  it('can be read by the fetch API', async () => {
    const url = await serve((_, response) => void response.end('{"ok":true}'));
    expect(await (await directFetch(url)).json()).toEqual({ ok: true });
    expect((await directFetch(url)).body).not.toBeNull();
  });

  it('has no body where there is none', async () => {
    const url = await serve((_, response) => void response.writeHead(204).end());
    const response = await directFetch(url);
    expect([response.status, response.body, byteReaderOf(response)]).toEqual([204, null, null]);
  });

  it.each([301, 307, 308])('is not sent on when %i says so', async (status) => {
    const url = await serve((_, response) => void response.writeHead(status, { location: '/new' }).end('moved'));
    const response = await directFetch(`${url}/old`, JSON_POST);
    expect([response.status, String(await readAll(response))]).toEqual([status, 'moved']);
    const form = new FormData();
    form.set('purpose', 'vision');
    expect((await directFetch(`${url}/old`, { method: 'POST', body: form })).status).toBe(status);
  });

  it('asks for nothing compressed, and reads it when it comes so', async () => {
    const text = 'picture '.repeat(10_000);
    const asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked.push(request.headers['accept-encoding']);
      const isGzip = request.url === '/gzip';
      response.writeHead(200, { 'content-encoding': isGzip ? 'gzip' : 'deflate' });
      response.end(isGzip ? gzipSync(text) : deflateSync(text));
    });
    for (const path of ['/gzip', '/deflate']) expect(String(await readAll(await directFetch(url + path)))).toBe(text);
    expect(asked).toEqual(['identity', 'identity']);
  });

  it('leaves forms to fetch', async () => {
    const url = await serve(async (request, response) => void response.end(await bodyOf(request)));
    const body = new FormData();
    body.set('purpose', 'vision');
    expect(await (await directFetch(url, { method: 'POST', body })).text()).toContain('name="purpose"');
  });

  it('tells what the connection failed with', async () => {
    const url = await serve(() => undefined);
    servers[0]?.close();
    await once(servers[0] ?? expect.fail(), 'close');
    await expect(directFetch(url)).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'ECONNREFUSED' } });
  });
});

describe('an answer past fetch', () => {
  it('waits at its sender for as long as nobody reads', async () => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    let sent = 0;
    const url = await serve(async (_, response) => {
      for (; sent < 2_000; sent += 1) if (!response.write(chunk)) await once(response, 'drain');
      response.end();
    });
    const response = await directFetch(url);
    await delay(500);
    // The kernel's buffers hold some of the 131 megabytes.
    expect(sent).toBeLessThan(400);
    expect((await readAll(response)).length).toBe(2_000 * chunk.length);
  });

  it('that breaks off gives what had come, and then the break', async () => {
    const url = await serve((_, response) => {
      response.write('half', () => response.destroy());
    });
    const reading = byteReaderOf(await directFetch(url));
    await delay(50);
    expect(String(Buffer.from((await reading?.read())?.value ?? []))).toBe('half');
    await expect(reading?.read()).rejects.toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    await expect(reading?.read()).rejects.toThrow('fetch failed');
  });

  it('that nobody reads on is hung up', async () => {
    const hungUp = Promise.withResolvers<void>();
    const url = await serve((_, response) => {
      response.once('close', () => hungUp.resolve());
      response.write('begun');
    });
    const reading = byteReaderOf(await directFetch(url));
    await reading?.read();
    const waiting = reading?.read();
    await reading?.cancel();
    await reading?.cancel();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await hungUp.promise;
  });

  it('does not come when its owner has gone: before, while it is waited for, in the middle', async () => {
    const gone: string[] = [];
    const url = await serve((request, response) => {
      response.once('close', () => gone.push(request.url ?? ''));
      if (request.url === '/middle') response.write('begun');
    });
    const reason = new Error('gone');
    await expect(directFetch(`${url}/before`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const connecting = new AbortController();
    const unmade = directFetch(`${url}/unmade`, { signal: connecting.signal });
    connecting.abort(reason);
    await expect(unmade).rejects.toBe(reason);
    const owner = new AbortController();
    const waiting = directFetch(`${url}/waiting`, { signal: owner.signal });
    const middle = byteReaderOf(await directFetch(`${url}/middle`, { signal: owner.signal }));
    await middle?.read();
    const reading = middle?.read();
    owner.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(reading).rejects.toBe(reason);
    while (gone.length < 2) await delay(5);
    expect(gone.toSorted()).toEqual(['/middle', '/waiting']);
  });
});
