/**
 * What fields cost in points, where it is more than one: the `complexity` beside a field. An operation is refused when the
 * sum is over the limit (src/graphql/plugins/operation-cost.ts).
 */
import { type ConnectionArguments, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './connection.ts';

/** A query of its own, which is not batched with others. */
export const QUERY_PRICE = 5;
/** Sums over many rows. */
export const SUM_PRICE = 20;
/** Reads and encodes the bytes of an image. */
export const BYTES_PRICE = 50;

/** A page: its selection is paid for as often as the page can have items. */
export function pagePrice({ first, last }: ConnectionArguments): {
  readonly field: number;
  readonly multiplier: number;
} {
  const size = Number(first ?? last ?? DEFAULT_PAGE_SIZE);
  return { field: QUERY_PRICE, multiplier: Math.min(Math.max(size, 1), MAX_PAGE_SIZE) };
}
