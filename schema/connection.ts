/** Turns Relay's pagination arguments into a page of rows ordered by id, and the rows into a connection. */
import { type PageInfoShape, parseCursorConnectionArgs } from '@pothos/plugin-relay';
import { type FieldError, InvalidInputError } from '../src/domain/errors.ts';
import type { Page } from './context.ts';
import { type List, ListCursors } from './list-cursor.ts';

export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

export interface Connection<Row> {
  readonly edges: { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: PageInfoShape;
}

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** @throws {InvalidInputError} when a count is out of range, or a cursor is not one of this list */
export async function connection<Row extends { readonly id: string }>(
  args: ConnectionArguments,
  list: List,
  load: (window: Page) => Promise<readonly Row[]>,
): Promise<Connection<Row>> {
  const errors: FieldError[] = [];
  for (const field of ['first', 'last'] as const) {
    const count = args[field];
    if (count != null && (count < 0 || count > MAX_PAGE_SIZE)) {
      errors.push({ field, message: `must be 0 to ${MAX_PAGE_SIZE}, not ${count}.` });
    }
  }
  if (args.first != null && args.last != null) {
    errors.push({ field: 'last', message: 'cannot be given together with first.' });
  }
  const cursors = new ListCursors(list);
  const after = rowIdOf(cursors, args.after, 'after', errors);
  const before = rowIdOf(cursors, args.before, 'before', errors);
  if (errors.length > 0) throw new InvalidInputError(errors);

  // The cursors were decoded above; the library only needs to know whether they are given.
  const { first = null, last = null } = args;
  const given = { first, last, after: args.after ?? null, before: args.before ?? null };
  const { limit, inverted, expectedSize, ...has } = parseCursorConnectionArgs({
    args: given,
    defaultSize: DEFAULT_PAGE_SIZE,
    maxSize: MAX_PAGE_SIZE,
  });
  const rows = await load({ after, before, limit, inverted, direction: list.direction });
  const nodes = rows.slice(0, expectedSize);
  if (inverted) nodes.reverse();
  const edges = nodes.map((node) => new RowEdge(node, cursors));
  const neighbours = {
    hasNextPage: has.hasNextPage(rows.length),
    hasPreviousPage: has.hasPreviousPage(rows.length),
  };
  return { edges, pageInfo: new RowPageInfo(edges, neighbours) };
}

/** Encodes its cursor on demand: most documents do not select the cursors of edges. */
class RowEdge<Row extends { readonly id: string }> {
  readonly node: Row;
  readonly #cursors: ListCursors;

  constructor(node: Row, cursors: ListCursors) {
    this.node = node;
    this.#cursors = cursors;
  }

  get cursor(): string {
    return this.#cursors.encode(this.node.id);
  }
}

/** Encodes the cursors on demand, too. An empty page has none. */
class RowPageInfo implements PageInfoShape {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #edges: readonly { readonly cursor: string }[];

  constructor(
    edges: readonly { readonly cursor: string }[],
    { hasNextPage, hasPreviousPage }: Pick<PageInfoShape, 'hasNextPage' | 'hasPreviousPage'>,
  ) {
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
    this.#edges = edges;
  }

  get startCursor(): string | null {
    return this.#edges.at(0)?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null;
  }
}

function rowIdOf(
  cursors: ListCursors,
  cursor: string | null | undefined,
  field: string,
  errors: FieldError[],
): string | undefined {
  if (cursor == null) return undefined;
  const decoded = cursors.decode(cursor);
  if ('rowId' in decoded) return decoded.rowId;
  errors.push({ field, message: `${decoded.problem} Give the \`cursor\` of an edge of this list, or leave it out.` });
  return undefined;
}
