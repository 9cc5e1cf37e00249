/**
 * Queries that run all the time are built and compiled once for each of their shapes; later runs only replace the values
 * (kysely.dev, "Splitting query building and execution"). Building and compiling a query costs as much as running it.
 */
import type { Compilable, CompiledQuery, DialectAdapter } from 'kysely';
import type { Database } from './database.ts';

type Value = string | number | bigint | boolean | null;

/** Stands for a value while its query is compiled. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** By the adapter of the dialect they are compiled for, which a database shares with its transactions. */
const compiled = new WeakMap<DialectAdapter, Map<string, CompiledQuery<unknown>>>();

/** The values of a list, each under a name of its own: `name 0`, `name 1` and so on. */
export function numbered(name: string, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map((value, index) => [`${name} ${index}`, value]));
}

/**
 * Runs the query that `build` makes, and compiles it only the first time.
 * @param shape names the query and everything its SQL depends on, except for which values are defined
 * @param values the parameters of the query. `build` receives placeholders instead and may only use them as parameters.
 */
export async function runPrepared<V extends Readonly<Record<string, Value | undefined>>, Row>(
  db: Database,
  shape: string,
  values: V,
  build: (values: V) => Compilable<Row>,
): Promise<readonly Row[]> {
  const defined = Object.keys(values).filter((name) => values[name] !== undefined);
  const key = `${shape} ${defined.join()}`;
  const { adapter } = db.getExecutor();
  const queries = compiled.get(adapter) ?? new Map<string, CompiledQuery<unknown>>();
  compiled.set(adapter, queries);
  let query = queries.get(key);
  if (query === undefined) {
    // The query builder passes them on to the list of parameters without looking at them.
    const placeholders = Object.fromEntries(defined.map((name) => [name, new Placeholder(name)])) as unknown as V;
    query = build(placeholders).compile();
    queries.set(key, query);
  }
  const parameters = query.parameters.map((part) => (part instanceof Placeholder ? values[part.name] : part));
  const { rows } = await db.executeQuery({ ...query, parameters });
  // Every query of this shape returns rows of this type.
  return rows as readonly Row[];
}
