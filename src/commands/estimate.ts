/** What a generation would cost, and how long it would take, before it is bought. */

import { estimateUsage } from '../billing/estimate-usage.ts';
import type { Database } from '../db/database.ts';
import { recentDurations } from '../db/queries/calls.ts';
import { type BilledModels, type Cost, priceUsage, totalCost } from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import type { GenerationRequest } from '../domain/generation-request.ts';
import type { ImageQuality } from '../domain/options.ts';
import { type ApiPolicy, planAttempt } from '../runner/plan.ts';
import type { CheckedRequest } from './validate.ts';

/** From the first request to the last picture, the waiting for a turn not included. Milliseconds. */
export interface DurationEstimate {
  readonly typicalMs: number;
  /** Nine of ten take no longer. */
  readonly slowMs: number;
  readonly basis: 'MEASURED' | 'CATALOGUE';
  /** How many calls it was measured on. */
  readonly samples: number;
}

export interface GenerationEstimate {
  readonly cost: Cost;
  readonly duration: DurationEstimate;
}

export interface Estimates {
  estimate(principal: string, checked: CheckedRequest): Promise<GenerationEstimate>;
}

export interface EstimatesOptions {
  readonly db: Database;
  readonly prices: PriceTable;
  readonly models: BilledModels;
  readonly policy: ApiPolicy;
}

/** Fewer say nothing. */
const LEAST_SAMPLES = 3;
const MOST_SAMPLES = 200;

/** Rough figures of public reports for one picture; a server that has made some knows better. Milliseconds. */
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
  function costOf({ request, sources }: CheckedRequest): Cost {
    const { settings, count, prompt } = request;
    const strategy = sources.length === 0 ? null : ({ route: 'IMAGE_BYTES', images: sources } as const);
    const { api, tasks } = planAttempt(request, strategy, { policy, allowsBatch: true }, []);
    const billed = {
      mainline: settings.mainlineModel ?? models.mainline,
      image: settings.model ?? models.image,
    };
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
    return totalCost(lines, complete);
  }

  async function durationOf(principal: string, { settings, count }: GenerationRequest): Promise<DurationEstimate> {
    const calls = await recentDurations(db, principal, MOST_SAMPLES);
    const alike = calls
      .filter((call) => call.count === count)
      .filter(({ requested: { model, quality, size } }) => {
        return model === settings.model && quality === settings.quality && size === settings.size;
      })
      .map(({ durationMs }) => durationMs)
      .toSorted((a, b) => a - b);
    if (alike.length < LEAST_SAMPLES) {
      const typicalMs = TYPICAL_MS[settings.quality ?? 'AUTO'];
      return { typicalMs, slowMs: typicalMs * SLOW_FACTOR, basis: 'CATALOGUE', samples: 0 };
    }
    const at = (share: number) => alike[Math.min(alike.length - 1, Math.floor(alike.length * share))] ?? 0;
    return { typicalMs: at(0.5), slowMs: at(0.9), basis: 'MEASURED', samples: alike.length };
  }

  return {
    async estimate(principal, checked) {
      return { cost: costOf(checked), duration: await durationOf(principal, checked.request) };
    },
  };
}
