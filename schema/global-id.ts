/** Relay global ids: base64 of `<type>:<id>`. Anything else is refused with what would be right. */
import { InvalidInputError } from '../src/domain/errors.ts';

export type NodeType = 'Image' | 'Conversation' | 'GenerationCall';

const FORM = /^(?<typename>[A-Za-z]+):(?<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/u;

export function encodeGlobalId(typename: string, id: string): string {
  return Buffer.from(`${typename}:${id}`).toString('base64');
}

/** @throws {InvalidInputError} when `globalId` was not made by `encodeGlobalId`. */
export function decodeGlobalId(globalId: string, field = 'id'): { typename: string; id: string } {
  const { typename, id } = FORM.exec(Buffer.from(globalId, 'base64').toString())?.groups ?? {};
  if (typename === undefined || id === undefined) {
    throw new InvalidInputError([{ field, message: 'is not an id of this API. Give an `id` that it returned.' }]);
  }
  return { typename, id };
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
