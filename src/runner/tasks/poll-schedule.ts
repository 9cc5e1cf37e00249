/** When to look at a response again. */
import type { Clock } from '../clock.ts';

/** The pause between two looks at the upstream: the first one, and the longest that it grows to. Milliseconds. */
export interface PollPauses {
  readonly first: number;
  readonly longest: number;
}

/** A later time is not waited for: the response may be ready long before, and there must be a look before the deadline. */
const MAX_ASKED_MS = 60 * 60 * 1000;

export class PollSchedule {
  readonly #pauses: PollPauses;
  readonly #clock: Pick<Clock, 'nowMs' | 'random'>;
  #pauseMs: number;

  constructor(pauses: PollPauses, clock: Pick<Clock, 'nowMs' | 'random'>) {
    this.#pauses = pauses;
    this.#clock = clock;
    this.#pauseMs = pauses.first;
  }

  /** The next pause is the first one again. */
  restart(): void {
    this.#pauseMs = this.#pauses.first;
  }

  /**
   * The pause until the next look, in milliseconds. Half of it is random: calls that a restart resumes together do not ask
   * together for hours.
   * @param retryAfter when the upstream wants to be asked again, RFC 3339; null where it does not say
   */
  next(retryAfter: string | null): number {
    const { nowMs, random } = this.#clock;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauses.longest, pauseMs * 2);
    const ownMs = pauseMs * (0.5 + random() / 2);
    const askedMs = retryAfter === null ? 0 : Math.min(MAX_ASKED_MS, Date.parse(retryAfter) - nowMs());
    return Math.max(ownMs, askedMs + (askedMs > 0 ? pauseMs * (random() / 4) : 0));
  }
}
