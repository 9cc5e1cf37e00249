/** Turns Relay's pagination arguments into a page of rows ordered by id, and the rows into a connection. */
import { type PageInfoShape, parseCursorConnectionArgs } from '@pothos/plugin-relay';
import { type FieldError, InvalidInputError } from '../src/domain/errors.ts';
import type { Page } from './context.ts';

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
const ROW_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;

/** @throws {InvalidInputError} when a count is out of range or a cursor was not made by this API */
export async function connection<Row extends { readonly id: string }>(
  args: ConnectionArguments,
  direction: Page['direction'],
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
  const after = rowIdOf(args.after, 'after', errors);
  const before = rowIdOf(args.before, 'before', errors);
  if (errors.length > 0) throw new InvalidInputError(errors);

  // The cursors were decoded above; the library only needs to know whether they are given.
  const { first = null, last = null } = args;
  const given = { first, last, after: args.after ?? null, before: args.before ?? null };
  const { limit, inverted, expectedSize, ...has } = parseCursorConnectionArgs({
    args: given,
    defaultSize: DEFAULT_PAGE_SIZE,
    maxSize: MAX_PAGE_SIZE,
  });
  const rows = await load({ after, before, limit, inverted, direction });
  const nodes = rows.slice(0, expectedSize);
  if (inverted) nodes.reverse();
  const edges = nodes.map((node) => new RowEdge(node));
  const pageInfo = {
    hasNextPage: has.hasNextPage(rows.length),
    hasPreviousPage: has.hasPreviousPage(rows.length),
    // An empty page has no cursors.
    startCursor: edges.at(0)?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, pageInfo };
}

/** Encodes its cursor on demand: most documents do not select the cursors of edges. */
class RowEdge<Row extends { readonly id: string }> {
  readonly node: Row;

  constructor(node: Row) {
    this.node = node;
  }

  get cursor(): string {
    return encodeCursor(this.node.id);
  }
}

function rowIdOf(cursor: string | null | undefined, field: string, errors: FieldError[]): string | undefined {
  if (cursor == null) return undefined;
  const id = Buffer.from(cursor, 'base64url').toString();
  // Buffer ignores invalid characters, so accept only text that encodes back to itself.
  if (ROW_ID.test(id) && encodeCursor(id) === cursor) return id;
  errors.push({ field, message: 'is not a cursor of this list. Give the `cursor` of an edge, or leave it out.' });
  return undefined;
}

function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}
