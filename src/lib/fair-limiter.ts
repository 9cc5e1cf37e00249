/**
 * Runs one piece of work at a time, in turns of the owners: one with a hundred pieces delays another's first by one piece
 * only. For decoding images that clients send: a single one can take all the memory that the image limits allow.
 */

/** Resolves or rejects as `work` does. */
export type FairLimiter = <T>(owner: string, work: () => Promise<T>) => Promise<T>;

export function createFairLimiter(): FairLimiter {
  /** What starts the waiting pieces, by owner. The owner whose turn it is comes first; one without a piece has no entry. */
  const waiting = new Map<string, (() => void)[]>();
  let isBusy = false;

  function turn(owner: string): Promise<void> | undefined {
    if (!isBusy) {
      isBusy = true;
      return undefined;
    }
    return new Promise((start) => {
      const own = waiting.get(owner);
      if (own === undefined) waiting.set(owner, [start]);
      else own.push(start);
    });
  }

  function next(): void {
    for (const [owner, [start, ...rest]] of waiting) {
      // The owner goes to the end of the line, or leaves it.
      waiting.delete(owner);
      if (rest.length > 0) waiting.set(owner, rest);
      start?.();
      return;
    }
    isBusy = false;
  }

  return async (owner, work) => {
    await turn(owner);
    try {
      return await work();
    } finally {
      next();
    }
  };
}
