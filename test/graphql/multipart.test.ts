/** Multipart requests as they come over the wire: whole, wrong, foreign, endless and broken off. */
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countRows, eventually, picture, within } from '../api/steps.ts';
import { storedFiles } from '../storage/steps.ts';
import { execute, overWebSocket } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { UPLOAD_HEADERS, UploadImage, uploadPicture } from '../support/upload.ts';

const BOUNDARY = 'the-boundary';
const OPERATIONS = JSON.stringify({ query: String(UploadImage), variables: { file: null } });
const MAP = '{"0":["variables.file"]}';
const MEGABYTE = 1024 * 1024;

const png = await picture('#ff8800');

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** All that a refused request must leave as it was. */
async function state() {
  const files = await storedFiles(server.dataDir);
  const unfinished = await readdir(join(server.dataDir, 'blobs', 'tmp'));
  return { rows: countRows(server.dataDir), files: [...files.keys()].toSorted(), unfinished };
}

interface Part {
  readonly name: string;
  readonly content: string | Buffer;
  readonly filename?: string;
}

const operations = { name: 'operations', content: OPERATIONS };
const map = { name: 'map', content: MAP };
const file = (content: string | Buffer = png, name = '0'): Part => ({ name, content, filename: 'picture.png' });

function headOf({ name, filename }: Omit<Part, 'content'>): string {
  const rest = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: image/png`;
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`;
}

function bodyOf(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap((part) => [headOf(part), part.content, '\r\n']);
  return Buffer.concat([...pieces, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece)));
}

function open(headers: Readonly<Record<string, string | number>> = {}): ClientRequest {
  const type = `multipart/form-data; boundary=${BOUNDARY}`;
  const sent = request(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': type, ...UPLOAD_HEADERS, ...headers },
  });
  // Whoever is cut while sending hears of it more than once.
  return sent.on('error', () => undefined);
}

async function answerOf(sent: ClientRequest) {
  const [response]: IncomingMessage[] = await within(20_000, 'an answer', () => once(sent, 'response'));
  if (response === undefined) throw new Error('there was no answer');
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(await text(response)) };
}

async function post(parts: readonly Part[], headers?: Readonly<Record<string, string>>) {
  return answerOf(open(headers).end(bodyOf(parts)));
}

const beforeFile = Buffer.from(`${headOf(operations)}${OPERATIONS}\r\n${headOf(map)}${MAP}\r\n${headOf(file())}`);

describe('a multipart request by the specification', () => {
  it('uploads its file', async () => {
    const { status, body } = await post([operations, map, file()]);
    expect(status).toBe(200);
    expect(body.data.uploadImage).toMatchObject({ __typename: 'UploadImageSuccess', image: { format: 'PNG' } });
  });

  it('puts the file wherever the map says, in a list too', async () => {
    const query = 'query ($all: [UploadImageInput!]!) { __typename }';
    const nested = { name: 'operations', content: JSON.stringify({ query, variables: { all: [{ file: null }] } }) };
    const { body } = await post([nested, { name: 'map', content: '{"0":["variables.all.0.file"]}' }, file()]);
    // Nothing uses the variable, which GraphQL says of a request that it has understood.
    expect(body.errors[0].message).toContain('"$all" is never used');
  });

  it('may come byte by byte', async () => {
    const sent = open();
    sent.setNoDelay(true);
    for (const byte of bodyOf([operations, map, file()])) if (!sent.write(Buffer.of(byte))) await once(sent, 'drain');
    const { body } = await answerOf(sent.end());
    expect(body.data.uploadImage).toMatchObject({ __typename: 'UploadImageSuccess', image: { format: 'PNG' } });
  });
});

const NO_NULL = 'there must be a null in "operations"';
const WRONG: readonly (readonly [string, readonly Part[], string])[] = [
  ['nothing', [], 'has no file'],
  ['no operations', [map, file()], '"map" came first'],
  ['no map', [operations, file()], 'A file came first'],
  ['no file', [operations, map], 'has no file'],
  ['no file, as a form would be sent', [operations, map, { name: '0', content: 'text' }], 'has no file'],
  ['the file first', [file(), operations, map], 'A file came first'],
  ['operations twice', [operations, operations, map, file()], '"operations" came twice'],
  ['operations that are no JSON', [{ name: 'operations', content: '{' }, map, file()], 'must be JSON'],
  ['operations that are no object', [{ name: 'operations', content: '1' }, map, file()], 'must be a JSON object'],
  ['a batch', [{ name: 'operations', content: `[${OPERATIONS}]` }, map, file()], 'batches are not supported'],
  ['a map that is no JSON', [operations, { name: 'map', content: 'x' }, file()], 'must be JSON'],
  ['an empty map', [operations, { name: 'map', content: '{}' }], '"map" must name one file'],
  ['a map of a file in two places', [operations, { name: 'map', content: '{"0":["a","b"]}' }, file()], 'one place'],
  ['a map of two files', [operations, { name: 'map', content: '{"0":["a"],"1":["b"]}' }, file()], 'one file'],
  ['a map into nothing', [operations, { name: 'map', content: '{"0":["variables.x.y"]}' }, file()], NO_NULL],
  ['a map into the query', [operations, { name: 'map', content: '{"0":["query"]}' }, file()], NO_NULL],
  [
    'a map into a prototype',
    [operations, { name: 'map', content: '{"0":["variables.__proto__.x"]}' }, file()],
    NO_NULL,
  ],
  ['a file of another name', [operations, map, file(png, '1')], 'The file is named "1", in "map" "0"'],
];

describe('a wrong multipart request is refused, and stores nothing', () => {
  let before: object;
  beforeEach(async () => {
    before = await state();
  });

  it.each(WRONG)('400: %s', async (_, parts, right) => {
    const { status, body } = await post(parts);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.stringContaining(right), extensions: { code: 'BAD_REQUEST' } }] },
    });
    expect(await state()).toEqual(before);
  });

  it('400: no boundary', async () => {
    const { status, body } = await post([operations, map, file()], { 'content-type': 'multipart/form-data' });
    expect(status).toBe(400);
    expect(body.errors[0].message).toContain('cannot be read');
  });

  it('400: a body that ends before its file begins', async () => {
    const { status, body } = await answerOf(open().end(beforeFile.subarray(0, -120)));
    expect(status).toBe(400);
    expect(body.errors[0].message).toMatch(/cannot be read|has no file/u);
    expect(await state()).toEqual(before);
  });

  it('400: a body that ends within its file', async () => {
    const { status, body } = await answerOf(open().end(Buffer.concat([beforeFile, png.subarray(0, -50)])));
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { errors: [{ message: expect.stringContaining('cannot be read'), extensions: { code: 'BAD_REQUEST' } }] },
    });
    expect(await state()).toEqual(before);
  });

  it('however it breaks off while nobody reads its file', async () => {
    const query = '{ viewer { principal } }';
    const deaf = { name: 'operations', content: JSON.stringify({ query, variables: { file: null } }) };
    const body = bodyOf([deaf, map, file(Buffer.alloc(200_000))]);
    const { status } = await answerOf(open().end(body.subarray(0, -20)));
    expect(status).toBe(200);
    expect(await state()).toEqual(before);
  });

  it('413: fields that are too long', async () => {
    const long = { name: 'operations', content: ' '.repeat(MEGABYTE) + OPERATIONS };
    const { status, body } = await post([long, map, file()]);
    expect(status).toBe(413);
    expect(body.errors[0].extensions.code).toBe('REQUEST_ENTITY_TOO_LARGE');
    expect(await state()).toEqual(before);
  });

  it('by a page of a foreign origin, although a browser sends it without a preflight', async () => {
    const { status } = await post([operations, map, file()], { origin: 'https://evil.example' });
    expect(status).toBe(403);
    expect(await state()).toEqual(before);
  });

  it('by a mutation that GraphQL refuses', async () => {
    const unknown = { name: 'operations', content: '{"query":"mutation { nonsense }","variables":{"file":null}}' };
    const { body } = await post([unknown, map, file(Buffer.alloc(MEGABYTE))]);
    expect(body.errors[0].message).toContain('nonsense');
    expect(await state()).toEqual(before);
  });
});

describe('a file that cannot be sent otherwise', () => {
  it.each([null, 'picture.png', {}, { promise: {} }])('is not %j in a JSON request', async (value) => {
    const variables = { file: value } as unknown as { file: null };
    const { errors } = await execute(server.url, UploadImage, variables);
    expect(errors?.[0]?.message).toMatch(/multipart request|must not be null/u);
  });

  it('is not taken over a WebSocket', async () => {
    const variables = { file: 'picture.png' } as unknown as { file: null };
    const { value } = await overWebSocket(server.url, UploadImage, variables).next();
    expect(value?.errors?.[0]?.message).toContain('multipart request');
  });
});

it('an upload that its client breaks off leaves nothing behind, and the server goes on', async () => {
  const before = await state();
  const uploads = Array.from({ length: 8 }, () => {
    const sent = open({ 'content-length': 10 * MEGABYTE });
    sent.write(Buffer.concat([beforeFile, png, Buffer.alloc(MEGABYTE)]));
    return sent;
  });
  const tmp = join(server.dataDir, 'blobs', 'tmp');
  await eventually('eight files to be on their way', async () => (await readdir(tmp)).length === 8 || undefined);
  for (const sent of uploads) sent.destroy();
  await eventually('their traces to be gone', async () => (await readdir(tmp)).length === 0 || undefined);
  expect(await state()).toEqual(before);
  // Nothing of this is a fault of the server's.
  expect(server.output()).not.toContain('unexpected error');
  expect(await uploadPicture(server.url, png)).toMatchObject({ format: 'PNG' });
});

it('a client that is slow holds no memory: fifty that stand still cost no fifty files', async () => {
  const residentBytes = async () => {
    const status = await readFile(`/proc/${server.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]) * 1024;
  };
  const before = await residentBytes();
  const tmp = join(server.dataDir, 'blobs', 'tmp');
  const uploads = Array.from({ length: 50 }, () => {
    const sent = open({ 'content-length': 20 * MEGABYTE });
    sent.write(Buffer.concat([beforeFile, png, Buffer.alloc(8 * MEGABYTE)]));
    return sent;
  });
  await eventually('the bytes to be taken', async () => (await sizeOf(tmp)) > 50 * 8 * MEGABYTE || undefined);
  expect((await residentBytes()) - before).toBeLessThan(200 * MEGABYTE);
  for (const sent of uploads) sent.destroy();
  await eventually('their traces to be gone', async () => (await readdir(tmp)).length === 0 || undefined);
});

async function sizeOf(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory)) bytes += (await readFile(join(directory, name))).byteLength;
  return bytes;
}
