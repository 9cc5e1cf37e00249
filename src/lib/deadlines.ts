/**
 * Gives up what takes too long. One timer looks after everything that runs: a timer and a race of promises for each would
 * cost more than a small query.
 */

/** How much later than its time something may be given up, as a share of that time, and at most; milliseconds. */
const MAX_LATENESS_SHARE = 0.1;
const MAX_LATENESS_MS = 250;

interface Running {
  /** By the clock of `performance`. */
  readonly endsAtMs: number;
  readonly giveUp: () => void;
}

export class Deadlines {
  readonly #timeoutMs: number;
  /** In the order in which they end. */
  readonly #running = new Set<Running>();
  #timer: NodeJS.Timeout | null = null;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @param giveUp is called when time is up. @returns what is to be called when the work has ended before */
  begin(giveUp: () => void): () => void {
    const one = { endsAtMs: performance.now() + this.#timeoutMs, giveUp };
    this.#running.add(one);
    this.#timer ??= setInterval(
      () => this.#look(),
      Math.min(this.#timeoutMs * MAX_LATENESS_SHARE, MAX_LATENESS_MS),
    ).unref();
    return () => this.#running.delete(one);
  }

  #look(): void {
    const nowMs = performance.now();
    for (const one of this.#running) {
      if (one.endsAtMs > nowMs) break;
      this.#running.delete(one);
      one.giveUp();
    }
    if (this.#running.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
