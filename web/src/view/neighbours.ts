/** The previous and the next picture: as they were shown where one came from, or else in time. */
import { useApi } from '../api/query.ts';
import { type ImageTileFragment, NeighboursDocument } from '../gql/graphql.ts';
import { shownOrder } from '../pictures/order.ts';

export interface Neighbours {
  /** Ids of images; null at an end. */
  readonly previous: string | null;
  readonly next: string | null;
}

export function useNeighbours({ id, createdAt }: Pick<ImageTileFragment, 'id' | 'createdAt'>): Neighbours {
  const order = shownOrder.use();
  const place = order.indexOf(id);
  const [{ data }] = useApi(NeighboursDocument, { at: createdAt }, { pause: place >= 0 });
  if (place >= 0) return { previous: order[place - 1] ?? null, next: order[place + 1] ?? null };
  return { previous: data?.newer.nodes[0]?.id ?? null, next: data?.older.nodes[0]?.id ?? null };
}
