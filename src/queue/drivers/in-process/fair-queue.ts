/**
 * Round robin between principals, first in first out for each of them. A principal with a thousand waiting calls delays
 * another principal's first call by one call only.
 */
import type { Work } from '../../work-queue.ts';

export class FairQueue {
  /** Waiting work by principal; the next principal is first. A principal with no waiting work has no entry. */
  readonly #byPrincipal = new Map<string, Work[]>();
  readonly #callIds = new Set<string>();

  enqueue(work: Work): void {
    this.#callIds.add(work.callId);
    const waiting = this.#byPrincipal.get(work.principal);
    if (waiting === undefined) this.#byPrincipal.set(work.principal, [work]);
    else waiting.push(work);
  }

  /** The work to start next; null when the queue is empty. */
  first(): Work | null {
    for (const [work] of this.#byPrincipal.values()) return work ?? null;
    return null;
  }

  /** Removes the first work. */
  dequeue(): void {
    for (const [principal, waiting] of this.#byPrincipal) {
      this.#callIds.delete(waiting.shift()?.callId ?? '');
      // The principal moves to the end, or goes when it has no more work.
      this.#byPrincipal.delete(principal);
      if (waiting.length > 0) this.#byPrincipal.set(principal, waiting);
      return;
    }
  }

  has(callId: string): boolean {
    return this.#callIds.has(callId);
  }

  remove(callId: string): void {
    if (!this.#callIds.delete(callId)) return;
    for (const [principal, waiting] of this.#byPrincipal) {
      const index = waiting.findIndex((work) => work.callId === callId);
      if (index === -1) continue;
      waiting.splice(index, 1);
      if (waiting.length === 0) this.#byPrincipal.delete(principal);
      return;
    }
  }

  clear(): void {
    this.#byPrincipal.clear();
    this.#callIds.clear();
  }

  /** The waiting calls of a principal, in their order. */
  waiting(principal: string): readonly string[] {
    return this.#byPrincipal.get(principal)?.map(({ callId }) => callId) ?? [];
  }

  /** Number of waiting calls of its principal that start before it, plus one; null when it is not waiting. */
  position(callId: string): number | null {
    if (!this.#callIds.has(callId)) return null;
    for (const waiting of this.#byPrincipal.values()) {
      const index = waiting.findIndex((work) => work.callId === callId);
      if (index !== -1) return index + 1;
    }
    return null;
  }
}
