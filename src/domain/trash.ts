/** How long what is in the trash stays there. */

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The time from which something in the trash is deleted for good, by the next task that looks: RFC 3339. Null while it is
 * not in the trash, and where the trash is kept for ever.
 */
export function purgeTime(deletedAt: string | null, trashDays: number | null): string | null {
  if (deletedAt === null || trashDays === null) return null;
  return new Date(Date.parse(deletedAt) + trashDays * DAY_MS).toISOString();
}
