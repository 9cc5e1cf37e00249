/**
 * What a completion window may save. Sources of the discounts: secondary ones, November 2026. It is not known which models
 * take part, nor whether the tokens of images are discounted. So a cost has a range: from a discount on everything to none.
 */
import Big from 'big.js';
import type { CompletionWindow } from '../generation/options.ts';

/** The share of the price that is left with the discount on everything. */
const LOWEST_SHARES: Readonly<Record<CompletionWindow, string>> = {
  SOONEST: '1',
  WITHIN_2_HOURS: '0.7',
  WITHIN_8_HOURS: '0.6',
};

/** The lowest amount that may be charged, as an exact decimal. */
export function lowestAmount(amount: string, window: CompletionWindow | null): string {
  return new Big(amount).times(LOWEST_SHARES[window ?? 'SOONEST']).toFixed();
}
