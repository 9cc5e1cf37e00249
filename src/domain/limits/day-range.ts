/** The days of the calendar that a question about spending is about. */
import { InvalidInputError } from '../errors.ts';
import { DAY_MS, type DayRange } from './charges.ts';

/** The days that one question may be about. */
export const MAX_DAYS = 100;

/**
 * The days that are asked for: by default those of the month of the last one, which is today by default.
 * @param at the moment, RFC 3339 in UTC
 * @throws {InvalidInputError} when they are in the wrong order, or too many
 */
export function dayRange(from: string | null | undefined, to: string | null | undefined, at: string): DayRange {
  const last = to ?? at.slice(0, 10);
  const first = from ?? `${last.slice(0, 7)}-01`;
  const count = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  if (count < 1) throw invalid(`must not be after ${to === last ? '`to`' : 'today'}, which is ${last}.`);
  if (count > MAX_DAYS) {
    const earliest = new Date(Date.parse(last) - (MAX_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
    throw invalid(`is ${count} days before the end of ${last}; at most ${MAX_DAYS} are allowed, from ${earliest}.`);
  }
  return { from: first, to: last };
}

function invalid(message: string): InvalidInputError {
  return new InvalidInputError([{ field: 'from', message }]);
}
