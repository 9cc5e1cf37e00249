/**
 * Queries that are asked all the time are built and compiled once for each of their shapes, and then only given their
 * values (kysely.dev, "Splitting query building and execution"): building one costs as much as running it.
 */
import type { Compilable, CompiledQuery, DialectAdapter } from 'kysely';
import type { Database } from './database.ts';

type Value = string | number | null;

/** Stands for a value while its query is compiled. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** By the dialect that they were compiled for, which a database shares with its transactions. */
const compiled = new WeakMap<DialectAdapter, Map<string, CompiledQuery<unknown>>>();

/**
 * Runs the query that `build` makes of the values.
 * @param shape names the query and all that its text depends on besides which of the values are given
 * @param values what goes into its parameters, and nowhere else; `build` is not given the values themselves
 */
export async function runKnown<V extends Readonly<Record<string, Value | undefined>>, Row>(
  db: Database,
  shape: string,
  values: V,
  build: (values: V) => Compilable<Row>,
): Promise<readonly Row[]> {
  const given = Object.keys(values).filter((name) => values[name] !== undefined);
  const key = `${shape} ${given.join()}`;
  const { adapter } = db.getExecutor();
  const queries = compiled.get(adapter) ?? new Map<string, CompiledQuery<unknown>>();
  compiled.set(adapter, queries);
  let query = queries.get(key);
  if (query === undefined) {
    // They only pass through the builder, into the list of its parameters.
    const places = Object.fromEntries(given.map((name) => [name, new Placeholder(name)])) as unknown as V;
    query = build(places).compile();
    queries.set(key, query);
  }
  const parameters = query.parameters.map((part) => (part instanceof Placeholder ? values[part.name] : part));
  const { rows } = await db.executeQuery({ ...query, parameters });
  // What this shape was compiled from has rows of this type.
  return rows as readonly Row[];
}
