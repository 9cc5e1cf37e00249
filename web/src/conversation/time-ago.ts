/** Times as people say them. */

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const DAYS_SAID = 7;

/** Such as `2 hours ago`, and the day for what is longer ago than a week. */
export function timeAgo(at: string, nowMs = Date.now()): string {
  const seconds = Math.max(0, (nowMs - Date.parse(at)) / 1_000);
  if (seconds > DAYS_SAID * 86_400) return new Date(at).toLocaleDateString([], { dateStyle: 'medium' });
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  for (const [unit, length] of STEPS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return 'just now';
}
