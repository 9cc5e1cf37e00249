/**
 * One request to the upstream: sends it and records what the upstream tells until it has ended. When the connection is
 * lost and the upstream works in the background, the request is followed further: its stream is resumed, else the response
 * is polled, until the deadline (promise 5). A request with a completion window has no stream: it is polled for hours. Only
 * `create` asks the upstream to create anything.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Picture } from '../../domain/images/image.ts';
import {
  type ImageProvider,
  ProviderError,
  type ProviderRequest,
  type ProviderRun,
} from '../../provider/image-provider.ts';
import type { OpenSink } from '../options.ts';
import type { PollSchedule } from './poll-schedule.ts';
import type { EventRecorder } from './record-events.ts';

export interface FollowerOptions {
  readonly provider: ImageProvider;
  readonly recorder: EventRecorder;
  readonly openSink: OpenSink;
  /** Aborts with an InterruptedError. */
  readonly signal: AbortSignal;
  readonly background: boolean;
  /** Whether the request has a completion window. */
  readonly isDeferred: boolean;
  readonly schedule: PollSchedule;
  /** Is called with the first of several looks in a row that fail; the response is looked at again. */
  readonly onFailedLook: (error: ProviderError) => void;
}

/** How many resumed streams in a row may be lost without a new event before the response is polled instead. */
const MAX_FRUITLESS_RESUMES = 3;
/**
 * How many looks in a row may not find a response with a completion window before it counts as gone. The upstream has
 * hours for it, and a look that reaches another of its servers may find nothing for a moment.
 */
const MAX_MISSED_LOOKS = 3;

/** What a look at a response showed. */
type Look = { readonly hasEnded: true } | { readonly hasEnded: false; readonly retryAfter: string | null };

export class UpstreamFollower {
  readonly #options: FollowerOptions;
  readonly #run: ProviderRun<Picture | null>;
  /** When the upstream wants to be asked about a request with a completion window. */
  #retryAfter: string | null = null;
  #missedLooks = 0;
  #isLookFailing = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#run = { signal: options.signal, openSink: options.openSink };
  }

  /**
   * Sends the request and follows it to its end, or, with a completion window, until the upstream has it.
   * @param onSending is called right before the request is sent
   * @returns the id of a response that takes its time: `follow` it; null when the request has ended
   * @throws {ProviderError} it did not end well · {InterruptedError} · what recording throws
   */
  async create(request: ProviderRequest, onSending: () => void): Promise<string | null> {
    const { provider, recorder, background, isDeferred } = this.#options;
    try {
      for await (const event of provider.generate(request, { ...this.#run, beforeSend: onSending })) {
        if (event.type === 'running') {
          this.#retryAfter = event.retryAfter;
          return recorder.progress.responseId;
        }
        await recorder.record(event);
      }
      await this.#fetchMissing();
    } catch (error) {
      const { responseId } = recorder.progress;
      if (!background || responseId === null) throw error;
      const isLost = this.#isUnfinished(error, 'LOST');
      // A stream that breaks off does not mean that the response has ended.
      if (!isLost && !this.#isUnfinished(error, 'NOT_RESUMABLE')) throw error;
      if (isDeferred) return responseId;
      await this.follow(responseId, isLost ? 'STREAM' : 'POLL');
    }
    return null;
  }

  /**
   * Follows a request that another process, or a lost connection, has left. Throws as `create` does.
   * @param mode whether to resume its stream, or only to poll its response
   */
  async follow(responseId: string, mode: 'STREAM' | 'POLL' = 'STREAM'): Promise<void> {
    const { recorder, signal, isDeferred, schedule } = this.#options;
    const { progress } = recorder;
    let fruitless = 0;
    let isStreaming = mode === 'STREAM' && !isDeferred;
    if (isDeferred) await this.#wait(this.#retryAfter);
    for (;;) {
      let retryAfter: string | null = null;
      signal.throwIfAborted();
      if (isStreaming) {
        const before = progress.upstreamSequence;
        const end = await this.#readStream(responseId);
        if (end === 'ENDED') return this.#fetchMissing();
        fruitless = progress.upstreamSequence === before ? fruitless + 1 : 0;
        if (fruitless === 0) schedule.restart();
        isStreaming = end === 'LOST' && fruitless < MAX_FRUITLESS_RESUMES;
      } else {
        const look = await this.#poll(responseId);
        if (look.hasEnded) return;
        retryAfter = look.retryAfter;
      }
      await this.#wait(retryAfter);
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

  /** Looks at the response once. */
  async #poll(responseId: string): Promise<Look> {
    const { provider, recorder } = this.#options;
    try {
      for await (const event of provider.retrieve(responseId, this.#run, recorder.progress.knownPictures())) {
        this.#missedLooks = 0;
        this.#isLookFailing = false;
        if (event.type === 'running') return { hasEnded: false, retryAfter: event.retryAfter };
        await recorder.record(event);
      }
      return { hasEnded: true };
    } catch (error) {
      if (!(error instanceof ProviderError) || !(this.#isUnfinished(error, 'LOST') || this.#isMissed(error)))
        throw error;
      if (!this.#isLookFailing) this.#options.onFailedLook(error);
      this.#isLookFailing = true;
      return { hasEnded: false, retryAfter: error.failure.retryAfter };
    }
  }

  #isMissed(error: ProviderError): boolean {
    if (!this.#options.isDeferred || !this.#isUnfinished(error, 'GONE')) return false;
    this.#missedLooks += 1;
    return this.#missedLooks < MAX_MISSED_LOOKS;
  }

  /** A stream can end without the bytes of an image that was made; the response may still have them. */
  async #fetchMissing(): Promise<void> {
    const { responseId, imagesMissing } = this.#options.recorder.progress;
    if (imagesMissing && responseId !== null) await this.#poll(responseId);
  }

  async #wait(retryAfter: string | null): Promise<void> {
    const { signal, schedule } = this.#options;
    // The timer rejects with an error of its own: the signal's reason is thrown instead.
    await sleep(schedule.next(retryAfter), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }

  /** Whether to go on looking after this error. Once an image is stored, nobody has to wait for the rest. */
  #isUnfinished(error: unknown, kind: 'LOST' | 'NOT_RESUMABLE' | 'GONE'): boolean {
    const { images } = this.#options.recorder.progress;
    return error instanceof ProviderError && error.kind === kind && images.length === 0;
  }
}
