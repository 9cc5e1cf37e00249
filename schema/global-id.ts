/** Relay global ids: base64 of `<type>:<id>`. Anything else is refused with what would be right. */
import { type FieldError, InvalidInputError } from '../src/domain/errors.ts';

export type NodeType = 'Image' | 'Conversation' | 'GenerationCall';

const FORM = /^(?<typename>[A-Za-z]+):(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/u;

export function encodeGlobalId(typename: string, id: string): string {
  return btoa(`${typename}:${id}`);
}

/** @throws {InvalidInputError} when `globalId` was not made by `encodeGlobalId`. */
export function decodeGlobalId(globalId: string, field = 'id'): { typename: string; id: string } {
  const { typename, id } = FORM.exec(Buffer.from(globalId, 'base64').toString())?.groups ?? {};
  // Buffer skips what is not base64: only what encodes back to the same text is an id, so that a thing has one id.
  if (typename === undefined || id === undefined || encodeGlobalId(typename, id) !== globalId) {
    throw new InvalidInputError([{ field, message: 'is not an id of this API. Give an `id` that it returned.' }]);
  }
  return { typename, id };
}

/**
 * The bare id of a node of one type; what is wrong with it goes into `errors`, to be told along with everything else.
 * @returns an id that names nothing, when there was an error
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
 * The bare id of a node of one type.
 * @throws {InvalidInputError} naming `field`, when it is no id or the id of another type
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
