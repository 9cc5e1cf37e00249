/** Costs, and their sums for a call, a conversation and everything. */
import { sql } from 'kysely';
import {
  type BasedLine,
  type Cost,
  type CostBasis,
  type CostLine,
  type CostLineKind,
  fromPicodollars,
  NO_COST,
  toPicodollars,
  totalCost,
} from '../../domain/cost/cost.ts';
import type { Database } from '../database.ts';
import type { AttemptKey } from './attempts.ts';

export interface Billed {
  readonly key: AttemptKey;
  readonly principal: string;
  readonly conversationId: string;
  readonly basis: CostBasis;
  /** False when the tokens are a lower bound. */
  readonly isCounted: boolean;
}

/** Stores the cost lines of a request and removes its earlier ones. */
export async function replaceCostLines(
  db: Database,
  { key: { callId, attempt, task }, principal, conversationId, basis, isCounted }: Billed,
  lines: readonly CostLine[],
): Promise<void> {
  await db
    .deleteFrom('cost_lines')
    .where('principal', '=', principal)
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .where('task', '=', task)
    .execute();
  if (lines.length === 0) return;
  await db
    .insertInto('cost_lines')
    .values(
      lines.map(({ kind, model, tokens, pricePerMillion, amount }, line) => ({
        call_id: callId,
        attempt,
        task,
        line,
        principal,
        conversation_id: conversationId,
        basis,
        is_counted: isCounted,
        kind,
        model,
        tokens,
        price: pricePerMillion,
        amount: amount === null ? null : toPicodollars(amount),
      })),
    )
    .execute();
}

/** The cost of each of these calls, except for those without any. */
export function costOfCalls(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Cost>> {
  return costsBy(db, principal, 'call_id', ids);
}

/** The cost of each of these conversations, except for those without any. */
export function costOfConversations(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Cost>> {
  return costsBy(db, principal, 'conversation_id', ids);
}

/** With what has cost calls that were deleted for good. */
export async function costOfPrincipal(db: Database, principal: string): Promise<Cost> {
  // In one statement: calls move from one table to the other.
  const rows = await db
    .selectFrom('cost_lines')
    .select(['basis', 'is_counted', 'kind', 'model', 'price'])
    .select(SUMS)
    .where('principal', '=', principal)
    .groupBy(['basis', 'is_counted', 'kind', 'model', 'price'])
    .unionAll(
      db
        .selectFrom('purged_costs')
        .select(['basis', 'is_counted', 'kind'])
        .select(({ fn, ref, val }) => [
          fn<string | null>('nullif', [ref('model'), val('')]).as('model'),
          fn<string | null>('nullif', [ref('price'), val('')]).as('price'),
        ])
        .select([sql<number | string>`tokens`.as('tokens'), sql<string | null>`cast(amount as text)`.as('amount')])
        .where('principal', '=', principal),
    )
    .execute();
  return rows.length === 0 ? NO_COST : totalOf(rows);
}

async function costsBy(
  db: Database,
  principal: string,
  column: 'call_id' | 'conversation_id',
  ids: readonly string[],
): Promise<ReadonlyMap<string, Cost>> {
  const rows = await db
    .selectFrom('cost_lines')
    .select(`${column} as id`)
    .select(['basis', 'is_counted', 'kind', 'model', 'price'])
    .select(SUMS)
    .where('principal', '=', principal)
    .where(column, 'in', ids)
    .groupBy([column, 'basis', 'is_counted', 'kind', 'model', 'price'])
    .execute();
  const groups = Map.groupBy(rows, ({ id }) => id);
  return new Map([...groups].map(([id, group]) => [id, totalOf(group)]));
}

/** The amount is text: a sum of picodollars soon exceeds the exact range of JavaScript numbers. */
const SUMS = [
  sql<number | string>`sum(tokens)`.as('tokens'),
  sql<string | null>`cast(sum(amount) as text)`.as('amount'),
] as const;

interface SumRow {
  readonly basis: string;
  readonly is_counted: boolean;
  readonly kind: string;
  readonly model: string | null;
  readonly price: string | null;
  /** Text where a sum is wider than a JavaScript number, as in PostgreSQL. */
  readonly tokens: number | string;
  readonly amount: string | null;
}

function totalOf(rows: readonly SumRow[]): Cost {
  const lines = rows.map(
    ({ basis, kind, model, price, tokens, amount }): BasedLine => ({
      // Only written from the unions of the domain.
      basis: basis as CostBasis,
      kind: kind as CostLineKind,
      model,
      tokens: Number(tokens),
      pricePerMillion: price,
      amount: amount === null ? null : fromPicodollars(BigInt(amount)),
    }),
  );
  return totalCost(
    lines,
    rows.every(({ is_counted: isCounted }) => isCounted),
  );
}
