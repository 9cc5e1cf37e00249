/** Lookups of one tick become one query. Nothing is cached after it. */
import DataLoader from 'dataloader';

/** What watches over the reads of one operation; it may delay them, and end them with an error. */
export interface ReadGate {
  /** Runs one read when it is its turn. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Hands on a list of any length. */
  list<Row>(rows: readonly Row[]): Promise<readonly Row[]>;
}

export type Batches<T> = Pick<DataLoader<string, T | undefined>, 'load'>;

/** Gathers the ids that are asked for in one tick into one query. */
export function batches<T>(
  gate: ReadGate,
  load: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): Batches<T> {
  const loadMany = async (ids: readonly string[]) => {
    const found = await gate.read(() => load([...new Set(ids)]));
    return ids.map((id) => found.get(id));
  };
  return new DataLoader<string, T | undefined>(loadMany, { cache: false });
}

/** Rows by their ids. */
export async function byId<T extends { readonly id: string }>(
  rows: Promise<readonly T[]>,
): Promise<ReadonlyMap<string, T>> {
  return new Map((await rows).map((row) => [row.id, row]));
}

/** What was picked of each row, by a key. */
export function grouped<Row, T>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  pick: (row: Row) => T,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key) ?? [];
    group.push(pick(row));
    groups.set(key, group);
  }
  return groups;
}
