/**
 * Reads an upstream stream to its end in one of several ways, in its own process, and returns the duration and the CPU
 * time. `plain` reads the body chunk by chunk and inspects nothing.
 */
import { createHash } from 'node:crypto';
import OpenAI from 'openai';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobStore } from '../../src/blobs/drivers/fs/blob-store.ts';
import { withRecentCache } from '../../src/blobs/recent-cache.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { PictureSink } from '../../src/provider/image-provider.ts';
import { createOpenAiProvider } from '../../src/provider/openai/openai-provider.ts';
import { nowMs } from '../harness/clock.ts';
import { serveCalls } from '../harness/serve-calls.ts';

export type ReadingWay = 'plain' | 'decoded' | 'stored' | 'sdk';

export interface Reading {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The number of decoded image bytes, or of body bytes if nothing is decoded. */
  readonly bytes: number;
}

let blobs: BlobStore | undefined;

async function readPlain(baseUrl: string, prompt: string): Promise<number> {
  const response = await fetch(`${baseUrl}/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'bench', stream: true, input: prompt }),
  });
  const reader = response.body?.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) return bytes;
    bytes += value.byteLength;
  }
}

/** Our own reader, from the request to the stored pictures: what src/runner uses. */
async function readOurs(baseUrl: string, prompt: string, openSink: () => PictureSink<number>): Promise<number> {
  const provider = createOpenAiProvider({
    apiKey: 'none',
    baseURL: baseUrl,
    model: 'bench',
    imageModel: null,
    idleTimeoutMs: 120_000,
    maxLineBytes: 64 * 1024 * 1024,
  });
  const request = {
    prompt,
    settings: NO_SETTINGS,
    action: 'AUTO',
    context: { route: 'NONE' },
    api: 'RESPONSES',
    verbatim: false,
    count: 1,
    mask: null,
    markup: null,
    safetyIdentifier: null,
    background: false,
    store: true,
    leftOut: [],
  } as const;
  let bytes = 0;
  for await (const event of provider.generate(request, { signal: new AbortController().signal, openSink })) {
    if (event.type === 'partial' || event.type === 'image') bytes += event.picture;
  }
  return bytes;
}

/** Counts and hashes bytes, and keeps nothing. */
function hashingSink(): PictureSink<number> {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    write(chunk) {
      hash.update(chunk);
      bytes += chunk.byteLength;
    },
    async finish() {
      hash.digest('hex');
      return bytes;
    },
    async discard() {},
  };
}

function storingSink(): PictureSink<number> {
  if (blobs === undefined) throw new Error('no folder was opened');
  const writer = blobs.openWriter();
  return {
    write: (chunk) => writer.write(chunk),
    finish: async (durability) => (await writer.finish(durability)).byteSize,
    discard: () => writer.discard(),
  };
}

/** The loop from the documentation of the SDK; the bytes are hashed like ours. */
async function readWithSdk(baseUrl: string, prompt: string): Promise<number> {
  const client = new OpenAI({ apiKey: 'none', baseURL: baseUrl, maxRetries: 0 });
  const stream = await client.responses.create({ model: 'bench', stream: true, input: prompt });
  let bytes = 0;
  for await (const event of stream) {
    const picture =
      event.type === 'response.image_generation_call.partial_image'
        ? event.partial_image_b64
        : event.type === 'response.output_item.done' && event.item.type === 'image_generation_call'
          ? event.item.result
          : null;
    if (picture === null) continue;
    const decoded = Buffer.from(picture, 'base64');
    createHash('sha256').update(decoded).digest('hex');
    bytes += decoded.length;
  }
  return bytes;
}

const WAYS: Readonly<Record<ReadingWay, (baseUrl: string, prompt: string) => Promise<number>>> = {
  plain: readPlain,
  decoded: (baseUrl, prompt) => readOurs(baseUrl, prompt, hashingSink),
  stored: (baseUrl, prompt) => readOurs(baseUrl, prompt, storingSink),
  sdk: readWithSdk,
};

const api = {
  /** @param directory the directory to store pictures in */
  async open(directory: string): Promise<void> {
    blobs = withRecentCache(await openFileBlobStore({ directory }));
  },
  async read(way: ReadingWay, baseUrl: string, prompt: string): Promise<Reading> {
    const cpu = process.cpuUsage();
    const begun = nowMs();
    const bytes = await WAYS[way](baseUrl, prompt);
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: nowMs() - begun, cpuMs: (user + system) / 1000, bytes };
  },
};

export type StreamReaderApi = typeof api;

serveCalls(api);
