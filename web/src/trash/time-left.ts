/** In words, how long something stays in the trash. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** @param purgesAt RFC 3339; null for what is kept for ever */
export function timeLeft(purgesAt: string | null, nowMs: number): string {
  if (purgesAt === null) return 'kept until restored';
  const leftMs = Date.parse(purgesAt) - nowMs;
  if (leftMs <= 0) return 'goes within the hour';
  if (leftMs < 2 * HOUR_MS) return 'goes soon';
  if (leftMs < DAY_MS) return `${Math.floor(leftMs / HOUR_MS)} hours left`;
  const days = Math.ceil(leftMs / DAY_MS);
  return days === 1 ? 'one day left' : `${days} days left`;
}

const URGENT_MS = 7 * DAY_MS;

/** Whether one should know without asking. */
export function isUrgent(purgesAt: string | null, nowMs: number): boolean {
  return purgesAt !== null && Date.parse(purgesAt) - nowMs < URGENT_MS;
}
