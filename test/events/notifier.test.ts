/** Hints that a log grew: what came in between `arm` and `wait` is not missed. */
import { describe, expect, it } from 'vitest';
import { createNotifier } from '../../src/events/notifier.ts';

const NEVER_MS = 3_600_000;

/** Whether the promise has settled once everything that could settle it at once has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  await new Promise<void>((resolve) => setImmediate(resolve));
  return settled;
}

describe('an alarm', () => {
  it('rings when its key is woken, and for no other key', async () => {
    const notifier = createNotifier({ pollMs: NEVER_MS });
    const alarm = notifier.alarm('a');
    alarm.arm();
    const wait = alarm.wait();
    notifier.wake('b');
    expect(await isSettled(wait)).toBe(false);
    notifier.wake('b', 'a');
    expect(await isSettled(wait)).toBe(true);
  });

  it('does not miss what came between arm and wait, and forgets it when it is armed again', async () => {
    const notifier = createNotifier({ pollMs: NEVER_MS });
    const alarm = notifier.alarm('a');
    alarm.arm();
    notifier.wake('a');
    expect(await isSettled(alarm.wait())).toBe(true);
    alarm.arm();
    const wait = alarm.wait();
    expect(await isSettled(wait)).toBe(false);
    alarm.close();
    expect(await isSettled(wait)).toBe(true);
  });

  it('rings from time to time for all who wait, as a wake-up can be lost, and for nobody who was closed', async () => {
    const notifier = createNotifier({ pollMs: 5 });
    const [first, second, closed] = [notifier.alarm('a'), notifier.alarm('a'), notifier.alarm('a')];
    closed.close();
    for (let round = 0; round < 2; round += 1) {
      first.arm();
      second.arm();
      await Promise.all([first.wait(), second.wait()]);
    }
    closed.arm();
    expect(await isSettled(closed.wait())).toBe(true);
  });

  it('rings for everybody who waits for the key, and closing one leaves the others', async () => {
    const notifier = createNotifier({ pollMs: NEVER_MS });
    const [first, second, third] = [notifier.alarm('a'), notifier.alarm('a'), notifier.alarm('a')];
    for (const alarm of [first, second, third]) alarm.arm();
    const waits = [first.wait(), second.wait()];
    third.close();
    notifier.wake('a');
    expect(await Promise.all(waits.map(isSettled))).toEqual([true, true]);
  });

  it('that was closed twice takes nothing from one that came later', async () => {
    const notifier = createNotifier({ pollMs: NEVER_MS });
    const early = notifier.alarm('a');
    early.close();
    const late = notifier.alarm('a');
    early.close();
    late.arm();
    const wait = late.wait();
    notifier.wake('a');
    expect(await isSettled(wait)).toBe(true);
  });
});
