/** How long an image with a completion window may take. */
import type { CompletionWindow } from './options.ts';

const HOUR_MS = 60 * 60 * 1000;

const WINDOW_MS: Readonly<Record<CompletionWindow, number>> = {
  SOONEST: 0,
  WITHIN_2_HOURS: 2 * HOUR_MS,
  WITHIN_8_HOURS: 8 * HOUR_MS,
};

/** In milliseconds; 0 for an image that is wanted at once. */
export function completionWindowMs(window: CompletionWindow | null): number {
  return WINDOW_MS[window ?? 'SOONEST'];
}
