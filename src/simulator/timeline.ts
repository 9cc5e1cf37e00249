/** The simulated time of one image. Moments are fractions of its total duration. */
import { setTimeout as sleep } from 'node:timers/promises';

export class Timeline {
  readonly #startedAt = performance.now();
  readonly #durationMs: number;
  readonly #signal: AbortSignal;

  constructor(durationMs: number, signal: AbortSignal) {
    this.#durationMs = durationMs;
    this.#signal = signal;
  }

  /** Resolves at the moment, or at once if it has passed. Rejects when the work is aborted. */
  async until(fraction: number): Promise<void> {
    this.#signal.throwIfAborted();
    const left = this.#startedAt + fraction * this.#durationMs - performance.now();
    if (left > 0) await sleep(left, undefined, { signal: this.#signal });
  }

  /** Never resolves; rejects when the work is aborted. */
  forever(): Promise<never> {
    const { promise, reject } = Promise.withResolvers<never>();
    if (this.#signal.aborted) reject(this.#signal.reason);
    this.#signal.addEventListener('abort', () => reject(this.#signal.reason), { once: true });
    return promise;
  }
}

/** When partial images come, as fractions of the duration: evenly spaced, and late enough to show something. */
export function partialMoments(count: number): readonly number[] {
  if (count === 1) return [0.55];
  return Array.from({ length: count }, (_, index) => 0.4 + (0.45 * index) / (count - 1));
}
