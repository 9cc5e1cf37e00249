/**
 * Keeps what each call counts for in budgets, and the running sums of it. Each change is made in the transaction of what
 * it follows from (the acceptance of the call, the cost of a request, the end of the call), so that it survives a kill and
 * is never counted twice.
 */
import type { Database, DatabaseTransaction } from '../db/database.ts';
import { costOfCalls } from '../db/queries/cost-lines.ts';
import { insertReservation, lockReservation, updateReservation } from '../db/queries/engine/reservations.ts';
import { addSpending, type SpendingOf } from '../db/queries/engine/spending.ts';
import type { GenerationCall } from '../domain/generation/generation-call.ts';
import {
  BUDGET_PERIODS,
  periodAt,
  type Reservation,
  type Spender,
  type Spending,
  spendingOf,
  subjectsOf,
} from '../domain/limits/budget.ts';
import {
  addCharges,
  type Charges,
  chargesOf,
  isNothing,
  NOTHING_CHARGED,
  negativeOf,
} from '../domain/limits/charges.ts';

/**
 * Adds an amount to what is reserved, before its call is stored (`storeReservation`). Until the transaction ends, no other
 * transaction can reserve for the same spender.
 */
export async function reserve(
  transaction: DatabaseTransaction,
  spender: Spender,
  at: string,
  amount: bigint,
): Promise<void> {
  await addSpending(transaction, spendingRows(spender, at, { spent: 0n, reserved: amount, ...NOTHING_CHARGED }));
}

/** Stores the reservation of a new call. The sums have it already, or, for a call that waits for approval, do not. */
export async function storeReservation(
  db: Database,
  callId: string,
  { id: principal, credential }: Spender,
  { at, reserved, isOpen }: Pick<Reservation, 'at' | 'reserved' | 'isOpen'>,
): Promise<void> {
  const nothing = { cost: 0n, charges: NOTHING_CHARGED };
  await insertReservation(db, { callId, principal, credential, at, reserved, isOpen, ...nothing });
}

/** The call was approved: it counts from now on, in the periods of this moment. */
export async function openReservation(transaction: DatabaseTransaction, callId: string, at: string): Promise<void> {
  await changeReservation(transaction, callId, () => ({ at, isOpen: true }));
}

/** The call has ended: it counts for what it cost. */
export async function closeReservation(transaction: DatabaseTransaction, callId: string): Promise<void> {
  await changeReservation(transaction, callId, () => ({ isOpen: false }));
}

/**
 * Counts the cost of the call as its cost lines are now, before or after its end. Where their sum is a lower bound, the
 * call counts for at least what was reserved: otherwise a model without a price would use up no budget.
 */
export async function countCost(
  transaction: DatabaseTransaction,
  { id, principal }: Pick<GenerationCall, 'id' | 'principal'>,
): Promise<void> {
  const total = (await costOfCalls(transaction, principal, [id])).get(id);
  const charges = chargesOf(total);
  const { charged, incompleteCalls } = charges;
  await changeReservation(transaction, id, ({ reserved }) => ({
    cost: incompleteCalls === 0 || charged > reserved ? charged : reserved,
    charges,
  }));
}

/** Does nothing for a call without a reservation, and when nothing changes. */
async function changeReservation(
  transaction: DatabaseTransaction,
  callId: string,
  change: (before: Reservation) => Partial<Reservation>,
): Promise<void> {
  const before = await lockReservation(transaction, callId);
  if (before === null) return;
  const after = { ...before, ...change(before) };
  const isSame = after.at === before.at && after.cost === before.cost && after.isOpen === before.isOpen;
  if (isSame && isNothing(addCharges(after.charges, negativeOf(before.charges)))) return;
  await updateReservation(transaction, after);
  await addSpending(transaction, spendingChanges(before, after));
}

/** What the sums have to change by when a reservation changes. Sums that stay as they are have no row. */
export function spendingChanges(before: Reservation, after: Reservation): readonly SpendingOf[] {
  const { spent, reserved } = spendingOf(before);
  const sums = new Map<string, SpendingOf>();
  const rows = [
    ...spendingRows(spenderOf(before), before.at, {
      spent: -spent,
      reserved: -reserved,
      ...negativeOf(before.charges),
    }),
    ...spendingRows(spenderOf(after), after.at, { ...spendingOf(after), ...after.charges }),
  ];
  for (const row of rows) {
    const key = `${row.period} ${row.subject}`;
    const sum = sums.get(key);
    sums.set(key, {
      ...row,
      spent: row.spent + (sum?.spent ?? 0n),
      reserved: row.reserved + (sum?.reserved ?? 0n),
      ...addCharges(row, sum ?? NOTHING_CHARGED),
    });
  }
  // Every transaction locks the rows in this order, so that two of them cannot wait for each other.
  return [...sums.values()]
    .filter((row) => row.spent !== 0n || row.reserved !== 0n || !isNothing(row))
    .toSorted(inOrder);
}

function spenderOf({ principal, credential }: Reservation): Spender {
  return { id: principal, credential };
}

/** The sums that the spender's spending is part of, each with the same amounts. */
function spendingRows(spender: Spender, at: string, amounts: Spending & Charges): readonly SpendingOf[] {
  return subjectsOf(spender)
    .flatMap((subject) => BUDGET_PERIODS.map((period) => ({ subject, period: periodAt(period, at), ...amounts })))
    .toSorted(inOrder);
}

function inOrder(a: SpendingOf, b: SpendingOf): number {
  const [first, second] = [`${a.subject} ${a.period}`, `${b.subject} ${b.period}`];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}
