/**
 * Kysely's SQL for SQLite, with three changes that only concern how SQLite plans a statement:
 *
 * - Lists are padded. A list of another length would be another statement to prepare and keep (statements.ts), so the
 *   last value is repeated until the length is a power of two.
 * - Values in conditions have a unary plus. SQLite with STAT4, as better-sqlite3 builds it, looks at a value that is
 *   compared with an indexed column and prepares the statement again for another value (sqlite.org/c3ref/prepare.html,
 *   "the statement will be automatically recompiled"). It does not look behind a plus. The plus changes neither the value,
 *   text included, nor which index is used (docs/decisions/2026-11-25-reading-pages.md).
 * - Inner joins become cross joins, which SQLite runs in the order in which they are written. Without statistics it often
 *   starts at the wrong table. So a query with a join names the table with the fewest matching rows first.
 */
import { type JoinNode, type PrimitiveValueListNode, SqliteQueryCompiler, type WhereNode } from 'kysely';

export class SteadyPlanCompiler extends SqliteQueryCompiler {
  #isInCondition = false;

  protected override visitWhere(node: WhereNode): void {
    const outer = this.#isInCondition;
    this.#isInCondition = true;
    super.visitWhere(node);
    this.#isInCondition = outer;
  }

  protected override visitJoin(node: JoinNode): void {
    super.visitJoin(node.joinType === 'InnerJoin' ? { ...node, joinType: 'CrossJoin' } : node);
  }

  protected override visitPrimitiveValueList(node: PrimitiveValueListNode): void {
    // Outside of conditions, lists are rows to insert.
    super.visitPrimitiveValueList(this.#isInCondition ? { ...node, values: padded(node.values) } : node);
  }

  protected override getCurrentParameterPlaceholder(): string {
    return this.#isInCondition ? '+?' : '?';
  }
}

/** Longer lists are rare, and twice as many values could exceed SQLite's limit of 32,766 parameters. */
const LONGEST_PADDED = 1_024;

function padded(values: readonly unknown[]): readonly unknown[] {
  if (values.length > LONGEST_PADDED) return values;
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...Array(length - values.length).fill(values.at(-1))];
}
