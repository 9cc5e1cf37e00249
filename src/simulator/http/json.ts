/**
 * Reads values of unknown shape. A request body can be anything; the simulator looks into it only with these
 * functions.
 */
import { invalid } from './api-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a field has a value. The upstream takes null for absent. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The value as a string; null when it is absent or null. @throws {ApiError} when it is anything else. */
export function optionalText(value: unknown, param: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  throw wrongType(value, param, 'a string');
}

/** The value as a boolean; false when it is absent or null. @throws {ApiError} when it is anything else. */
export function optionalFlag(value: unknown, param: string, absent = false): boolean {
  if (value === undefined || value === null) return absent;
  if (typeof value === 'boolean') return value;
  throw wrongType(value, param, 'a boolean');
}

/** An integer within bounds; null when it is absent or null. @throws {ApiError} when it is anything else. */
export function optionalInteger(value: unknown, param: string, min: number, max: number): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(value, param, 'an integer');
  if (value < min) {
    const message = `Invalid '${param}': integer below minimum value. Expected a value >= ${min}, but got ${value} instead.`;
    throw invalid(message, param, 'integer_below_min_value');
  }
  if (value > max) {
    const message = `Invalid '${param}': integer above maximum value. Expected a value <= ${max}, but got ${value} instead.`;
    throw invalid(message, param, 'integer_above_max_value');
  }
  return value;
}

/** One of the words allowed; null when it is absent or null. @throws {ApiError} when it is anything else. */
export function optionalWord<W extends string>(value: unknown, param: string, words: readonly W[]): W | null {
  if (value === undefined || value === null) return null;
  const word = words.find((each) => each === value);
  if (word !== undefined) return word;
  if (typeof value !== 'string') throw wrongType(value, param, 'a string');
  const listed = words.map((each) => `'${each}'`);
  const supported = listed.length > 1 ? `${listed.slice(0, -1).join(', ')}, and ${listed.at(-1)}` : listed.join('');
  throw invalid(`Invalid value: '${value}'. Supported values are: ${supported}.`, param, 'invalid_value');
}

/**
 * The object, or an empty one when it is absent or null.
 * @param names the fields that it may have; any without this list
 * @throws {ApiError} when it is anything else, or has another field
 */
export function optionalObject(value: unknown, param: string, names: readonly string[] | null = null): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw wrongType(value, param, 'an object');
  const unknown = Object.keys(value).find((name) => names !== null && !names.includes(name));
  if (unknown === undefined) return value;
  throw invalid(`Unknown parameter: '${param}.${unknown}'.`, `${param}.${unknown}`, 'unknown_parameter');
}

function wrongType(value: unknown, param: string, expected: string) {
  const got = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
  return invalid(`Invalid type for '${param}': expected ${expected}, but got ${got} instead.`, param, 'invalid_type');
}
