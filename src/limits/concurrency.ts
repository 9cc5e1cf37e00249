/** How much each client may have open at once. What is counted lives in this process, and so do the counts. */
export class Concurrency {
  /** Null for no limit: nothing is counted then. */
  readonly max: number | null;
  readonly #open = new Map<string, number>();

  constructor(max: number | null) {
    this.max = max;
  }

  /** Counts one more if it may be open. Whatever entered must leave once. */
  enter(subject: string): boolean {
    if (this.max === null) return true;
    const open = this.inUse(subject);
    if (open >= this.max) return false;
    this.#open.set(subject, open + 1);
    return true;
  }

  leave(subject: string): void {
    if (this.max === null) return;
    const open = this.inUse(subject) - 1;
    if (open > 0) this.#open.set(subject, open);
    else this.#open.delete(subject);
  }

  inUse(subject: string): number {
    return this.#open.get(subject) ?? 0;
  }
}
