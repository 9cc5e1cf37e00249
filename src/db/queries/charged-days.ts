/** What a principal was charged, day by day: read from the running sums, however many calls there are. */
import { sql } from 'kysely';
import type { BudgetSubject } from '../../domain/limits/budget.ts';
import type { DayCharges, DayRange } from '../../domain/limits/charges.ts';
import type { Database } from '../database.ts';

/** Days without calls may be left out. With the calls that were deleted for good. */
export async function chargedDays(
  db: Database,
  principal: string,
  { from, to }: DayRange,
): Promise<readonly DayCharges[]> {
  const subject: BudgetSubject = `principal:${principal}`;
  const rows = await db
    .selectFrom('spending')
    .select(['period', 'charged_calls', 'estimated_calls', 'incomplete_calls'])
    // As text: it can exceed the exact range of JavaScript numbers.
    .select(sql<string>`cast(charged as text)`.as('charged'))
    .where('subject', '=', subject)
    .where('period', '>=', from)
    .where('period', '<=', to)
    .execute();
  // The sums of months sort among those of their days.
  const days = rows.filter(({ period }) => period.length === from.length);
  return days.map((row) => ({
    date: row.period,
    charged: BigInt(row.charged),
    chargedCalls: row.charged_calls,
    estimatedCalls: row.estimated_calls,
    incompleteCalls: row.incomplete_calls,
  }));
}
