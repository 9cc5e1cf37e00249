/**
 * The cursors of a list: each names a row and the list that it was read from. A cursor of another list, of the same list
 * with another filter or order, or of another principal is rejected: it would mark a place that nobody can see
 * (docs/decisions/2026-11-28-cursors-of-lists.md). A cursor is opaque, and it proves nothing: what a page shows is
 * decided by the query.
 */
import { hash } from 'node:crypto';

/** A list as one principal sees it. */
export interface List {
  readonly principal: string;
  /** The field, and everything that decides which rows the list has: its parent, or its filter. */
  readonly key: readonly unknown[];
  readonly direction: 'ASC' | 'DESC';
}

/** A UUID, or the id of an API key. */
const ROW_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[a-z0-9]{12})$/u;
/** Characters of the hash in a cursor: enough to tell the lists of a client apart. */
const LIST_LENGTH = 12;
const FORM = new RegExp(`^2~([\\w-]{${LIST_LENGTH}})~(.+)$`, 'u');

export class ListCursors {
  readonly #list: List;
  #listHash: string | undefined;

  constructor(list: List) {
    this.#list = list;
  }

  encode(rowId: string): string {
    return encode(this.#hash, rowId);
  }

  /** The id of the row, or what is wrong with the cursor. */
  decode(cursor: string): { readonly rowId: string } | { readonly problem: string } {
    const [, list, rowId] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
    // Buffer ignores invalid characters, so accept only text that encodes back to itself.
    if (list === undefined || rowId === undefined || !ROW_ID.test(rowId) || encode(list, rowId) !== cursor) {
      return { problem: 'is not a cursor of this list.' };
    }
    if (list === this.#hash) return { rowId };
    return { problem: 'belongs to another list, or to this list with another filter or order.' };
  }

  /** Computed on demand: an empty page has no cursors. */
  get #hash(): string {
    const { principal, key, direction } = this.#list;
    this.#listHash ??= hash('sha256', JSON.stringify([principal, direction, key]), 'base64url').slice(0, LIST_LENGTH);
    return this.#listHash;
  }
}

function encode(list: string, rowId: string): string {
  return Buffer.from(`2~${list}~${rowId}`).toString('base64url');
}
