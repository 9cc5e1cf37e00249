/**
 * The order in which waiting work is begun: in turn between principals, and for each of them in the order of arrival.
 * A principal with a thousand calls delays another one's first call by one.
 */
import type { Work } from '../../work-queue.ts';

export class FairQueue {
  /** In the order of their turns; a principal with nothing waiting is not here. */
  readonly #turns = new Map<string, Work[]>();
  readonly #callIds = new Set<string>();

  enqueue(work: Work): void {
    this.#callIds.add(work.callId);
    const waiting = this.#turns.get(work.principal);
    if (waiting === undefined) this.#turns.set(work.principal, [work]);
    else waiting.push(work);
  }

  /** What is to be begun next; null when nothing waits. */
  first(): Work | null {
    for (const [work] of this.#turns.values()) return work ?? null;
    return null;
  }

  /** Takes away what is first. */
  dequeue(): void {
    for (const [principal, waiting] of this.#turns) {
      this.#callIds.delete(waiting.shift()?.callId ?? '');
      // To the end of the turns, or away.
      this.#turns.delete(principal);
      if (waiting.length > 0) this.#turns.set(principal, waiting);
      return;
    }
  }

  has(callId: string): boolean {
    return this.#callIds.has(callId);
  }

  remove(callId: string): void {
    if (!this.#callIds.delete(callId)) return;
    for (const [principal, waiting] of this.#turns) {
      const index = waiting.findIndex((work) => work.callId === callId);
      if (index === -1) continue;
      waiting.splice(index, 1);
      if (waiting.length === 0) this.#turns.delete(principal);
      return;
    }
  }

  clear(): void {
    this.#turns.clear();
    this.#callIds.clear();
  }

  /** How many will be begun before it, plus one; null when it does not wait. */
  position(callId: string): number | null {
    const turns = [...this.#turns.values()];
    const turn = turns.findIndex((waiting) => waiting.some((work) => work.callId === callId));
    const depth = turns[turn]?.findIndex((work) => work.callId === callId);
    if (depth === undefined) return null;
    // Whoever has the turn before it begins one more than it has before itself, if they have as many.
    const before = turns.map((waiting, index) => Math.min(waiting.length, index < turn ? depth + 1 : depth));
    return before.reduce((sum, count) => sum + count, 1);
  }
}
