/**
 * One request to the upstream: sends it and records what the upstream tells until it has ended. When the connection is
 * lost and the upstream works in the background, the request is followed further: its stream is resumed, else the response
 * is polled, until the deadline (promise 5). Only `create` asks the upstream to create anything.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Picture } from '../../domain/image.ts';
import {
  type ImageProvider,
  ProviderError,
  type ProviderRequest,
  type ProviderRun,
} from '../../provider/image-provider.ts';
import type { OpenSink } from '../options.ts';
import type { EventRecorder } from './record-events.ts';

/** The pause between two looks at the upstream: the first one, and the longest that it grows to. Milliseconds. */
export interface PollPauses {
  readonly first: number;
  readonly longest: number;
}

export interface FollowerOptions {
  readonly provider: ImageProvider;
  readonly recorder: EventRecorder;
  readonly openSink: OpenSink;
  /** Aborts with an InterruptedError. */
  readonly signal: AbortSignal;
  readonly background: boolean;
  readonly pollPauseMs: PollPauses;
}

/** How many resumed streams in a row may be lost without a new event before the response is polled instead. */
const MAX_FRUITLESS_RESUMES = 3;

export class UpstreamFollower {
  readonly #options: FollowerOptions;
  readonly #run: ProviderRun<Picture | null>;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#run = { signal: options.signal, openSink: options.openSink };
  }

  /**
   * Sends the request and follows it to its end.
   * @param onSending is called right before the request is sent
   * @throws {ProviderError} it did not end well · {InterruptedError} · what recording throws
   */
  async create(request: ProviderRequest, onSending: () => void): Promise<void> {
    const { provider, recorder, background } = this.#options;
    try {
      const events = provider.generate(request, { ...this.#run, beforeSend: onSending });
      for await (const event of events) await recorder.record(event);
      await this.#fetchMissing();
    } catch (error) {
      const { responseId } = recorder.progress;
      if (!background || responseId === null) throw error;
      // A stream that breaks off does not mean that the response has ended.
      if (this.#isUnfinished(error, 'LOST')) await this.follow(responseId);
      else if (this.#isUnfinished(error, 'NOT_RESUMABLE')) await this.follow(responseId, 'POLL');
      else throw error;
    }
  }

  /**
   * Follows a request that another process, or a lost connection, has left. Throws as `create` does.
   * @param mode whether to resume its stream, or only to poll its response
   */
  async follow(responseId: string, mode: 'STREAM' | 'POLL' = 'STREAM'): Promise<void> {
    const { recorder, signal, pollPauseMs } = this.#options;
    const { progress } = recorder;
    let fruitless = 0;
    let isStreaming = mode === 'STREAM';
    for (let pause = pollPauseMs.first; ; pause = Math.min(pollPauseMs.longest, pause * 2)) {
      signal.throwIfAborted();
      if (isStreaming) {
        const before = progress.upstreamSequence;
        const end = await this.#readStream(responseId);
        if (end === 'ENDED') return this.#fetchMissing();
        fruitless = progress.upstreamSequence === before ? fruitless + 1 : 0;
        if (fruitless === 0) pause = pollPauseMs.first;
        isStreaming = end === 'LOST' && fruitless < MAX_FRUITLESS_RESUMES;
      } else if (await this.#poll(responseId)) {
        return;
      }
      await this.#wait(pause);
    }
  }

  /** Resumes the stream and reads it until it ends or is lost again; some responses have none. */
  async #readStream(responseId: string): Promise<'ENDED' | 'LOST' | 'NO_STREAM'> {
    const { provider, recorder } = this.#options;
    const { progress } = recorder;
    try {
      const events = provider.resume(responseId, progress.upstreamSequence, this.#run, progress.knownPictures());
      for await (const event of events) await recorder.record(event);
      return 'ENDED';
    } catch (error) {
      if (this.#isUnfinished(error, 'LOST')) return 'LOST';
      if (error instanceof ProviderError && error.kind === 'NOT_RESUMABLE') return 'NO_STREAM';
      throw error;
    }
  }

  /** Looks at the response once; true when it has ended. */
  async #poll(responseId: string): Promise<boolean> {
    const { provider, recorder } = this.#options;
    try {
      for await (const event of provider.retrieve(responseId, this.#run, recorder.progress.knownPictures())) {
        if (event.type === 'running') return false;
        await recorder.record(event);
      }
      return true;
    } catch (error) {
      if (this.#isUnfinished(error, 'LOST')) return false;
      throw error;
    }
  }

  /** A stream can end without the bytes of an image that was made; the response may still have them. */
  async #fetchMissing(): Promise<void> {
    const { responseId, imagesMissing } = this.#options.recorder.progress;
    if (imagesMissing && responseId !== null) await this.#poll(responseId);
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#options;
    // The timer rejects with an error of its own: the signal's reason is thrown instead.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }

  /** Whether to go on looking after this error. Once an image is stored, nobody has to wait for the rest. */
  #isUnfinished(error: unknown, kind: 'LOST' | 'NOT_RESUMABLE'): boolean {
    const { images } = this.#options.recorder.progress;
    return error instanceof ProviderError && error.kind === kind && images.length === 0;
  }
}
