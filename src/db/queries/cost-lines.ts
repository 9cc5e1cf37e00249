/** What was paid for what, and the sums of it: of a call, of a conversation, of everything. */
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
  /** False when the tokens are a floor. */
  readonly isCounted: boolean;
}

/** Writes down what a request cost, in place of what was written of it before. */
export async function replaceCostLines(
  db: Database,
  { key: { callId, attempt, task }, principal, conversationId, basis, isCounted }: Billed,
  lines: readonly CostLine[],
): Promise<void> {
  await db
    .deleteFrom('cost_lines')
    .where('call_id', '=', callId)
    .where('attempt', '=', attempt)
    .where('lane', '=', task)
    .execute();
  if (lines.length === 0) return;
  await db
    .insertInto('cost_lines')
    .values(
      lines.map(({ kind, model, tokens, pricePerMillion, amount }, line) => ({
        call_id: callId,
        attempt,
        lane: task,
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

/** What each of these calls cost; those that cost nothing are left out. */
export function costOfCalls(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Cost>> {
  return costsBy(db, principal, 'call_id', ids);
}

/** What each of these conversations cost; those that cost nothing are left out. */
export function costOfConversations(
  db: Database,
  principal: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Cost>> {
  return costsBy(db, principal, 'conversation_id', ids);
}

export async function costOfPrincipal(db: Database, principal: string): Promise<Cost> {
  const rows = await db
    .selectFrom('cost_lines')
    .select(['basis', 'is_counted', 'kind', 'model', 'price'])
    .select(SUMS)
    .where('principal', '=', principal)
    .groupBy(['basis', 'is_counted', 'kind', 'model', 'price'])
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

/** As text: a sum of picodollars is soon more than a JavaScript number holds. */
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
      // Written from the domain's own words only.
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
