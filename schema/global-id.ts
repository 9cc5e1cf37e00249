/** Relay global ids: base64 of `<type>:<id>`. Anything else is rejected with a message that says what is expected. */
import { type FieldError, InvalidInputError } from '../src/domain/errors.ts';

export type NodeType = 'Image' | 'Conversation' | 'GenerationCall';

const FORM = /^(?<typename>[A-Za-z]+):(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/u;

/** The global id of an object. @param id its UUID */
export function encodeGlobalId(typename: string, id: string): string {
  return btoa(`${typename}:${id}`);
}

/** @throws {InvalidInputError} when `globalId` was not made by `encodeGlobalId`. */
export function decodeGlobalId(globalId: string, field = 'id'): { typename: string; id: string } {
  const { typename, id } = FORM.exec(Buffer.from(globalId, 'base64').toString())?.groups ?? {};
  // Buffer ignores invalid characters. Accepting only text that encodes back to itself gives every object one id.
  if (typename === undefined || id === undefined || encodeGlobalId(typename, id) !== globalId) {
    throw new InvalidInputError([{ field, message: 'is not an id of this API. Give an `id` that it returned.' }]);
  }
  return { typename, id };
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
  const { typename, id } = decodeGlobalId(globalId, field);
  if (typename !== type) {
    const message = `is the id of ${article(typename)}; the id of ${article(type)} is needed here.`;
    throw new InvalidInputError([{ field, message }]);
  }
  return id;
}

function article(typename: string): string {
  return `${/^[AEIOU]/u.test(typename) ? 'an' : 'a'} ${typename}`;
}
