/** The time limit of a call, with and without a completion window. */
import { describe, expect, it } from 'vitest';
import type { CompletionWindow } from '../../src/domain/generation/options.ts';
import { createCallDeadline } from '../../src/runner/endings/deadline.ts';

const NOW_MS = Date.parse('2026-11-28T12:00:00.000Z');
const MINUTE_MS = 60_000;
const LIMIT_MS = 15 * MINUTE_MS;
const deadline = createCallDeadline(LIMIT_MS, { nowMs: () => NOW_MS });

function callWith(completionWindow: CompletionWindow | null, startedMinutesAgo: number | null) {
  const startedMs = startedMinutesAgo === null ? null : NOW_MS - startedMinutesAgo * MINUTE_MS;
  return {
    request: { settings: { completionWindow } },
    startedAt: startedMs === null ? null : new Date(startedMs).toISOString(),
  };
}

describe('the time limit of a call', () => {
  it.each([
    [null, 15],
    ['SOONEST', 15],
    ['WITHIN_2_HOURS', 135],
    ['WITHIN_8_HOURS', 495],
  ] as const)('is with the window %s over after %d minutes', (window, minutes) => {
    expect(deadline.deadlineMs(callWith(window, null)) - NOW_MS).toBe(minutes * MINUTE_MS);
    expect(deadline.isOver(callWith(window, minutes - 1))).toBe(false);
    expect(deadline.isOver(callWith(window, minutes))).toBe(true);
  });

  it('gives a later attempt the whole window, which the upstream counts from its request', () => {
    const call = callWith('WITHIN_2_HOURS', 110);
    expect(deadline.attemptDeadlineMs(call, NOW_MS) - NOW_MS).toBe(135 * MINUTE_MS);
  });

  it('gives a later attempt without a window only what is left', () => {
    const call = callWith(null, 10);
    expect(deadline.attemptDeadlineMs(call, NOW_MS) - NOW_MS).toBe(5 * MINUTE_MS);
  });
});
