/** Ctrl+C, or a supervisor's SIGTERM: how often the process was asked to stop. */

export interface StopRequests {
  /** Resolves when the process is asked to stop. */
  readonly first: Promise<void>;
  /** Resolves when it is asked again. */
  readonly second: Promise<void>;
}

/** From now on, the signals end the process no longer by themselves. */
export function stopRequests(): StopRequests {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let count = 0;
  const request = () => {
    count += 1;
    if (count === 1) first.resolve();
    else second.resolve();
  };
  process.on('SIGINT', request);
  process.on('SIGTERM', request);
  return { first: first.promise, second: second.promise };
}
