/**
 * The cursors of a list: each names a place, and the list that it was read from. The place is what the list is sorted by,
 * so that it stays where it is when its row changes, moves or goes. A cursor of another list, of the same list
 * with another filter or order, or of another principal is rejected: it would mark a place that nobody can see
 * (docs/decisions/2026-11-28-cursors-of-lists.md). A cursor is opaque, and it proves nothing: what a page shows is
 * decided by the query.
 */
import { hash } from 'node:crypto';
import type { SortedBy } from '../context.ts';

/** A list as one principal sees it. */
export interface List {
  readonly principal: string;
  /** The field, and everything that decides which rows the list has: its parent, or its filter. */
  readonly key: readonly unknown[];
  readonly direction: 'ASC' | 'DESC';
  /** What the rows are sorted by: ids, unless it is said here. */
  readonly sortedBy?: SortedBy | undefined;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** The form of a place, by what a list is sorted by. */
const PLACES = {
  /** A UUID, or the id of an API key. */
  id: new RegExp(`^(?:${UUID}|[a-z0-9]{12})$`, 'u'),
  /** A time, then the id. */
  time: new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z~${UUID}$`, 'u'),
  found: /^-?\d{1,16}$/u,
  relevance: /^-?\d{1,16}~-?\d{1,16}~(?:-?\d{1,9})?~-?\d{1,16}$/u,
} as const satisfies Readonly<Record<SortedBy, RegExp>>;
/** Characters of the hash in a cursor: enough to tell the lists of a client apart. */
const LIST_LENGTH = 12;
const FORM = new RegExp(`^2~([\\w-]{${LIST_LENGTH}})~(.+)$`, 'u');

export class ListCursors {
  readonly #list: List;
  #listHash: string | undefined;

  constructor(list: List) {
    this.#list = list;
  }

  encode(place: string): string {
    return encode(this.#hash, place);
  }

  /** The place, or what is wrong with the cursor. */
  decode(cursor: string): { readonly place: string } | { readonly problem: string } {
    const { sortedBy = 'id' } = this.#list;
    const [, list, place] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    const isPlace = place !== undefined && Object.values(PLACES).some((form) => form.test(place));
    // Buffer ignores invalid characters, so accept only text that encodes back to itself.
    if (list === undefined || !isPlace || encode(list, place) !== cursor) {
      return { problem: 'is not a cursor of this list.' };
    }
    if (list === this.#hash && PLACES[sortedBy].test(place)) return { place };
    return { problem: 'belongs to another list, or to this list with another filter or order.' };
  }

  /** Computed on demand: an empty page has no cursors. */
  get #hash(): string {
    const { principal, key, direction, sortedBy } = this.#list;
    this.#listHash ??= hash(
      'sha256',
      JSON.stringify([principal, direction, key, ...(sortedBy === undefined ? [] : [sortedBy])]),
      'base64url',
    ).slice(0, LIST_LENGTH);
    return this.#listHash;
  }
}

function encode(list: string, place: string): string {
  return Buffer.from(`2~${list}~${place}`).toString('base64url');
}
