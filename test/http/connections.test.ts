/** Connections that are slow or many: each is cut or refused, with a reason, and everybody else is served. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { picture, within } from '../api/steps.ts';
import { postSse } from '../graphql/readers.ts';
import { startServerHere } from '../support/app.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { UPLOAD_HEADERS, uploadForm } from '../support/upload.ts';

const TIMEOUT_MS = 1_000;
const LATE_MS = 4_000;
const BYTES_PER_SECOND = 2_000;
/** What the kernels of both ends take of an answer that nobody reads, on Linux with its defaults: 4 MB and 6 MB at most. */
const MOST_KERNEL_BYTES = 4_000_000;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    env: {
      REQUEST_TIMEOUT_MS: String(TIMEOUT_MS),
      MIN_UPLOAD_BYTES_PER_SECOND: String(BYTES_PER_SECOND),
      STALLED_TIMEOUT_MS: '500',
    },
  });
});
afterAll(() => server?.[Symbol.asyncDispose]());

interface RawConnection {
  readonly socket: Socket;
  /** All that was received until the connection was closed. */
  readonly answer: Promise<string>;
}

function open(url: string): RawConnection {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('error', () => undefined);
  return { socket, answer: new Promise((resolve) => socket.once('close', () => resolve(received))) };
}

/** Sends `letters` byte by byte, until the connection is closed. */
function trickle({ socket }: RawConnection, letters: string, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.writable) socket.write(letters[at % letters.length] ?? '');
    at += 1;
  }, everyMs);
  socket.once('close', () => clearInterval(timer));
}

const isAlive = async () => expect((await fetch(`${server.url}/health/live`)).status).toBe(200);

describe('a request that arrives slowly', () => {
  it('is cut with 408, and 120 of them at once as well, while others are served', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n';
    const startedAt = performance.now();
    const slow = Array.from({ length: 120 }, () => {
      const connection = open(server.url);
      connection.socket.write(head);
      trickle(connection, ' ', 200);
      return connection.answer;
    });
    await isAlive();
    const answers = await within(TIMEOUT_MS + LATE_MS, 'the end of 120 bodies', () => Promise.all(slow));
    expect(performance.now() - startedAt).toBeGreaterThan(TIMEOUT_MS);
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/u);
      expect(answer).toContain(`did not arrive within ${TIMEOUT_MS} ms`);
    }
    await isAlive();
  });

  it('is cut also before its headers are complete, and when it sends nothing', async () => {
    const [slow, silent] = [open(server.url), open(server.url)];
    trickle(slow, 'GET /graphql HTTP/1.1\r\n', 100);
    const answers = await within(TIMEOUT_MS + LATE_MS, 'the end', () => Promise.all([slow.answer, silent.answer]));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/u);
  });

  it('is cut also when its answer was sent long ago', async () => {
    const refused = open(server.url);
    refused.socket.write('POST /graphql HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 5000\r\n\r\n');
    trickle(refused, ' ', 100);
    const answer = await within(TIMEOUT_MS + LATE_MS, 'the end', () => refused.answer);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /u);
    const query = open(server.url);
    query.socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n');
    trickle(query, ' ', 100);
    expect(await within(TIMEOUT_MS + LATE_MS, 'the end', () => query.answer)).toMatch(/^HTTP\/1\.1 200 /u);
  });
});

describe('an upload', () => {
  const headers = 'Host: localhost\r\nX-Requested-With: x\r\nContent-Type: multipart/form-data; boundary=b\r\n';

  it('that is slower than the least rate is cut with 408, or closed once its operation has begun', async () => {
    const slow = open(server.url);
    slow.socket.write(`POST /graphql HTTP/1.1\r\n${headers}Content-Length: 100000\r\n\r\n`);
    trickle(slow, '-', 100);
    const answer = await within(TIMEOUT_MS + LATE_MS, 'the end', () => slow.answer);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/u);
    expect(answer).toContain(`slower than ${BYTES_PER_SECOND} bytes per second`);
  });

  it('that is faster may take longer than other requests', async () => {
    const file = await picture('#336699');
    const request = new Request(server.url, { method: 'POST', body: uploadForm(file) });
    const type = request.headers.get('content-type') ?? '';
    const body = Buffer.from(await request.arrayBuffer());
    const startedAt = performance.now();
    const sent = httpRequest(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...UPLOAD_HEADERS, 'content-type': type },
    });
    // A preamble, which parsers skip.
    for (let piece = 0; piece < 12; piece += 1) {
      sent.write(`${'x'.repeat(2_000)}\r\n`);
      await delay(200);
    }
    sent.end(body);
    const [response] = await once(sent, 'response');
    expect(JSON.parse(await text(response))).toMatchObject({
      data: { uploadImage: { __typename: 'UploadImageSuccess' } },
    });
    expect(performance.now() - startedAt).toBeGreaterThan(2 * TIMEOUT_MS);
  });
});

it('a client that takes nothing of its response is disconnected', async () => {
  const page = await (await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })).text();
  const [, path = ''] = /src="(graphiql\/graphiql-[^"]+)"/u.exec(page) ?? [];
  // The largest answer there is: several megabytes, when it is not compressed.
  const byteSize = (await (await fetch(`${server.url}/${path}`)).arrayBuffer()).byteLength;
  expect(byteSize).toBeGreaterThan(MOST_KERNEL_BYTES);
  const { socket } = open(server.url);
  socket.pause();
  socket.write(`GET /${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await delay(3_000);
  let received = 0;
  socket.on('data', ({ length }) => {
    received += length;
  });
  const closed = once(socket, 'close');
  socket.resume();
  await within(LATE_MS, 'the end', () => closed);
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(byteSize);
});

describe('connections', () => {
  it('of one address are limited, and a refused one learns why', async () => {
    await using few = await startServerHere({ env: { MAX_CONNECTIONS_PER_ADDRESS: '3' } });
    const held = [open(few.url), open(few.url), open(few.url)];
    await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
    const refused = open(few.url);
    refused.socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await within(LATE_MS, 'the end', () => refused.answer);
    expect(answer).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/u);
    expect(answer).toMatch(/\r\nRetry-After: \d+\r\n/u);
    expect(answer).toMatch(/Your address has 3 connections to this server already\. Close some first\.\n$/u);
    for (const { socket } of held) socket.destroy();
    await delay(100);
    expect((await fetch(`${few.url}/health/live`)).status).toBe(200);
  });

  it('are limited in all', async () => {
    await using few = await startServerHere({ env: { MAX_CONNECTIONS: '2' } });
    const held = [open(few.url), open(few.url)];
    await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
    const answer = await within(LATE_MS, 'the end', () => open(few.url).answer);
    expect(answer).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/u);
    for (const { socket } of held) socket.destroy();
  });

  it('of a trusted proxy are not limited; WebSockets and event streams are, by the address that it tells', async () => {
    await using behind = await startServerHere({
      env: {
        TRUST_PROXY: 'loopback',
        MAX_CONNECTIONS_PER_ADDRESS: '1',
        MAX_SOCKETS_PER_ADDRESS: '2',
        MAX_EVENT_STREAMS_PER_ADDRESS: '1',
      },
    });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const status = async (address: string): Promise<number | 'open'> => {
      const socket = new WebSocket(
        `${behind.url.replace('http', 'ws')}/graphql`,
        'graphql-transport-ws',
        from(address),
      );
      socket.on('error', () => undefined);
      return Promise.race([
        once(socket, 'open').then(() => 'open' as const),
        once(socket, 'unexpected-response').then(([, response]): number => response.statusCode),
      ]);
    };
    expect([await status('203.0.113.1'), await status('203.0.113.1'), await status('203.0.113.1')]).toEqual([
      'open',
      'open',
      429,
    ]);
    expect(await status('203.0.113.2')).toBe('open');
    // A client can send the header too: the proxy adds the address that it sees.
    expect(await status('198.51.100.1, 203.0.113.1')).toBe(429);
  });
});

it('event streams of one address are limited, and one that has ended makes room', async () => {
  await using few = await startServerHere({ env: { MAX_EVENT_STREAMS_PER_ADDRESS: '1' } });
  const watch = 'subscription { conversationEvents(conversationId: "x") { __typename } }';
  const statusOf = async (request: ReturnType<typeof postSse>) => {
    const [response] = await once(request, 'response');
    return response.statusCode;
  };
  // It ends at once: there is no such conversation.
  const [ended] = await once(postSse(few.url, watch, {}), 'response');
  ended.resume();
  await once(ended, 'close');
  const hanging = open(few.url);
  hanging.socket.write(
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: 500\r\n\r\n',
  );
  await delay(100);
  expect(await statusOf(postSse(few.url, watch, {}))).toBe(429);
  hanging.socket.destroy();
  await delay(100);
  expect(await statusOf(postSse(few.url, watch, {}))).toBe(200);
});
