/**
 * The place of a call among those that run at once (`CONCURRENCY`). A call leaves it once the upstream has all of its
 * requests and takes hours for them: from then on there is nothing to do but to look from time to time
 * (docs/decisions/2026-11-28-completion-windows.md).
 */
export class Slot {
  readonly #left = Promise.withResolvers<void>();
  #isHeld: boolean;
  #isLeft = false;

  /** @param isHeld false for a recovered call, which starts without a slot */
  constructor(isHeld: boolean) {
    this.#isHeld = isHeld;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** Resolves when the call leaves its slot before its end. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  leave(): void {
    this.#isHeld = false;
    this.#isLeft = true;
    this.#left.resolve();
  }
}

/** The tasks of an attempt that keep the call in its slot. */
export class SlotTasks {
  readonly #slot: Slot;
  readonly #active: Set<number>;
  #anyWaits = false;

  constructor(slot: Slot, tasks: readonly number[]) {
    this.#slot = slot;
    this.#active = new Set(tasks);
  }

  /** The upstream has the request of the task, and takes its time. */
  waits(task: number): void {
    this.#anyWaits = true;
    this.ended(task);
  }

  ended(task: number): void {
    this.#active.delete(task);
    if (this.#anyWaits && this.#active.size === 0) this.#slot.leave();
  }
}
