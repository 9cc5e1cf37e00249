/**
 * Relay global ids: base64url, without padding, of `<type>:<id>`. Ids of earlier versions, in base64 with padding, are read
 * as well. Anything else is rejected with a message that says what is expected.
 */
import { type FieldError, InvalidInputError } from '../../src/domain/errors.ts';

export const NODE_TYPES = ['Image', 'Conversation', 'GenerationCall'] as const;
export type NodeType = (typeof NODE_TYPES)[number];

interface DecodedId {
  readonly typename: string;
  readonly id: string;
}

const FORM = /^(?<typename>[A-Za-z]+):(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/u;

/** The global id of an object. @param id its UUID */
export function encodeGlobalId(typename: string, id: string): string {
  return Buffer.from(`${typename}:${id}`).toString('base64url');
}

/** @returns null when `globalId` is no id of this API */
export function decodeGlobalId(globalId: string): DecodedId | null {
  // Buffer reads both alphabets, with and without padding.
  const { typename, id } = FORM.exec(Buffer.from(globalId, 'base64url').toString())?.groups ?? {};
  if (typename === undefined || id === undefined) return null;
  // Buffer ignores invalid characters. Accepting only the two forms that were ever written gives every object one id in
  // each.
  const isWritten = globalId === encodeGlobalId(typename, id) || globalId === btoa(`${typename}:${id}`);
  return isWritten ? { typename, id } : null;
}

/**
 * Looks a node of the given type up by its id. What is no id, or the id of another type, is not found, like an id that
 * nobody has.
 */
export function lookUp<T>(
  type: NodeType,
  globalId: string,
  load: (id: string) => Promise<T | null>,
): Promise<T | null> | null {
  const decoded = decodeGlobalId(globalId);
  return decoded?.typename === type ? load(decoded.id) : null;
}

/**
 * Decodes the id of a node of the given type. A problem is added to `errors`, so that it is reported together with the
 * other problems of the input.
 * @returns the bare id; an empty string, which identifies nothing, after a problem
 */
export function readId(type: NodeType, globalId: string, field: string, errors: FieldError[]): string {
  try {
    return idOf(type, globalId, field);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    errors.push(...error.fields);
    return '';
  }
}

/**
 * Decodes the id of a node of the given type.
 * @throws {InvalidInputError} naming `field`, when it is not an id, or the id of another type
 */
export function idOf(type: NodeType, globalId: string, field: string): string {
  const decoded = decodeGlobalId(globalId);
  if (decoded === null) {
    throw new InvalidInputError([{ field, message: 'is not an id of this API. Give an `id` that it returned.' }]);
  }
  const { typename, id } = decoded;
  if (typename !== type) {
    const message = `is the id of ${article(typename)}; the id of ${article(type)} is needed here.`;
    throw new InvalidInputError([{ field, message }]);
  }
  return id;
}

function article(typename: string): string {
  return `${/^[AEIOU]/u.test(typename) ? 'an' : 'a'} ${typename}`;
}
