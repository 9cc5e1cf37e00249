/** Which answers are compressed, for whom, and that compressed events arrive as they come. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptedEncoding } from '../../src/graphql/compression/accepted-encoding.ts';
import { generate, makeImage, within } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let callId: string;
beforeAll(async () => {
  app = await startTestApp({}, { SIMULATOR_DURATION_MS: '400' });
  ({ callId } = await makeImage(app.url, { prompt: 'a pear', options: { partialImages: 2 } }));
});
afterAll(() => app[Symbol.asyncDispose]());

interface Sent {
  readonly query?: string;
  readonly encodings?: string;
  readonly path?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LARGE = '{ __schema { types { name description } } }';

/** `fetch` would unpack the answer and hide what it was. */
async function post({ query = LARGE, encodings, path = '/graphql', url = app.url, headers = {} }: Sent) {
  const sent = request(`${url}${path}`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', ...(encodings && { 'accept-encoding': encodings }), ...headers },
  }).end(JSON.stringify({ query }));
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no response');
  return response;
}

async function bodyOf(response: IncomingMessage) {
  const bytes = await buffer(response);
  expect(response.headers['content-length']).toBe(String(bytes.length));
  return bytes;
}

const UNPACK = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync };
const ENCODINGS = Object.keys(UNPACK) as (keyof typeof UNPACK)[];

describe('the encoding of a body', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['identity', null],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'zstd'],
    ['zstd;q=0, *', 'br'],
    ['gzip;q=nonsense', null],
    ['br;q=0,gzip;q=0', null],
  ])('is what the client likes best, then what we do: %s', (header, expected) => {
    expect(acceptedEncoding(header, ['zstd', 'br', 'gzip'])).toBe(expected);
  });
});

// Over the short way, over Yoga's, and by a plugin that makes every request take Yoga's.
describe.each(['/graphql', '/graphql?long'])('an answer to %s', (path) => {
  it.each(ENCODINGS)('is the same, and less than a third, in %s', async (encodings) => {
    const plain = await post({ path });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const text = await bodyOf(plain);
    const response = await post({ path, encodings });
    expect(response.headers).toMatchObject({ 'content-encoding': encodings, vary: 'Origin, Accept-Encoding' });
    const packed = await bodyOf(response);
    expect(packed.length).toBeLessThan(text.length / 3);
    expect(UNPACK[encodings](packed).equals(text)).toBe(true);
  });

  it('says that it depends on the encodings, and on the origin that asks', async () => {
    for (const origin of [undefined, 'http://localhost:5173']) {
      const { headers } = await post({
        path,
        query: '{ __typename }',
        headers: origin === undefined ? {} : { origin },
      });
      expect(headers.vary).toBe('Origin, Accept-Encoding');
    }
  });

  it('is sent as it is when it fits into a packet', async () => {
    const response = await post({ path, query: '{ __typename }', encodings: 'gzip' });
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(JSON.parse((await bodyOf(response)).toString())).toEqual({ data: { __typename: 'Query' } });
  });

  it('is sent as it is when it holds images, which are compressed already', async () => {
    const response = await post({
      path,
      query: '{ images(first: 1) { edges { node { dataUri } } } }',
      encodings: 'gzip',
    });
    expect(response.headers['content-encoding']).toBeUndefined();
    expect((await bodyOf(response)).toString()).toContain('data:image/');
  });

  it('is sent as it is when it is the answer to a mutation, which may tell a key', async () => {
    const fields = Array.from(
      { length: 40 },
      (_, nth) => `a${nth}: cancelGeneration(input: { callId: "none" }) { __typename ... on Error { message } }`,
    );
    for (const [operation, encoding] of [
      [`mutation { ${fields.slice(0, 9).join(' ')} }`, undefined],
      [LARGE, 'gzip'],
    ] as const) {
      const response = await post({ path, query: operation, encodings: 'gzip' });
      expect(response.headers['content-encoding']).toBe(encoding);
      expect((await buffer(response)).length).toBeGreaterThan(1_024);
    }
  });
});

it('plugins see answers as they are', async () => {
  const seen: string[] = [];
  const plugin = {
    async onResponse({ response }: { response: Response }) {
      seen.push(await response.clone().text());
    },
  };
  await using other = await startTestApp({ plugins: [plugin] });
  const response = await post({ url: other.url, encodings: 'gzip' });
  expect(response.headers['content-encoding']).toBe('gzip');
  const text = gunzipSync(await bodyOf(response)).toString();
  expect(seen).toEqual([text]);
  expect(JSON.parse(text)).toHaveProperty('data');
});

describe('compressed events', () => {
  const SSE = { accept: 'text/event-stream' };
  const stream = { gzip: createGunzip, br: createBrotliDecompress };
  const names = Object.keys(stream) as (keyof typeof stream)[];
  const query = (id: string, selection: string) =>
    `subscription { generationEvents(callId: "${id}") { ${selection} } }`;

  it.each(names)('can be read when they come, in %s', async (encodings) => {
    const { id } = await generate(app.url, { prompt: 'a pear', options: { partialImages: 2 } });
    const response = await post({ query: query(id, 'sequence at'), encodings, headers: SSE });
    expect(response.headers['content-encoding']).toBe(encodings);
    const delays: number[] = [];
    await within(10_000, 'the end of the events', async () => {
      for await (const chunk of response.pipe(stream[encodings]())) {
        for (const [, at = ''] of String(chunk).matchAll(/"at":"([^"]+)"/gu)) delays.push(Date.now() - Date.parse(at));
      }
    });
    expect(delays).toHaveLength(6);
    // The call takes 400 ms: events that waited for its end would be late.
    expect(Math.min(...delays.slice(2))).toBeLessThan(100);
  });

  it('are a third of what they are as text', async () => {
    const size = async (encodings: string) =>
      (await buffer(await post({ query: query(callId, 'sequence at call { id status }'), encodings, headers: SSE })))
        .length;
    expect(await size('gzip')).toBeLessThan((await size('identity')) / 2);
  });

  it('are sent as they are when they hold pictures, which are compressed already', async () => {
    const selection = '... on PartialImageReceived { partial { dataUri } }';
    const response = await post({ query: query(callId, selection), encodings: 'gzip', headers: SSE });
    expect(response.headers['content-encoding']).not.toBe('gzip');
    expect((await buffer(response)).toString()).toContain('event: complete');
  });

  it('leave nothing behind when the client goes in the middle', async () => {
    for (let nth = 0; nth < 20; nth += 1) {
      const { id } = await generate(app.url, { prompt: 'a pear', options: { partialImages: 2 } });
      const response = await post({
        query: query(id, 'sequence'),
        encodings: nth % 2 === 0 ? 'gzip' : 'br',
        headers: SSE,
      });
      response.on('error', () => undefined);
      await once(response, 'data');
      response.destroy();
    }
    expect(app.log.filter((line) => !line.includes('client'))).toEqual([]);
  });
});
