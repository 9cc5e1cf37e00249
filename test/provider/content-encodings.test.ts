/**
 * Answers that are compressed although the request forbids it. They are unpacked as they are read, within the same limits as
 * others; what cannot be unpacked is refused by its name.
 */
import { setTimeout as delay } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ImageProvider } from '../../src/provider/image-provider.ts';
import { type Json, type Reply, recordedEvents, sse, startScriptedUpstream } from '../support/scripted-upstream.ts';
import {
  collect,
  picture,
  pictureBytes,
  picturesOf,
  providerError,
  providerFor,
  REQUEST,
  type RunOptions,
  run,
  Sinks,
} from './run.ts';
import { imagesDocument } from './scripted-images.ts';

const PICTURE = pictureBytes('packed', 200_000);
const EVENTS = recordedEvents({ pictures: [{ bytes: PICTURE }] });
const STREAM = EVENTS.map(sse).join('');
const RESPONSE: Json = { ...(EVENTS.at(-1)?.['response'] as object) };
const DOCUMENT = JSON.stringify(imagesDocument([PICTURE]));
const IMAGES = { request: { api: 'IMAGES' } } as const satisfies RunOptions;

type Pack = (text: string | Buffer) => Buffer;
const asIs: Pack = (text) => Buffer.from(text);

const BROTLI_QUALITY = 4;
/** With its default quality, a text of 300 MB would take ten times as long. */
const brotli: Pack = (text) =>
  zlib.brotliCompressSync(text, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });

const ENCODINGS: Readonly<Record<string, Pack>> = {
  br: brotli,
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  zstd: zlib.zstdCompressSync,
  BR: brotli,
  GZip: zlib.gzipSync,
  'gzip, br': (text) => brotli(zlib.gzipSync(text)),
  'br ,  zstd,gzip': (text) => zlib.gzipSync(zlib.zstdCompressSync(brotli(text))),
  'identity, br': brotli,
  identity: asIs,
  none: asIs,
  '': asIs,
};
/** What some servers and proxies send under these labels. */
const MISLABELLED: readonly [string, string, Pack][] = [
  ['deflate', 'without the header of zlib', zlib.deflateRawSync],
  ['gzip', 'unpacked already', asIs],
  ['zstd', 'unpacked already', asIs],
  ['gzip', 'with zeros behind it', (text) => Buffer.concat([zlib.gzipSync(text), Buffer.alloc(8)])],
  [
    'gzip',
    'in two parts',
    (text) => Buffer.concat([zlib.gzipSync(text.slice(0, 999)), zlib.gzipSync(text.slice(999))]),
  ],
];

function packed(encoding: string, body: Buffer, rest: Reply = {}): Reply {
  return { ...rest, headers: { 'content-encoding': encoding, ...rest.headers }, writes: [body] };
}

describe.each([
  ...Object.entries(ENCODINGS).map(([name, pack]) => [name, 'as it should be', pack] as const),
  ...MISLABELLED,
])('an answer with the encoding “%s”, %s,', (encoding, _, pack) => {
  it('has its image, from both APIs', async () => {
    for (const [text, options] of [
      [STREAM, {}],
      [JSON.stringify(RESPONSE), {}],
      [DOCUMENT, IMAGES],
    ] as const) {
      const { events, error, requests, sinks } = await run(packed(encoding, pack(text)), options);
      expect(error).toBeNull();
      expect(picturesOf(events)).toEqual([{ type: 'image', image: 0, bytes: PICTURE }]);
      expect(requests[0]?.headers['accept-encoding']).toBe('identity');
      expect(sinks.open).toBe(0);
    }
  });

  it('is read by every other request', async () => {
    const error = JSON.stringify({ error: { code: 'invalid_prompt', message: 'no' } });
    const refused = await run(packed(encoding, pack(error), { status: 400 }));
    expect(providerError(refused).failure.message).toContain('rejected the prompt');
    const use = async <T>(text: string, ask: (provider: ImageProvider) => Promise<T>) => {
      const upstream = await startScriptedUpstream(() => packed(encoding, pack(text)));
      try {
        return await ask(providerFor(upstream.baseURL));
      } finally {
        await upstream.close();
      }
    };
    const reading = { signal: new AbortController().signal, openSink: new Sinks().openSink };
    const resumed = await use(STREAM, (provider) => collect(provider.resume('resp_1', null, reading, [])));
    expect(resumed.at(-1)).toMatchObject({ type: 'completed' });
    const retrieved = await use(JSON.stringify(RESPONSE), (provider) =>
      collect(provider.retrieve('resp_1', reading, [])),
    );
    expect(retrieved.map(({ type }) => type)).toEqual(['image', 'completed']);
    expect(await use('{"status":"cancelled"}', (provider) => provider.cancel('resp_1'))).toMatchObject({
      outcome: 'CANCELLED',
    });
    // Uploads go through fetch, which unpacks less. They buy nothing, and the bytes are sent another way.
    if (encoding === 'identity, br' || pack === asIs) return;
    const file = await use('{"id":"file_1"}', (provider) => provider.upload(picture(PICTURE), reading.signal));
    expect(file.fileId).toBe('file_1');
  });
});

const STREAMING = {
  br: () => zlib.createBrotliCompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
  gzip: () => zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
  zstd: () => zlib.createZstdCompress({ flush: zlib.constants.ZSTD_e_flush }),
};

describe.each(Object.entries(STREAMING))('%s', (encoding, createPacker) => {
  async function* pieces(texts: readonly string[]): AsyncGenerator<Buffer> {
    const packer = createPacker();
    for (const text of texts) {
      await new Promise<void>((resolve) => void packer.write(text, () => resolve()));
      for (let piece = packer.read(); piece !== null; piece = packer.read()) yield piece;
    }
  }

  it('gives each event when it comes', async () => {
    const headers = { 'content-encoding': encoding };
    const { events, error } = await run({ headers, writes: pieces(EVENTS.map(sse)), ending: 'hang' });
    expect(error).toBeNull();
    expect(picturesOf(events)).toHaveLength(1);
  });

  it('that breaks off gives what had come', async () => {
    const headers = { 'content-encoding': encoding };
    for (const ending of ['end', 'destroy'] as const) {
      const result = await run({ headers, writes: pieces(EVENTS.slice(0, -1).map(sse)), ending });
      expect(picturesOf(result.events)).toHaveLength(1);
      expect(providerError(result)).toMatchObject({ kind: 'LOST', responseId: 'resp_scripted' });
      expect(result.sinks.open).toBe(0);
    }
  });

  it('that is damaged is a lost answer', async () => {
    const body = Buffer.from(ENCODINGS[encoding]?.(STREAM) ?? '');
    body.fill(0xff, 20, 400);
    expect(providerError(await run(packed(encoding, body)))).toMatchObject({ kind: 'LOST' });
  });

  it('does not evade the limits, and does not fill the memory', async () => {
    const text = Buffer.alloc(300 * 1024 * 1024, 'A');
    text.write('data: {"prompt":"');
    const bomb = ENCODINGS[encoding]?.(text) ?? text;
    const before = process.memoryUsage().rss;
    const result = await run(packed(encoding, bomb), { provider: { maxLineBytes: 1024 * 1024 } });
    expect(providerError(result).failure.message).toContain('larger than 1048576 bytes');
    const failed = await run(packed(encoding, bomb, { status: 500 }));
    expect(providerError(failed).failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it('is read no faster than its pictures are stored', async () => {
    let most = 0;
    const sinks = new Sinks(true);
    let taken = 0;
    const openSink = () => {
      const sink = sinks.openSink();
      return {
        ...sink,
        write: async (chunk: Uint8Array) => {
          taken += chunk.byteLength;
          most = Math.max(most, chunk.byteLength);
          await sink.write(chunk);
        },
      };
    };
    const large = Buffer.alloc(20 * 1024 * 1024);
    const text = recordedEvents({ pictures: [{ bytes: large }] })
      .map(sse)
      .join('');
    const upstream = await startScriptedUpstream(() =>
      packed(encoding, ENCODINGS[encoding]?.(text) ?? Buffer.alloc(0)),
    );
    const provider = providerFor(upstream.baseURL);
    const events = await collect(provider.generate(REQUEST, { signal: new AbortController().signal, openSink }));
    await upstream.close();
    expect(picturesOf(events)[0]?.bytes.equals(large)).toBe(true);
    expect(taken).toBe(large.length);
    expect(most).toBeLessThanOrEqual(256 * 1024);
  });
});

describe('an encoding that is not known is refused by its name', () => {
  it.each(['compress', 'aws-chunked', 'gzip, lzma', 'constructor', 'br!'])('%s', async (encoding) => {
    const name = encoding.split(', ').at(-1);
    const result = await run(packed(encoding, Buffer.from(STREAM)));
    expect(providerError(result)).toMatchObject({ kind: 'LOST', failure: { code: 'OUTCOME_UNKNOWN' } });
    expect(providerError(result).failure.message).toContain(`content encoding “${name}” is not supported`);
    const refused = await run(packed(encoding, Buffer.from('{}'), { status: 429 }));
    expect(providerError(refused)).toMatchObject({ kind: 'NOTHING_BOUGHT', failure: { code: 'RATE_LIMITED' } });
    const upstream = await startScriptedUpstream(() => packed(encoding, Buffer.from('{}')));
    const provider = providerFor(upstream.baseURL);
    await expect(provider.cancel('resp_1')).rejects.toMatchObject({ failure: { code: 'OUTCOME_UNKNOWN' } });
    await upstream.close();
  });

  it('more layers than anybody needs are not unpacked', async () => {
    const encoding = Array.from({ length: 4 }, () => 'gzip').join(',');
    const result = await run(packed(encoding, zlib.gzipSync(STREAM)));
    expect(providerError(result).failure.message).toContain('compressed more than 3 times');
  });
});

it('a compressed answer that nobody reads on is hung up', async () => {
  const upstream = await startScriptedUpstream(() => ({
    headers: { 'content-encoding': 'gzip' },
    writes: [zlib.gzipSync(STREAM).subarray(0, 100)],
    ending: 'hang',
  }));
  const owner = new AbortController();
  const events = collect(
    providerFor(upstream.baseURL).generate(REQUEST, { signal: owner.signal, openSink: new Sinks().openSink }),
  );
  await delay(100);
  owner.abort(new Error('gone'));
  await expect(events).rejects.toThrow('gone');
  await upstream.requests[0]?.closed;
  await upstream.close();
});
