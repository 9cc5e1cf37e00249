/** How long a generation takes: measured on earlier calls of its kind, else from rough figures. */
import { completionWindowMs } from './completion-window.ts';
import type { GenerationRequest } from './generation-request.ts';
import type { ImageQuality, ImageSettings } from './options.ts';

export const DURATION_BASES = ['MEASURED', 'CATALOGUE'] as const;
export type DurationBasis = (typeof DURATION_BASES)[number];

/** The time from the first upstream request to the last image, without the time in the queue. In milliseconds. */
export interface DurationEstimate {
  readonly typicalMs: number;
  /** Nine of ten calls take no longer. With a completion window, at least the window. */
  readonly slowMs: number;
  readonly basis: DurationBasis;
  /** The number of measured calls. */
  readonly samples: number;
}

/** How long a completed call took, from the start to the end. */
export interface CallDuration {
  readonly count: number;
  readonly requested: ImageSettings;
  readonly durationMs: number;
}

/** The number of recent calls that an estimate looks at. */
export const MAX_RECENT_CALLS = 200;
/** With fewer samples, the rough figures are used instead. */
const MIN_SAMPLES = 3;

/** Rough figures from public reports for one image, used until the server has samples of its own. In milliseconds. */
const TYPICAL_MS: Readonly<Record<ImageQuality, number>> = {
  AUTO: 30_000,
  LOW: 12_000,
  MEDIUM: 30_000,
  HIGH: 60_000,
  XHIGH: 90_000,
  MAX: 120_000,
};
const SLOW_FACTOR = 2;

/** @param recent the newest completed calls of the same principal */
export function estimateDuration(
  { settings, count }: Pick<GenerationRequest, 'settings' | 'count'>,
  recent: readonly CallDuration[],
): DurationEstimate {
  const windowMs = completionWindowMs(settings.completionWindow);
  const samples = recent
    .filter((call) => call.count === count)
    .filter(({ requested: { model, quality, size } }) => {
      return model === settings.model && quality === settings.quality && size === settings.size;
    })
    .filter(({ requested }) => completionWindowMs(requested.completionWindow) === windowMs)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);
  if (samples.length < MIN_SAMPLES) {
    const quickMs = TYPICAL_MS[settings.quality ?? 'AUTO'];
    // Nobody says when in its window the upstream begins.
    const [typicalMs, slowMs] = windowMs > 0 ? [windowMs, windowMs] : [quickMs, quickMs * SLOW_FACTOR];
    return { typicalMs, slowMs, basis: 'CATALOGUE', samples: 0 };
  }
  const quantile = (share: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0;
  const slowMs = Math.max(quantile(0.9), windowMs);
  return { typicalMs: quantile(0.5), slowMs, basis: 'MEASURED', samples: samples.length };
}
