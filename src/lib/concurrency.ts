/** How much each subject (a client, an address) may have open at once. What is counted lives in this process, and so do the counts. */
interface Count {
  open: number;
}

/** Counts of subjects with nothing open that are kept, at least. */
const MIN_KEPT = 1_000;

export class Concurrency {
  /** Null for no limit: nothing is counted then. */
  readonly max: number | null;
  /**
   * Also of subjects with nothing open: removing and adding an entry for each operation costs V8 a microsecond, because a
   * Map makes a new table every few times, and each refers to the next.
   */
  readonly #counts = new Map<string, Count>();
  #maxKept = MIN_KEPT;

  constructor(max: number | null) {
    this.max = max;
  }

  /** Counts one more if it may be open. Whatever entered must leave once. */
  enter(subject: string): boolean {
    if (this.max === null) return true;
    const count = this.#counts.get(subject) ?? this.#add(subject);
    if (count.open >= this.max) return false;
    count.open += 1;
    return true;
  }

  leave(subject: string): void {
    const count = this.#counts.get(subject);
    if (count !== undefined && count.open > 0) count.open -= 1;
  }

  inUse(subject: string): number {
    return this.#counts.get(subject)?.open ?? 0;
  }

  /** How many subjects are in memory. */
  get subjects(): number {
    return this.#counts.size;
  }

  #add(subject: string): Count {
    if (this.#counts.size >= this.#maxKept) this.#forgetIdle();
    const count = { open: 0 };
    this.#counts.set(subject, count);
    return count;
  }

  #forgetIdle(): void {
    for (const [subject, { open }] of this.#counts) if (open === 0) this.#counts.delete(subject);
    // Each look at all of them is paid for by as many new subjects.
    this.#maxKept = Math.max(MIN_KEPT, this.#counts.size * 2);
  }
}
