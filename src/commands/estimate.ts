/** Estimates the cost and the duration of a generation before it is requested. */

import { estimateUsage } from '../billing/estimate-usage.ts';
import type { Database } from '../db/database.ts';
import { recentDurations } from '../db/queries/calls.ts';
import { completionWindowMs } from '../domain/completion-window.ts';
import { billedModels, type Cost, type DefaultModels, priceUsage, totalCost } from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import { lowestAmount } from '../domain/cost/window-discount.ts';
import type { GenerationRequest } from '../domain/generation-request.ts';
import type { ImageQuality } from '../domain/options.ts';
import { type ApiPolicy, planAttempt } from '../runner/requests/plan.ts';
import type { CheckedRequest } from './start/inputs.ts';

/** The time from the first upstream request to the last image, without the time in the queue. In milliseconds. */
export interface DurationEstimate {
  readonly typicalMs: number;
  /** Nine of ten calls take no longer. With a completion window, at least the window. */
  readonly slowMs: number;
  readonly basis: 'MEASURED' | 'CATALOGUE';
  /** The number of measured calls. */
  readonly samples: number;
}

export interface GenerationEstimate {
  /** Without the discount of a completion window. */
  readonly cost: Cost;
  /** The lowest amount that may be charged, in US dollars, decimal. */
  readonly lowestAmount: string;
  readonly duration: DurationEstimate;
}

export interface Estimates {
  estimate(principal: string, checked: CheckedRequest): Promise<GenerationEstimate>;
}

export interface EstimatesOptions {
  readonly db: Database;
  readonly prices: PriceTable;
  readonly models: DefaultModels;
  readonly policy: ApiPolicy;
}

/** With fewer samples, the catalogue is used instead. */
const MIN_SAMPLES = 3;
/** The number of recent calls that are read. */
const MAX_CALLS = 200;

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

export function createEstimates({ db, prices, models, policy }: EstimatesOptions): Estimates {
  function estimateCost({ request, sources }: CheckedRequest): Omit<GenerationEstimate, 'duration'> {
    const { settings, count, prompt } = request;
    const strategy = sources.length === 0 ? null : ({ route: 'IMAGE_BYTES', images: sources } as const);
    const { api, tasks } = planAttempt(request, strategy, { policy, allowsBatch: true }, []);
    const billed = billedModels(settings, models);
    const { usage, complete } = estimateUsage({
      api,
      settings,
      mainlineModel: billed.mainline,
      imageModel: billed.image,
      requests: tasks.length,
      images: count,
      partials: count * (settings.partialImages ?? 0),
      promptLength: prompt.length,
      inputs: sources,
    });
    const lines = priceUsage(usage, billed, prices).map((line) => ({ ...line, basis: 'ESTIMATED' as const }));
    const cost = totalCost(lines, complete);
    // The Image API has no completion windows.
    return { cost, lowestAmount: lowestAmount(cost.amount, api === 'IMAGES' ? null : settings.completionWindow) };
  }

  async function estimateDuration(
    principal: string,
    { settings, count }: GenerationRequest,
  ): Promise<DurationEstimate> {
    const windowMs = completionWindowMs(settings.completionWindow);
    const calls = await recentDurations(db, principal, MAX_CALLS);
    const samples = calls
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

  return {
    async estimate(principal, checked) {
      return { ...estimateCost(checked), duration: await estimateDuration(principal, checked.request) };
    },
  };
}
