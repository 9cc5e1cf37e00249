/** What each call counts for in the budgets. src/billing/reservations.ts is the only writer. */
import { sql } from 'kysely';
import type { Reservation } from '../../../domain/limits/budget.ts';
import type { Charges } from '../../../domain/limits/charges.ts';
import type { Database, DatabaseTransaction } from '../../database.ts';
import { forUpdate } from '../../locking.ts';
import { runPrepared } from '../../prepared-query.ts';

export async function insertReservation(db: Database, reservation: Reservation): Promise<void> {
  const { callId, principal, credential, at, reserved, cost, isOpen, charges } = reservation;
  const row = { call_id: callId, principal, credential, at, reserved, cost, is_open: isOpen, ...columnsOf(charges) };
  await runPrepared(db, 'new reservation', row, (values) => db.insertInto('reservations').values(values));
}

/** The reservation of a call as it is now, locked until the transaction ends. */
export async function lockReservation(transaction: DatabaseTransaction, callId: string): Promise<Reservation | null> {
  const [row] = await runPrepared(transaction, 'locked reservation', { callId }, (values) =>
    forUpdate(
      transaction,
      transaction
        .selectFrom('reservations')
        .select(['principal', 'credential', 'at', 'is_open', 'charged_calls', 'estimated_calls', 'incomplete_calls'])
        // As text: they can exceed the exact range of JavaScript numbers.
        .select([
          sql<string>`cast(reserved as text)`.as('reserved'),
          sql<string>`cast(cost as text)`.as('cost'),
          sql<string>`cast(charged as text)`.as('charged'),
        ])
        .where('call_id', '=', values.callId),
    ),
  );
  if (row === undefined) return null;
  const { principal, credential, at, is_open: isOpen } = row;
  const charges = {
    charged: BigInt(row.charged),
    chargedCalls: row.charged_calls,
    estimatedCalls: row.estimated_calls,
    incompleteCalls: row.incomplete_calls,
  };
  return { callId, principal, credential, at, isOpen, reserved: BigInt(row.reserved), cost: BigInt(row.cost), charges };
}

export async function updateReservation(
  db: Database,
  { callId, at, cost, isOpen, charges }: Reservation,
): Promise<void> {
  const values = { at, cost, is_open: isOpen, ...columnsOf(charges), of: callId };
  await runPrepared(db, 'change of a reservation', values, ({ of, ...set }) =>
    db.updateTable('reservations').set(set).where('call_id', '=', of),
  );
}

function columnsOf({ charged, chargedCalls, estimatedCalls, incompleteCalls }: Charges) {
  return {
    charged,
    charged_calls: chargedCalls,
    estimated_calls: estimatedCalls,
    incomplete_calls: incompleteCalls,
  };
}
