/**
 * One attempt at a call: the upstream is asked, and what it tells is stored until it has ended. When the connection is
 * lost and the upstream goes on in the background, the attempt goes on too: resume its stream, else poll, until the
 * deadline (the strategies of promise 5). Nothing here asks the upstream to create a second time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Picture } from '../../domain/image.ts';
import {
  type ImageProvider,
  ProviderError,
  type ProviderRequest,
  type ProviderRun,
} from '../../provider/image-provider.ts';
import type { EventRecorder } from './record-events.ts';

/** Why an attempt is left before its end. */
export type Interruption =
  /** Somebody cancelled the call. */
  | 'CANCEL'
  /** The server stops, and another one can go on. */
  | 'RELEASE'
  /** The server stops, and nobody can go on. */
  | 'STOP'
  /** The call's time is over. */
  | 'DEADLINE';

export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly why: Interruption;

  constructor(why: Interruption) {
    super(`interrupted: ${why}`);
    this.why = why;
  }
}

export interface AttemptOptions {
  readonly provider: ImageProvider;
  readonly recorder: EventRecorder;
  readonly openSink: ProviderRun<Picture | null>['openSink'];
  /** Aborts with an InterruptedError. */
  readonly signal: AbortSignal;
  readonly background: boolean;
  /** The pauses between two looks at the upstream: the first one, and the longest that it grows to. Milliseconds. */
  readonly pauseMs: { readonly first: number; readonly longest: number };
}

export interface Attempt {
  /**
   * Asks the upstream and stays with it to the end.
   * @param asking is called right before the request is sent
   * @throws {ProviderError} when it did not end well · {InterruptedError} · whatever storing throws
   */
  begin(request: ProviderRequest, asking: () => void): Promise<void>;
  /** Goes on where an earlier process, or a lost connection, left it. Throws as `begin` does. */
  follow(responseId: string): Promise<void>;
}

/** So many losses in a row without anything new, and the stream is given up for polling. */
const FRUITLESS_RESUMES = 3;

export function createAttempt(options: AttemptOptions): Attempt {
  const { provider, recorder, openSink, signal, background, pauseMs } = options;
  const run: ProviderRun<Picture | null> = { signal, openSink };

  /** Whether to look for it again. Once the picture is stored nobody shall wait for the rest (bytes decide). */
  function isLost(error: unknown): boolean {
    return error instanceof ProviderError && error.kind === 'LOST' && recorder.images.length === 0;
  }

  /** Whether its stream tells nothing more, so that only a look at the response says how it stands. */
  function isUntold(error: unknown): boolean {
    return error instanceof ProviderError && error.kind === 'NOT_RESUMABLE' && recorder.images.length === 0;
  }

  /** Reads the stream on, to its end or until it is lost again; some responses have none to read. */
  async function resume(responseId: string): Promise<'ENDED' | 'LOST' | 'NO_STREAM'> {
    try {
      const events = provider.resume(responseId, recorder.upstreamSequence, run, recorder.known());
      for await (const event of events) await recorder.take(event);
      return 'ENDED';
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (isLost(error)) return 'LOST';
      if (error.kind === 'NOT_RESUMABLE') return 'NO_STREAM';
      throw error;
    }
  }

  /** Looks once; true when the response has ended. */
  async function poll(responseId: string): Promise<boolean> {
    try {
      for await (const event of provider.retrieve(responseId, run, recorder.known())) {
        if (event.type === 'running') return false;
        await recorder.take(event);
      }
      return true;
    } catch (error) {
      if (isLost(error)) return false;
      throw error;
    }
  }

  /** @param how whether its stream can be read on, or it can only be asked how it stands */
  async function follow(responseId: string, how: 'STREAM' | 'POLL' = 'STREAM'): Promise<void> {
    let fruitless = 0;
    let streaming = how === 'STREAM';
    for (let pause = pauseMs.first; ; pause = Math.min(pauseMs.longest, pause * 2)) {
      signal.throwIfAborted();
      if (streaming) {
        const before = recorder.upstreamSequence;
        const outcome = await resume(responseId);
        if (outcome === 'ENDED') return lookForMissing();
        fruitless = recorder.upstreamSequence === before ? fruitless + 1 : 0;
        if (fruitless === 0) pause = pauseMs.first;
        streaming = outcome === 'LOST' && fruitless < FRUITLESS_RESUMES;
      } else if (await poll(responseId)) {
        return;
      }
      await pauseFor(pause);
    }
  }

  /** A stream can end without the bytes of a picture that was made; a last look may find them. */
  async function lookForMissing(): Promise<void> {
    const { responseId, imagesMissing } = recorder;
    if (imagesMissing && responseId !== null) await poll(responseId);
  }

  async function pauseFor(ms: number): Promise<void> {
    // The timer's own rejection says nothing of the reason.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }

  return {
    async begin(request, beforeSend) {
      try {
        for await (const event of provider.generate(request, { ...run, beforeSend })) await recorder.take(event);
        await lookForMissing();
      } catch (error) {
        const { responseId } = recorder;
        if (!background || responseId === null) throw error;
        // A stream that breaks off with an error says nothing of the response, which may go on all the same.
        if (isLost(error)) await follow(responseId);
        else if (isUntold(error)) await follow(responseId, 'POLL');
        else throw error;
      }
    },
    follow: (responseId) => follow(responseId),
  };
}
