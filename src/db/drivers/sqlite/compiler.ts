/**
 * Kysely's SQL for SQLite, so that there are few statements, and each keeps the plan that it was prepared with.
 *
 * Each length of a list would be a statement of its own, to be prepared and kept (sqlite-dialect.ts): so the last of its
 * values is repeated until their number is a power of two.
 *
 * SQLite (with STAT4, as it comes with better-sqlite3) looks at the value that is bound to a parameter when it is compared
 * to an indexed column, and prepares the whole statement anew for each other value (sqlite.org/c3ref/prepare.html, "the
 * statement will be automatically recompiled"): that took several times what the query itself did (docs/decisions). A value
 * behind a plus is not looked at. It stays what it is, text as well, and finds the same rows by the same index.
 */
import { type PrimitiveValueListNode, SqliteQueryCompiler, type WhereNode } from 'kysely';

export class SteadyPlanCompiler extends SqliteQueryCompiler {
  #isCompared = false;

  protected override visitWhere(node: WhereNode): void {
    const outer = this.#isCompared;
    this.#isCompared = true;
    super.visitWhere(node);
    this.#isCompared = outer;
  }

  protected override visitPrimitiveValueList(node: PrimitiveValueListNode): void {
    // Other lists are rows to insert.
    super.visitPrimitiveValueList(this.#isCompared ? { ...node, values: filledUp(node.values) } : node);
  }

  protected override getCurrentParameterPlaceholder(): string {
    return this.#isCompared ? '+?' : '?';
  }
}

/** Longer lists are rare, and their doubles could be more than SQLite takes (32,766 parameters). */
const LONGEST_FILLED_UP = 1_024;

function filledUp(values: readonly unknown[]): readonly unknown[] {
  if (values.length > LONGEST_FILLED_UP) return values;
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...Array(length - values.length).fill(values.at(-1))];
}
