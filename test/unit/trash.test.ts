/** When what is in the trash is deleted for good, and how the page says so. */
import { expect, test } from 'vitest';
import { purgeTime } from '../../src/domain/trash.ts';
import { isUrgent, timeLeft } from '../../web/src/trash/time-left.ts';

test('is the retention after the deletion, or never', () => {
  expect(purgeTime('2026-11-01T10:00:00.000Z', 30)).toBe('2026-12-01T10:00:00.000Z');
  expect(purgeTime('2026-11-01T10:00:00.000Z', 0)).toBe('2026-11-01T10:00:00.000Z');
  expect(purgeTime('2026-11-01T10:00:00.000Z', null)).toBeNull();
  expect(purgeTime(null, 30)).toBeNull();
});

test.each([
  ['2026-11-30T00:00:00Z', '29 days left', false],
  ['2026-11-02T00:00:00Z', 'one day left', true],
  ['2026-11-01T05:30:00Z', '5 hours left', true],
  ['2026-11-01T01:00:00Z', 'goes soon', true],
  ['2026-10-31T00:00:00Z', 'goes within the hour', true],
  [null, 'kept until restored', false],
])('what goes at %s: %s', (purgesAt, words, urgent) => {
  const now = Date.parse('2026-11-01T00:00:00Z');
  expect(timeLeft(purgesAt, now)).toBe(words);
  expect(isUrgent(purgesAt, now)).toBe(urgent);
});
