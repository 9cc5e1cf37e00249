/**
 * What calls were charged, added up by day: the sums of their cost lines. A budget counts the same where every price is
 * known, and more where one is not (`Reservation.cost`). Amounts are whole picodollars (src/domain/cost/cost.ts).
 */
import { type Cost, type CostBasis, toPicodollars } from '../cost/cost.ts';

/** The sum over some calls, or one call: its counts are then 0 or 1. */
export interface Charges {
  /** The sum of all cost lines whose price is known. */
  readonly charged: bigint;
  /** Calls with a cost line. */
  readonly chargedCalls: number;
  /** Of these, the calls whose cost is an estimate in any part. */
  readonly estimatedCalls: number;
  /** Of these, the calls that may have cost more than is known. */
  readonly incompleteCalls: number;
}

export const NOTHING_CHARGED: Charges = { charged: 0n, chargedCalls: 0, estimatedCalls: 0, incompleteCalls: 0 };

/** What one call was charged; undefined for a call without cost lines. */
export function chargesOf(cost: Cost | undefined): Charges {
  if (cost === undefined) return NOTHING_CHARGED;
  return {
    charged: toPicodollars(cost.amount),
    chargedCalls: 1,
    estimatedCalls: cost.basis === 'ESTIMATED' ? 1 : 0,
    incompleteCalls: cost.complete ? 0 : 1,
  };
}

export function addCharges(one: Charges, other: Charges): Charges {
  return {
    charged: one.charged + other.charged,
    chargedCalls: one.chargedCalls + other.chargedCalls,
    estimatedCalls: one.estimatedCalls + other.estimatedCalls,
    incompleteCalls: one.incompleteCalls + other.incompleteCalls,
  };
}

/** What changes a sum that has `before` in it into one with `after`. */
export function negativeOf({ charged, chargedCalls, estimatedCalls, incompleteCalls }: Charges): Charges {
  return {
    charged: -charged,
    chargedCalls: -chargedCalls,
    estimatedCalls: -estimatedCalls,
    incompleteCalls: -incompleteCalls,
  };
}

export function isNothing({ charged, chargedCalls, estimatedCalls, incompleteCalls }: Charges): boolean {
  return charged === 0n && chargedCalls === 0 && estimatedCalls === 0 && incompleteCalls === 0;
}

export function basisOf({ estimatedCalls }: Charges): CostBasis {
  return estimatedCalls > 0 ? 'ESTIMATED' : 'REPORTED';
}

/** Days of the calendar in UTC, both included: `2026-11-28`. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface DayCharges extends Charges {
  /** A day of the calendar in UTC. */
  readonly date: string;
}

export const DAY_MS = 86_400_000;

/** What was charged in a range of days. */
export interface PeriodCharges extends DayRange, Charges {
  /** Every day, in order, also those on which nothing was charged. */
  readonly days: readonly DayCharges[];
}

/** @param found the days on which something was charged, in any order */
export function periodCharges({ from, to }: DayRange, found: readonly DayCharges[]): PeriodCharges {
  const byDate = new Map(found.map((day) => [day.date, day]));
  const days: DayCharges[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10);
    days.push(byDate.get(date) ?? { date, ...NOTHING_CHARGED });
  }
  return { from, to, days, ...days.reduce<Charges>(addCharges, NOTHING_CHARGED) };
}
