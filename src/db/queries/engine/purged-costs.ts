/** Keeps what calls have cost that are deleted for good, so that the sums of their principals stay true. */
import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database.ts';

/** Adds the cost lines of the call to the sums of its principal. The caller removes the lines in the same transaction. */
export async function addPurgedCosts(
  transaction: DatabaseTransaction,
  { id, principal }: { readonly id: string; readonly principal: string },
): Promise<void> {
  const sums = await transaction
    .selectFrom('cost_lines')
    .select(['basis', 'is_counted', 'kind', 'model', 'price'])
    // As text: they can exceed the exact range of JavaScript numbers.
    .select([
      sql<string>`cast(sum(tokens) as text)`.as('tokens'),
      sql<string | null>`cast(sum(amount) as text)`.as('amount'),
    ])
    .where('call_id', '=', id)
    .where('principal', '=', principal)
    .groupBy(['basis', 'is_counted', 'kind', 'model', 'price'])
    .execute();
  if (sums.length === 0) return;
  await transaction
    .insertInto('purged_costs')
    .values(
      sums.map(({ model, price, tokens, amount, ...sum }) => ({
        principal,
        ...sum,
        model: model ?? '',
        price: price ?? '',
        tokens: BigInt(tokens),
        amount: amount === null ? null : BigInt(amount),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['principal', 'basis', 'is_counted', 'kind', 'model', 'price']).doUpdateSet(({ eb, ref }) => ({
        tokens: eb('purged_costs.tokens', '+', ref('excluded.tokens')),
        amount: eb('purged_costs.amount', '+', ref('excluded.amount')),
      })),
    )
    .execute();
}
