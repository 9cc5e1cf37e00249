/**
 * Turns Relay's pagination arguments into a page of rows, and the rows into a connection. What a document does not select
 * is not read: neither the page, nor the total count.
 */
import { type PageInfoShape, parseCursorConnectionArgs } from '@pothos/plugin-relay';
import { type FieldError, InvalidInputError } from '../../src/domain/errors.ts';
import type { Page } from '../context.ts';
import { type List, ListCursors } from './list-cursor.ts';

export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** A row of a list, with its place in the order of the list. */
export interface ListRow {
  readonly id: string;
  /** What the list is sorted by, with the id; missing in a list that is sorted by id. */
  readonly place?: string | undefined;
}

/** How to read a list. */
export interface ListQueries<Row> {
  readonly page: (window: Page) => Promise<readonly Row[]>;
  /** How many rows the list has. */
  readonly count: () => Promise<number>;
}

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** @throws {InvalidInputError} when a count is out of range, or a cursor is not one of this list */
export function connection<Row extends ListRow>(
  args: ConnectionArguments,
  list: List,
  { page, count }: ListQueries<Row>,
): Connection<Row> {
  const errors: FieldError[] = [];
  for (const field of ['first', 'last'] as const) {
    const size = args[field];
    if (size != null && (size < 0 || size > MAX_PAGE_SIZE)) {
      errors.push({ field, message: `must be 0 to ${MAX_PAGE_SIZE}, not ${size}.` });
    }
  }
  if (args.first != null && args.last != null) {
    errors.push({ field: 'last', message: 'cannot be given together with first.' });
  }
  const cursors = new ListCursors(list);
  const after = placeOf(cursors, args.after, 'after', errors);
  const before = placeOf(cursors, args.before, 'before', errors);
  if (errors.length > 0) throw new InvalidInputError(errors);

  async function load(): Promise<LoadedPage<Row>> {
    // The cursors were decoded above; the library only needs to know whether they are given.
    const { first = null, last = null } = args;
    const given = { first, last, after: args.after ?? null, before: args.before ?? null };
    const { limit, inverted, expectedSize, ...has } = parseCursorConnectionArgs({
      args: given,
      defaultSize: DEFAULT_PAGE_SIZE,
      maxSize: MAX_PAGE_SIZE,
    });
    const rows = await page({ after, before, limit, inverted, direction: list.direction, sortedBy: list.sortedBy });
    const nodes = rows.slice(0, expectedSize);
    if (inverted) nodes.reverse();
    const edges = nodes.map((node) => new RowEdge(node, cursors));
    const neighbours = {
      hasNextPage: has.hasNextPage(rows.length),
      hasPreviousPage: has.hasPreviousPage(rows.length),
    };
    return { edges, pageInfo: new RowPageInfo(edges, neighbours) };
  }
  return new Connection(load, count);
}

interface LoadedPage<Row> {
  readonly edges: { readonly cursor: string; readonly node: Row }[];
  readonly pageInfo: PageInfoShape;
}

/** Reads its page when `edges`, `nodes` or `pageInfo` is selected, once for all of them. */
export class Connection<Row> {
  /** Counts the rows of the list. */
  readonly count: () => Promise<number>;
  readonly #load: () => Promise<LoadedPage<Row>>;
  #page: Promise<LoadedPage<Row>> | undefined;

  constructor(load: () => Promise<LoadedPage<Row>>, count: () => Promise<number>) {
    this.#load = load;
    this.count = count;
  }

  get edges(): Promise<LoadedPage<Row>['edges']> {
    return this.#loaded().then(({ edges }) => edges);
  }

  get pageInfo(): Promise<PageInfoShape> {
    return this.#loaded().then(({ pageInfo }) => pageInfo);
  }

  #loaded(): Promise<LoadedPage<Row>> {
    this.#page ??= this.#load();
    return this.#page;
  }
}

/** Encodes its cursor on demand: most documents do not select the cursors of edges. */
class RowEdge<Row extends ListRow> {
  readonly node: Row;
  readonly #cursors: ListCursors;

  constructor(node: Row, cursors: ListCursors) {
    this.node = node;
    this.#cursors = cursors;
  }

  get cursor(): string {
    return this.#cursors.encode(this.node.place ?? this.node.id);
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

function placeOf(
  cursors: ListCursors,
  cursor: string | null | undefined,
  field: string,
  errors: FieldError[],
): string | undefined {
  if (cursor == null) return undefined;
  const decoded = cursors.decode(cursor);
  if ('place' in decoded) return decoded.place;
  errors.push({ field, message: `${decoded.problem} Give the \`cursor\` of an edge of this list, or leave it out.` });
  return undefined;
}
