/**
 * What every driver of Notifier promises, as tests. A driver's own test file calls `describeNotifier` with the way to open
 * one. A notification may arrive a moment later, so the tests give it time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Notifier } from '../../src/events/notifier.ts';

const NEVER_MS = 3_600_000;
/** Long enough for a driver to deliver a notification. */
const A_WHILE_MS = 50;

/** Whether the promise settles within a while. */
async function settles(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), delay(A_WHILE_MS).then(() => false)]);
}

export function describeNotifier(
  name: string,
  open: (options: { readonly pollMs: number }) => Promise<Notifier>,
): void {
  describe(`a watch of ${name}`, () => {
    it('is notified when its key is notified, and for no other key', async () => {
      const notifier = await open({ pollMs: NEVER_MS });
      const watch = notifier.watch('a');
      watch.arm();
      const wait = watch.wait();
      notifier.notify('b');
      expect(await settles(wait)).toBe(false);
      notifier.notify('b', 'a');
      expect(await settles(wait)).toBe(true);
      watch.close();
    });

    it('does not miss what came between arm and wait, and forgets it when it is armed again', async () => {
      const notifier = await open({ pollMs: NEVER_MS });
      const watch = notifier.watch('a');
      watch.arm();
      notifier.notify('a');
      await delay(A_WHILE_MS);
      expect(await settles(watch.wait())).toBe(true);
      watch.arm();
      const wait = watch.wait();
      expect(await settles(wait)).toBe(false);
      watch.close();
      expect(await settles(wait)).toBe(true);
    });

    it('is notified from time to time, because a notification can be lost, and waits no more once it is closed', async () => {
      const notifier = await open({ pollMs: 5 });
      const [first, second, closed] = [notifier.watch('a'), notifier.watch('a'), notifier.watch('a')];
      closed.close();
      for (let round = 0; round < 2; round += 1) {
        first.arm();
        second.arm();
        await Promise.all([first.wait(), second.wait()]);
      }
      closed.arm();
      expect(await settles(closed.wait())).toBe(true);
      for (const watch of [first, second]) watch.close();
    });

    it('is notified together with all others of its key, and closing one leaves the others', async () => {
      const notifier = await open({ pollMs: NEVER_MS });
      const [first, second, third] = [notifier.watch('a'), notifier.watch('a'), notifier.watch('a')];
      for (const watch of [first, second, third]) watch.arm();
      const waits = [first.wait(), second.wait()];
      third.close();
      notifier.notify('a');
      expect(await Promise.all(waits.map(settles))).toEqual([true, true]);
      for (const watch of [first, second]) watch.close();
    });

    it('that was closed twice does not stop one that was opened later', async () => {
      const notifier = await open({ pollMs: NEVER_MS });
      const early = notifier.watch('a');
      early.close();
      const late = notifier.watch('a');
      early.close();
      late.arm();
      const wait = late.wait();
      notifier.notify('a');
      expect(await settles(wait)).toBe(true);
      late.close();
    });
  });
}
