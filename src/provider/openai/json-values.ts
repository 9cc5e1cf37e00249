/**
 * Safe access to JSON from outside: each function returns the value if it has the expected type, else null. The SDK's
 * types say what OpenAI promises; compatible services do not keep all of it.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | null {
  // An object that is not an array is a record of unknown values, but TypeScript narrows it only to `object`.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string, or null when it is empty or not a string. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The index or count, or null when it is not a whole number from 0. */
export function asIndex(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
