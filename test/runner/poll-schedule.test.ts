/** When the runner looks at a response again. */
import { describe, expect, it } from 'vitest';
import { PollSchedule } from '../../src/runner/tasks/poll-schedule.ts';

const NOW_MS = Date.parse('2026-11-28T12:00:00.000Z');
const PAUSES = { first: 15_000, longest: 300_000 };

const scheduleWith = (random: number) => new PollSchedule(PAUSES, { nowMs: () => NOW_MS, random: () => random });
const inSeconds = (seconds: number) => new Date(NOW_MS + seconds * 1000).toISOString();

describe('the schedule of looks', () => {
  it('begins with the first pause, doubles it each time and stays at the longest', () => {
    const schedule = scheduleWith(1);
    const pauses = Array.from({ length: 7 }, () => schedule.next(null) / 1000);
    expect(pauses).toEqual([15, 30, 60, 120, 240, 300, 300]);
  });

  it('leaves half of each pause to chance', () => {
    const schedule = scheduleWith(0);
    expect([schedule.next(null), schedule.next(null)]).toEqual([7_500, 15_000]);
  });

  it('waits as long as the upstream asks, and some of them longer', () => {
    expect(scheduleWith(0).next(inSeconds(90))).toBe(90_000);
    expect(scheduleWith(1).next(inSeconds(90))).toBe(90_000 + 15_000 / 4);
  });

  it('looks within an hour, however long the upstream asks it to wait', () => {
    expect(scheduleWith(0).next(inSeconds(7 * 86_400))).toBe(3_600_000);
  });

  it('is not hurried by the upstream', () => {
    expect(scheduleWith(1).next(inSeconds(1))).toBe(15_000);
    expect(scheduleWith(1).next(inSeconds(-60))).toBe(15_000);
  });

  it('begins again when there is something new', () => {
    const schedule = scheduleWith(1);
    schedule.next(null);
    schedule.next(null);
    schedule.restart();
    expect(schedule.next(null)).toBe(15_000);
  });
});
