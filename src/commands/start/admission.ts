/**
 * Whether a call may be accepted: the number of its principal's open calls, and the budgets. Asked in the transaction
 * that stores the call, before anything else is stored: requests that arrive together cannot exceed a limit together.
 */
import type { Budgets } from '../../billing/budgets.ts';
import { reserve, storeReservation } from '../../billing/reservations.ts';
import type { UpperEstimateRequest } from '../../billing/upper-estimate.ts';
import type { DatabaseTransaction } from '../../db/database.ts';
import { countOpenCalls } from '../../db/queries/calls.ts';
import { fromPicodollars } from '../../domain/cost/cost.ts';
import { BudgetExceededError, RateLimitedError } from '../../domain/errors.ts';
import type { AcceptanceEventData } from '../../domain/generation/generation-event.ts';
import { decideBudgets, type Spender } from '../../domain/limits/budget.ts';
import type { NewCall } from './inputs.ts';

export interface Admission {
  /**
   * Reserves what the call may cost.
   * @returns how the call begins, and what stores its reservation once the call is stored
   * @throws {RateLimitedError} the principal has too many open calls · {BudgetExceededError} it does not fit into a budget
   */
  admit(transaction: DatabaseTransaction, spender: Spender, newCall: NewCall, at: string): Promise<Admitted>;
}

export interface Admitted {
  readonly firstEvent: AcceptanceEventData;
  storeReservation(transaction: DatabaseTransaction, callId: string): Promise<void>;
}

export interface AdmissionOptions {
  readonly budgets: Budgets;
  /** What the call may cost, in picodollars (src/billing/upper-estimate.ts). */
  readonly upperEstimate: (request: UpperEstimateRequest) => bigint;
  /** How many calls of a principal may be open: waiting, running, or awaiting approval. */
  readonly maxOpenCalls: number;
  /** How long a call waits for approval, in milliseconds. */
  readonly approvalTimeoutMs: number;
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { budgets, upperEstimate, maxOpenCalls, approvalTimeoutMs } = options;
  return {
    async admit(transaction, spender, { request, sources, conversationId }, at) {
      const amount = upperEstimate({ request, sources, hasContext: conversationId !== null });
      // First of all, because it makes other requests of the principal wait until this one is stored or refused.
      await reserve(transaction, spender, at, amount);
      await refuseTooManyOpenCalls(transaction, spender, maxOpenCalls);
      const states = await budgets.of(transaction, spender, at);
      const before = states.map((state) => ({ ...state, reserved: state.reserved - amount }));
      const { action, exceeded } = decideBudgets(before, amount);
      if (action === 'REFUSE') throw new BudgetExceededError(exceeded, amount);
      const isOpen = action === 'ACCEPT';
      // A call that may never be approved holds back no other.
      if (!isOpen) await reserve(transaction, spender, at, -amount);
      return {
        firstEvent: isOpen ? { type: 'GenerationQueued' } : awaitingApproval(amount, at, approvalTimeoutMs),
        storeReservation: (db, callId) => storeReservation(db, callId, spender, { at, reserved: amount, isOpen }),
      };
    },
  };
}

async function refuseTooManyOpenCalls(
  transaction: DatabaseTransaction,
  { id }: Spender,
  maxOpenCalls: number,
): Promise<void> {
  const open = await countOpenCalls(transaction, id);
  if (open < maxOpenCalls) return;
  throw new RateLimitedError(
    `You have ${open} open calls, and at most ${maxOpenCalls} (MAX_OPEN_CALLS) are allowed at a time. ` +
      'Wait until one has ended, or cancel one.',
    null,
  );
}

function awaitingApproval(amount: bigint, at: string, timeoutMs: number): AcceptanceEventData {
  return {
    type: 'GenerationAwaitingApproval',
    amount: fromPicodollars(amount),
    expiresAt: new Date(Date.parse(at) + timeoutMs).toISOString(),
  };
}
