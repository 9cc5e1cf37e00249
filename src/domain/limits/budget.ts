/**
 * Budgets: what a principal, or a key, may spend in a day or a month of the calendar in UTC. All amounts are whole
 * picodollars (src/domain/cost/cost.ts), so that sums are exact. docs/budgets.md explains the rules to operators.
 */
import { type ApiKeyCredential, apiKeyIdOf, isApiKeyCredential } from '../access/api-key.ts';
import type { Charges } from './charges.ts';

export const BUDGET_PERIODS = ['DAY', 'MONTH'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** What happens to a request that does not fit: it is refused, or its call waits until an administrator approves it. */
export const BUDGET_ACTIONS = ['REFUSE', 'ASK'] as const;
export type BudgetAction = (typeof BUDGET_ACTIONS)[number];

export const BUDGET_SUBJECTS = ['PRINCIPAL', 'KEY'] as const;
export type BudgetSubjectKind = (typeof BUDGET_SUBJECTS)[number];

/** Who spends: a principal, by the credentials it presented. */
export interface Spender {
  readonly id: string;
  /** `key:<id>` for an API key; null without authentication. Only keys have budgets of their own. */
  readonly credential: string | null;
}

/** Whose spending a budget limits: `principal:<id>` or `key:<id>`. */
export type BudgetSubject = `principal:${string}` | ApiKeyCredential;

export interface Budget {
  readonly subject: BudgetSubject;
  readonly period: BudgetPeriod;
  readonly limit: bigint;
  readonly onExceed: BudgetAction;
  /** Whether it comes from the environment, because the principal has none of its own. */
  readonly isDefault: boolean;
}

/** What was spent, and what is reserved for calls that have not ended. */
export interface Spending {
  readonly spent: bigint;
  readonly reserved: bigint;
}

export interface BudgetState extends Budget, Spending {
  /** RFC 3339 in UTC. */
  readonly startsAt: string;
  readonly resetsAt: string;
}

/** What one call counts for in the budgets of its spender. */
export interface Reservation {
  readonly callId: string;
  readonly principal: string;
  readonly credential: string | null;
  /** When it was made, RFC 3339 in UTC: the call counts in the periods of this moment, however late its costs arrive. */
  readonly at: string;
  /** What the call may cost, estimated when it was accepted. */
  readonly reserved: bigint;
  /** What was or may have been charged so far: at least what was reserved where a price is not known. */
  readonly cost: bigint;
  /** What its cost lines say, without anything that is only reserved. */
  readonly charges: Charges;
  /** True until the call has ended. False, too, while the call waits for approval. */
  readonly isOpen: boolean;
}

export const NOTHING_SPENT: Spending = { spent: 0n, reserved: 0n };

/** An open call counts for what was reserved, or for its cost where that is higher. A closed one counts for its cost. */
export function spendingOf({ reserved, cost, isOpen }: Pick<Reservation, 'reserved' | 'cost' | 'isOpen'>): Spending {
  return { spent: cost, reserved: isOpen && reserved > cost ? reserved - cost : 0n };
}

/** The subjects whose budgets limit the spender. */
export function subjectsOf({ id, credential }: Spender): readonly BudgetSubject[] {
  const principal: BudgetSubject = `principal:${id}`;
  return isApiKeyCredential(credential) ? [principal, credential] : [principal];
}

/** The kind and the id of a subject. */
export function partsOf(subject: BudgetSubject): { readonly kind: BudgetSubjectKind; readonly id: string } {
  if (isApiKeyCredential(subject)) return { kind: 'KEY', id: apiKeyIdOf(subject) };
  return { kind: 'PRINCIPAL', id: subject.slice('principal:'.length) };
}

/** The period that contains the moment, as ISO 8601 writes it: `2026-11-28` for a day, `2026-11` for a month. */
export function periodAt(period: BudgetPeriod, at: string): string {
  return at.slice(0, period === 'DAY' ? 10 : 7);
}

/** When the period of the moment began, and when the next one begins: midnight in UTC. */
export function boundsOf(period: BudgetPeriod, at: string): Pick<BudgetState, 'startsAt' | 'resetsAt'> {
  const [year = 0, month = 1, day = 1] = periodAt('DAY', at).split('-').map(Number);
  const [from, to] =
    period === 'DAY'
      ? [Date.UTC(year, month - 1, day), Date.UTC(year, month - 1, day + 1)]
      : [Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1)];
  return { startsAt: new Date(from).toISOString(), resetsAt: new Date(to).toISOString() };
}

/** What may still be reserved; 0 when more was spent than the budget allows. */
export function remainingOf({ limit, spent, reserved }: Pick<BudgetState, 'limit' | 'spent' | 'reserved'>): bigint {
  const rest = limit - spent - reserved;
  return rest > 0n ? rest : 0n;
}

/** The answer to a request that would reserve something. `exceeded` is null only for ACCEPT. */
export type BudgetDecision =
  | { readonly action: 'ACCEPT'; readonly exceeded: null }
  | { readonly action: BudgetAction; readonly exceeded: ExceededBudgets };

export interface ExceededBudgets {
  /** The one with the least left. */
  readonly tightest: BudgetState;
  /** When the last of them is reset: before that, the same request fits only if other calls cost less than reserved. */
  readonly resetsAt: string;
}

/**
 * Whether a request fits into all budgets. One that refuses decides before those that ask.
 * @param budgets as they are without the request
 * @param amount what the request would reserve
 */
export function decideBudgets(budgets: readonly BudgetState[], amount: bigint): BudgetDecision {
  const exceeded = budgets.filter(({ limit, spent, reserved }) => spent + reserved + amount > limit);
  const refusing = exceeded.filter(({ onExceed }) => onExceed === 'REFUSE');
  const deciding = refusing.length > 0 ? refusing : exceeded;
  const [tightest] = deciding.toSorted((a, b) => compare(leftOf(a), leftOf(b)));
  if (tightest === undefined) return { action: 'ACCEPT', exceeded: null };
  const resetsAt =
    deciding
      .map((budget) => budget.resetsAt)
      .toSorted()
      .at(-1) ?? tightest.resetsAt;
  return { action: tightest.onExceed, exceeded: { tightest, resetsAt } };
}

/** Negative when more was spent than allowed. */
function leftOf({ limit, spent, reserved }: BudgetState): bigint {
  return limit - spent - reserved;
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
