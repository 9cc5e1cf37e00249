/**
 * Careful readings of JSON that somebody else wrote: each gives the value when it is of the kind asked for, else null.
 * The SDK's types say what the upstream promises; compatible services keep fewer of the promises.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  // An object that is no array is a record of unknown values: TypeScript narrows it only to `object`.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, or null when it is empty or no string. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The index or count, or null when it is no whole number from 0. */
export function asIndex(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
