/**
 * SIGINT (Ctrl+C) and SIGTERM as promises, so that a command can stop gracefully at the first and exit at the second.
 */

export interface ShutdownSignals {
  /** Resolves at the first signal. */
  readonly first: Promise<void>;
  /** Resolves at the second signal. */
  readonly second: Promise<void>;
}

/** Installs the handlers: from now on, the signals no longer end the process by themselves. */
export function shutdownSignals(): ShutdownSignals {
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
