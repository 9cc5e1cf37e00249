/**
 * A log as a subscriber sees it: everything behind a place, then what comes, until the log is closed. One loop for
 * replay and live (arm, read, yield, wait): reading first and arming afterwards would miss what came in between.
 * Promises 2 and 3 of PROTOCOL.md.
 */
import type { LogPage } from './log.ts';
import type { Wakeups } from './wakeup.ts';

export interface TailOptions<E> {
  readonly wakeups: Wakeups;
  /** What the log's writers wake. */
  readonly key: string;
  /** The place behind which to begin; 0 is the beginning. */
  readonly after: number;
  readonly read: (after: number) => Promise<LogPage<E>>;
  readonly placeOf: (event: E) => number;
  /** How long a lost wake-up can go unnoticed, in milliseconds. */
  readonly pollMs: number;
}

export function tail<E>(options: TailOptions<E>): AsyncGenerator<E, void, void> {
  const left = new AbortController();
  const events = follow(options, left.signal);
  // A generator's own return() waits for the pending next(), which may wait for hours: it has to be woken first.
  return {
    next: () => events.next(),
    return: () => {
      left.abort();
      return events.return();
    },
    throw: (error) => {
      left.abort();
      return events.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      left.abort();
      await events.return();
    },
  };
}

async function* follow<E>(options: TailOptions<E>, left: AbortSignal): AsyncGenerator<E, void, void> {
  const { wakeups, key, read, placeOf, pollMs } = options;
  const alarm = wakeups.alarm(key);
  let place = options.after;
  try {
    while (!left.aborted) {
      alarm.arm();
      const page = await read(place);
      for (const event of page.events) {
        if (left.aborted) return;
        place = placeOf(event);
        yield event;
      }
      if (page.closed) return;
      if (!page.more) await alarm.wait(pollMs, left);
    }
  } finally {
    alarm.close();
  }
}
