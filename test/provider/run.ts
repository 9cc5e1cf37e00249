/** Shared by the provider's tests: a provider for a scripted upstream, counted sinks, and a complete run. */
import { createHash } from 'node:crypto';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import {
  type InputImage,
  type PictureSink,
  ProviderError,
  type ProviderEvent,
  type ProviderRequest,
} from '../../src/provider/image-provider.ts';
import { createOpenAiProvider, type OpenAiProviderOptions } from '../../src/provider/openai/openai-provider.ts';
import { type RecordedRequest, type Reply, startScriptedUpstream } from '../support/scripted-upstream.ts';

export const REQUEST: ProviderRequest = {
  api: 'RESPONSES',
  prompt: 'A cat in ink',
  verbatim: false,
  count: 1,
  settings: NO_SETTINGS,
  action: 'AUTO',
  context: { route: 'NONE' },
  mask: null,
  markup: null,
  safetyIdentifier: null,
  background: false,
  store: true,
  leftOut: [],
};

/** Sinks that keep bytes in memory and count how many are open, finished or discarded. */
export class Sinks {
  opened = 0;
  finished = 0;
  discarded = 0;
  readonly #delayed: boolean;

  constructor(delayed = false) {
    this.#delayed = delayed;
  }

  get open(): number {
    return this.opened - this.finished - this.discarded;
  }

  readonly openSink = (): PictureSink<Buffer> => {
    this.opened += 1;
    const chunks: Buffer[] = [];
    let sha256: string | null = null;
    let state: 'open' | 'ended' = 'open';
    let writing = false;
    return {
      get sha256() {
        return sha256;
      },
      write: async (chunk) => {
        if (state !== 'open' || writing) throw new Error('written to at the wrong time');
        writing = true;
        if (this.#delayed) await new Promise((resolve) => setImmediate(resolve));
        writing = false;
        chunks.push(Buffer.from(chunk));
      },
      finish: async () => {
        if (state !== 'open') throw new Error('finished twice');
        state = 'ended';
        this.finished += 1;
        const bytes = Buffer.concat(chunks);
        sha256 = createHash('sha256').update(bytes).digest('hex');
        return bytes;
      },
      discard: async () => {
        if (state === 'open') this.discarded += 1;
        state = 'ended';
      },
    };
  };
}

export interface RunResult {
  /** Without `progress` events. */
  readonly events: ProviderEvent<Buffer>[];
  readonly error: unknown;
  readonly sinks: Sinks;
  readonly requests: readonly RecordedRequest[];
}

export interface RunOptions {
  readonly request?: Partial<ProviderRequest>;
  readonly provider?: Partial<OpenAiProviderOptions>;
  readonly signal?: AbortSignal;
  readonly sinks?: Sinks;
  readonly beforeSend?: () => void;
  /** Called with each event; returning `stop` leaves the loop. */
  readonly onEvent?: (event: ProviderEvent<Buffer>) => 'stop' | undefined;
}

export function providerFor(baseURL: string, options: Partial<OpenAiProviderOptions> = {}) {
  return createOpenAiProvider({
    apiKey: 'sk-test',
    baseURL,
    model: 'gpt-5.6',
    imageModel: null,
    idleTimeoutMs: 5_000,
    maxLineBytes: 64 * 1024 * 1024,
    ...options,
  });
}

/** One complete run against a server that answers every request with `reply`. */
export async function run(reply: Reply | (() => Reply), options: RunOptions = {}): Promise<RunResult> {
  const upstream = await startScriptedUpstream(() => (typeof reply === 'function' ? reply() : reply));
  const sinks = options.sinks ?? new Sinks();
  const events: ProviderEvent<Buffer>[] = [];
  let error: unknown = null;
  try {
    const provider = providerFor(upstream.baseURL, options.provider);
    const signal = options.signal ?? new AbortController().signal;
    const request = { ...REQUEST, ...options.request };
    const { beforeSend = () => undefined } = options;
    for await (const event of provider.generate(request, { signal, openSink: sinks.openSink, beforeSend })) {
      if (event.type !== 'progress') events.push(event);
      if (options.onEvent?.(event) === 'stop') break;
    }
  } catch (caught) {
    error = caught;
  } finally {
    await upstream.close();
  }
  return { events, error, sinks, requests: upstream.requests };
}

/** The ProviderError of a run. Fails if the run had none. */
export function providerError(result: Pick<RunResult, 'error'>): ProviderError {
  if (result.error instanceof ProviderError) return result.error;
  throw new Error('the run did not end with a ProviderError', { cause: result.error });
}

/** All events until the end. Rejects with the error of the run. */
export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Arbitrary bytes, always the same for the same name. */
export function pictureBytes(name: string, byteLength = 3_000): Buffer {
  const block = createHash('sha512').update(name).digest();
  return Buffer.concat(Array.from({ length: Math.ceil(byteLength / 64) }, () => block)).subarray(0, byteLength);
}

/** A source image; with a file id it was uploaded before. */
export function picture(bytes: Uint8Array, fileId: string | null = null, mediaType = 'image/png'): InputImage {
  return { fileId, read: async () => ({ bytes, mediaType }) };
}

interface TakenPicture {
  readonly type: 'partial' | 'image';
  readonly image: number;
  readonly partial?: number;
  readonly bytes: Buffer;
}

/** The pictures of a run in short: kind, index and bytes. */
export function picturesOf(events: readonly ProviderEvent<Buffer>[]): TakenPicture[] {
  return events.flatMap((event): TakenPicture[] => {
    if (event.type === 'image') return [{ type: 'image', image: event.imageIndex, bytes: event.picture }];
    if (event.type !== 'partial') return [];
    return [{ type: 'partial', image: event.imageIndex, partial: event.partialIndex, bytes: event.picture }];
  });
}
