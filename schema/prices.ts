/**
 * What fields cost in points, where it is more than one: the `complexity` beside a field. An operation is refused when the
 * sum is over the limit (src/graphql/plugins/documents/operation-cost.ts).
 */
import { type ConnectionArguments, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './relay/connection.ts';

interface Price {
  readonly field: number;
  /** How often what is selected within the field is paid for. */
  readonly multiplier: number;
}

/** A query of its own, which is not batched with others. */
export const QUERY_PRICE = 5;
/** Counts the rows of a list: of most lists they are counted already, or counted together. */
export const COUNT_PRICE = QUERY_PRICE;
/** Sums over many rows. */
export const SUM_PRICE = 20;
/** Reads and encodes the bytes of an image. */
export const BYTES_PRICE = 50;

/** A page: its selection is paid for as often as the page can have items. */
export function pagePrice({ first, last }: ConnectionArguments): Price {
  const given = first ?? last;
  // Prices are asked for before variables are checked.
  const size = typeof given === 'number' ? given : DEFAULT_PAGE_SIZE;
  return { field: QUERY_PRICE, multiplier: Math.min(Math.max(size, 1), MAX_PAGE_SIZE) };
}

/** A list of objects that are named by their ids. */
export function listPrice({ ids }: { readonly ids: readonly unknown[] }): Price {
  // As above.
  const length = Array.isArray(ids) ? ids.length : 1;
  return { field: length, multiplier: length };
}

/** A mutation of a list of images: each has a result. */
export function imagesPrice({ input }: { readonly input: { readonly imageIds: readonly unknown[] } }): Price {
  // As above, where the input can be anything, too.
  return listPrice({ ids: input?.imageIds });
}
