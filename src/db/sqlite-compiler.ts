/**
 * Kysely's SQL for SQLite, so that a statement keeps the plan that it was prepared with.
 *
 * SQLite (with STAT4, as it comes with better-sqlite3) looks at the value that is bound to a parameter when it is compared
 * to an indexed column, and prepares the whole statement anew for each other value (sqlite.org/c3ref/prepare.html, "the
 * statement will be automatically recompiled"): that took several times what the query itself did (docs/decisions). A value
 * behind a plus is not looked at. It stays what it is, text as well, and finds the same rows by the same index.
 */
import { SqliteQueryCompiler, type WhereNode } from 'kysely';

export class SteadyPlanCompiler extends SqliteQueryCompiler {
  #isCompared = false;

  protected override visitWhere(node: WhereNode): void {
    const outer = this.#isCompared;
    this.#isCompared = true;
    super.visitWhere(node);
    this.#isCompared = outer;
  }

  protected override getCurrentParameterPlaceholder(): string {
    return this.#isCompared ? '+?' : '?';
  }
}
