/**
 * A caller that loses nothing: it stores each event with its upstreamSequence, and after a lost run or a crash it resumes
 * from what it stored and nothing else.
 */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import {
  type ImageProvider,
  type KnownImage,
  ProviderError,
  type ProviderEvent,
  type ProviderRequest,
  type RetrievedEvent,
} from '../../src/provider/image-provider.ts';
import { REQUEST, Sinks } from './run.ts';

type Told = ProviderEvent<Buffer> | RetrievedEvent<Buffer>;

export interface FollowOptions {
  readonly provider: ImageProvider;
  readonly request?: Partial<ProviderRequest>;
  /** After how many events the caller crashes in the first run, the second, …; later runs are read to their end. */
  readonly crashes?: readonly number[];
  /** The most runs (create, resumes, retrieves) of one response. */
  readonly maxReadings?: number;
  /** How long to wait before a running response is retrieved again. */
  readonly pollMs?: number;
}

export class Follower {
  responseId: string | null = null;
  sequence: number | null = null;
  readonly sinks = new Sinks();
  /** Every delivery of each picture, by its index. */
  readonly images = new Map<number, Buffer[]>();
  readonly partials = new Map<string, Buffer[]>();
  readonly known: KnownImage[] = [];
  completed: Extract<Told, { type: 'completed' }> | null = null;
  running = 0;
  readonly errors: ProviderError[] = [];
  #readings = 0;
  readonly #options: FollowOptions;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Creates a response, and resumes or retrieves it until it completes or nothing more can be done. */
  async run(): Promise<this> {
    const { provider, request, maxReadings = 12 } = this.#options;
    const run = { signal: new AbortController().signal, openSink: this.sinks.openSink };
    const asked = { ...REQUEST, background: true, ...request };
    let next: AsyncIterable<Told> = provider.generate(asked, run);
    while (this.#readings < maxReadings) {
      const error = await this.#read(next);
      if (this.completed !== null || this.responseId === null) return this;
      if (error !== null && error.kind !== 'LOST' && error.kind !== 'NOT_RESUMABLE') return this;
      if (error?.kind === 'NOT_RESUMABLE' || this.running > 0)
        next = provider.retrieve(this.responseId, run, this.known);
      else next = provider.resume(this.responseId, this.sequence, run, this.known);
      if (this.running > 0) await new Promise((resolve) => setTimeout(resolve, this.#options.pollMs ?? 5));
    }
    return this;
  }

  async #read(events: AsyncIterable<Told>): Promise<ProviderError | null> {
    const crashAfter = this.#options.crashes?.[this.#readings] ?? Number.POSITIVE_INFINITY;
    this.#readings += 1;
    let told = 0;
    try {
      if (crashAfter === 0) return null;
      for await (const event of events) {
        this.#store(event);
        told += 1;
        if (told >= crashAfter) return null;
      }
      return null;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.errors.push(error);
      // A caller that crashed before it stored `accepted` can still learn the id from the error.
      this.responseId ??= error.responseId;
      return error;
    }
  }

  #store(event: Told): void {
    if ('upstreamSequence' in event && event.upstreamSequence !== null) {
      expect(event.upstreamSequence).toBeGreaterThanOrEqual(this.sequence ?? 0);
      if (event.type === 'progress') expect(event.upstreamSequence).not.toBe(this.sequence);
      this.sequence = event.upstreamSequence;
    }
    if (event.type === 'accepted') this.responseId = event.responseId;
    if (event.type === 'completed') this.completed = event;
    if (event.type === 'running') this.running += 1;
    if (event.type === 'partial') {
      const key = `${event.imageIndex}/${event.partialIndex}`;
      this.partials.set(key, [...(this.partials.get(key) ?? []), event.picture]);
      this.#know({ itemId: event.itemId, imageIndex: event.imageIndex, stored: false });
    }
    if (event.type === 'image') {
      this.images.set(event.imageIndex, [...(this.images.get(event.imageIndex) ?? []), event.picture]);
      const sha256 = createHash('sha256').update(event.picture).digest('hex');
      this.#know({ itemId: event.itemId, imageIndex: event.imageIndex, stored: true, sha256 });
    }
  }

  #know(image: KnownImage): void {
    const at = this.known.findIndex(({ imageIndex }) => imageIndex === image.imageIndex);
    if (at === -1) this.known.push(image);
    else if (image.stored) this.known[at] = image;
  }
}
