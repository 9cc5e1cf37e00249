/** A log as a subscriber sees it: appends raced against reads in every order that a scheduler can think of. */
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInProcessNotifier } from '../../src/events/drivers/in-process/notifier.ts';
import type { LogPage } from '../../src/events/log.ts';
import type { Notifier } from '../../src/events/notifier.ts';
import { Tail } from '../../src/events/tail.ts';

const KEY = 'call';
/** So long that whoever depends on it does not come to an end. */
const NEVER_MS = 3_600_000;
const PAGE_SIZE = 3;

interface MemoryLog {
  readonly events: number[];
  append(): void;
  close(): void;
  read(after: number): LogPage<number>;
}

function createLog(notifier: Notifier): MemoryLog {
  const events: number[] = [];
  let closed = false;
  return {
    events,
    append() {
      events.push(events.length + 1);
      notifier.notify(KEY, 'its conversation');
    },
    close() {
      events.push(events.length + 1);
      closed = true;
      notifier.notify(KEY, 'its conversation');
    },
    read(after) {
      const page = events.slice(after, after + PAGE_SIZE);
      const atEnd = after + page.length >= events.length;
      return { events: page, closed: closed && atEnd, more: !atEnd };
    },
  };
}

/** Counts the watches that are open. */
function watched(notifier: Notifier): Notifier & { open: number } {
  const counting = {
    open: 0,
    notify: notifier.notify,
    watch(key: string) {
      const watch = notifier.watch(key);
      counting.open += 1;
      return {
        arm: () => watch.arm(),
        wait: () => watch.wait(),
        close() {
          counting.open -= 1;
          watch.close();
        },
      };
    },
  };
  return counting;
}

async function soon<T>(work: Promise<T>, what: string): Promise<T> {
  const timer = new AbortController();
  const late = delay(2_000, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`waited in vain for ${what}`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

describe('a tail', () => {
  it('promise 2: loses nothing and tells nothing twice, however reads and appends interleave', async () => {
    const appends = fc.integer({ min: 0, max: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        appends,
        fc.nat({ max: 3 }),
        fc.nat({ max: 3 }),
        async (s, count, before, after) => {
          const notifier = watched(createInProcessNotifier({ pollMs: NEVER_MS }));
          const log = createLog(notifier);
          for (let number = 0; number < before; number += 1) log.append();
          const steps = Array.from({ length: count }, () => async () => log.append());
          s.scheduleSequence([...steps, async () => log.close()]);
          const place = Math.min(after, before);
          const seen: number[] = [];
          const events = new Tail({
            notifier,
            key: KEY,
            after: place,
            // A page is true at one moment, begins before it and arrives behind it.
            read: async (behind) => {
              await s.schedule(Promise.resolve(), 'a read begins');
              const page = log.read(behind);
              await s.schedule(Promise.resolve(), 'a read arrives');
              return page;
            },
            placeOf: (event) => event,
          });
          const reading = (async () => {
            for await (const event of events) {
              seen.push(event);
              if (seen.length > 20) throw new Error(`told again and again: ${seen}`);
            }
          })();
          await soon(s.waitFor(reading), `the end of ${log.events}; seen: ${seen}`);
          expect(seen).toEqual(log.events.slice(place));
          expect(notifier.open).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('finds what a lost notification hid, at the next poll', async () => {
    const notifier = createInProcessNotifier({ pollMs: 10 });
    const log = createLog({ ...notifier, notify: () => undefined });
    const events = new Tail({
      notifier,
      key: KEY,
      after: 0,
      read: async (at) => log.read(at),
      placeOf: (at) => at,
    });
    const next = events.next();
    await delay(5);
    log.append();
    expect(await soon(next, 'the poll')).toEqual({ done: false, value: 1 });
    await events.return();
  });

  it('that is left while it waits ends at once and closes its watch', async () => {
    const notifier = watched(createInProcessNotifier({ pollMs: NEVER_MS }));
    const log = createLog(notifier);
    const events = new Tail({
      notifier,
      key: KEY,
      after: 0,
      read: async (at) => log.read(at),
      placeOf: (at) => at,
    });
    const next = events.next();
    await delay(5);
    expect(notifier.open).toBe(1);
    await soon(Promise.resolve(events.return()), 'return()');
    expect(await soon(next, 'the pending next()')).toEqual({ done: true, value: undefined });
    expect(notifier.open).toBe(0);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('that is left while it reads ends behind the read, without an event', async () => {
    const notifier = watched(createInProcessNotifier({ pollMs: NEVER_MS }));
    const { promise, resolve } = Promise.withResolvers<LogPage<number>>();
    const events = new Tail({ notifier, key: KEY, after: 0, read: () => promise, placeOf: (at) => at });
    const next = events.next();
    const returned = events.return();
    resolve({ events: [1, 2], closed: false, more: false });
    expect(await soon(next, 'the pending next()')).toEqual({ done: true, value: undefined });
    await soon(Promise.resolve(returned), 'return()');
    expect(notifier.open).toBe(0);
  });

  it('that is left before it began opens no watch', async () => {
    const notifier = watched(createInProcessNotifier({ pollMs: NEVER_MS }));
    const log = createLog(notifier);
    const events = new Tail({
      notifier,
      key: KEY,
      after: 0,
      read: async (at) => log.read(at),
      placeOf: (at) => at,
    });
    await events.return();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(notifier.open).toBe(0);
  });

  it('whose log cannot be read fails and closes its watch', async () => {
    const notifier = watched(createInProcessNotifier({ pollMs: NEVER_MS }));
    const read = () => Promise.reject(new Error('the disk is away'));
    const events = new Tail({ notifier, key: KEY, after: 0, read, placeOf: (at: number) => at });
    await expect(events.next()).rejects.toThrow('the disk is away');
    expect(notifier.open).toBe(0);
  });
});
