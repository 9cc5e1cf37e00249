/**
 * The order in which waiting work is begun: in turn between principals, and for each of them in the order of arrival.
 * A principal with a thousand calls delays another one's first call by one. A queue class for p-queue.
 */
import type { Queue, QueueAddOptions } from 'p-queue';

export interface FairOptions extends QueueAddOptions {
  /** Whose turn it takes. */
  readonly principal?: string;
}

type Run = () => Promise<unknown>;

interface Waiting {
  readonly id: string;
  readonly run: Run;
}

export class FairQueue implements Queue<Run, FairOptions> {
  /** In the order of their turns; a principal with nothing waiting is not here. */
  readonly #turns = new Map<string, Waiting[]>();

  get size(): number {
    let size = 0;
    for (const waiting of this.#turns.values()) size += waiting.length;
    return size;
  }

  enqueue(run: Run, { id = '', principal = '' }: FairOptions = {}): void {
    const waiting = this.#turns.get(principal);
    if (waiting === undefined) this.#turns.set(principal, [{ id, run }]);
    else waiting.push({ id, run });
  }

  dequeue(): Run | undefined {
    for (const [principal, waiting] of this.#turns) {
      const next = waiting.shift();
      // To the end of the turns, or away.
      this.#turns.delete(principal);
      if (waiting.length > 0) this.#turns.set(principal, waiting);
      if (next !== undefined) return next.run;
    }
    return undefined;
  }

  remove(id: string): void {
    for (const [principal, waiting] of this.#turns) {
      const index = waiting.findIndex((work) => work.id === id);
      if (index === -1) continue;
      waiting.splice(index, 1);
      if (waiting.length === 0) this.#turns.delete(principal);
      return;
    }
  }

  /** How many will be begun before it, plus one; null when it does not wait. */
  position(id: string): number | null {
    const turns = [...this.#turns.values()];
    const turn = turns.findIndex((waiting) => waiting.some((work) => work.id === id));
    const depth = turns[turn]?.findIndex((work) => work.id === id);
    if (depth === undefined) return null;
    // Whoever has the turn before it begins one more than it has before itself, if they have as many.
    const before = turns.map((waiting, index) => Math.min(waiting.length, index < turn ? depth + 1 : depth));
    return before.reduce((sum, count) => sum + count, 1);
  }

  /** All that wait; priorities, which p-queue could ask for, do not exist here. */
  filter(): Run[] {
    return [...this.#turns.values()].flat().map(({ run }) => run);
  }

  setPriority(): void {
    throw new Error('A fair queue has no priorities.');
  }
}
