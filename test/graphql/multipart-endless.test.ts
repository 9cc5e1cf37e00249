/** Uploads that go on and on, by a client that sends whatever it is told: they are answered, and then cut. */
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countRows, picture, within } from '../api/steps.ts';
import { storedFiles } from '../storage/steps.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { UploadImage } from '../support/upload.ts';

const OPERATIONS = JSON.stringify({ query: String(UploadImage), variables: { file: null } });
const PART = '--b\r\nContent-Disposition: form-data; name=';
const BEFORE_FILE =
  `${PART}"operations"\r\n\r\n${OPERATIONS}\r\n${PART}"map"\r\n\r\n{"0":["variables.file"]}\r\n` +
  `${PART}"0"; filename="picture.png"\r\n\r\n`;
const CHUNK = Buffer.alloc(64 * 1024, 0x20);
const MAX_UPLOAD_BYTES = 20_000_000;

let server: TestServer;
let before: object;
beforeAll(async () => {
  server = await startServer({ env: { MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES) } });
  before = await state();
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function state() {
  const files = await storedFiles(server.dataDir);
  return {
    rows: countRows(server.dataDir),
    files: [...files.keys()],
    unfinished: await readdir(join(server.dataDir, 'blobs', 'tmp')),
  };
}

const frame = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** Sends `beginning`, then `rest` as often as it is taken, until the server cuts; what it had answered by then. */
async function send(length: string, beginning: Buffer, rest: Buffer) {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
  // An error closes the socket too: the server cuts while this end is still writing.
  const closed = once(socket, 'close').catch(() => undefined);
  let answer = '';
  let sentBytes = 0;
  let answeredAfterBytes = 0;
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
    answeredAfterBytes ||= sentBytes;
  });
  socket.write(`POST /graphql HTTP/1.1\r\nHost: localhost\r\n${length}\r\n`);
  socket.write('Apollo-Require-Preflight: true\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n');
  socket.write(beginning);
  await within(15_000, 'the cut', async () => {
    while (!socket.closed) {
      sentBytes += rest.byteLength;
      if (!socket.write(rest)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
      await sleep(0);
    }
  });
  return { answer, answeredAfterBytes };
}

const CHUNKED = 'Transfer-Encoding: chunked';

it('what is no picture from its first byte on is answered at once', async () => {
  const { answer, answeredAfterBytes } = await send(CHUNKED, frame(Buffer.from(BEFORE_FILE)), frame(CHUNK));
  expect(answer).toContain('is not a PNG');
  expect(answeredAfterBytes).toBeLessThan(MAX_UPLOAD_BYTES / 2);
  expect(await state()).toEqual(before);
});

it('a file that is longer than allowed is answered at the limit', async () => {
  const beginning = Buffer.concat([Buffer.from(BEFORE_FILE), await picture('#ff8800')]);
  const { answer, answeredAfterBytes } = await send(CHUNKED, frame(beginning), frame(CHUNK));
  expect(answer).toContain(`at most ${MAX_UPLOAD_BYTES} bytes`);
  // The kernel's buffers hold some of what was sent.
  expect(answeredAfterBytes).toBeGreaterThan(MAX_UPLOAD_BYTES - 1_000_000);
  expect(answeredAfterBytes).toBeLessThan(MAX_UPLOAD_BYTES * 2);
  expect(await state()).toEqual(before);
});

it('a body that never comes to a file is answered with 413', async () => {
  const { answer } = await send(CHUNKED, frame(Buffer.from(PART)), frame(CHUNK));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /u);
  expect(answer).toContain('bytes came before the file');
});

it('a body that says it is too long is answered before it comes', async () => {
  const beginning = Buffer.concat([Buffer.from(BEFORE_FILE), await picture('#ff8800')]);
  const { answer, answeredAfterBytes } = await send(`Content-Length: ${10 ** 12}`, beginning, CHUNK.subarray(0, 1));
  expect(answer).toContain(`at most ${MAX_UPLOAD_BYTES} bytes`);
  expect(answeredAfterBytes).toBeLessThan(100_000);
  expect(await state()).toEqual(before);
});
