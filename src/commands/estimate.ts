/** Estimates the cost and the duration of a generation before it is requested. */

import { estimateUsage } from '../billing/estimate-usage.ts';
import type { Database } from '../db/database.ts';
import { recentDurations } from '../db/queries/calls.ts';
import { billedModels, type Cost, type DefaultModels, priceUsage, totalCost } from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import { lowestAmount } from '../domain/cost/window-discount.ts';
import { type DurationEstimate, estimateDuration, MAX_RECENT_CALLS } from '../domain/generation/duration-estimate.ts';
import { type ApiPolicy, planAttempt } from '../runner/requests/plan.ts';
import type { CheckedRequest, GenerateInput } from './start/inputs.ts';
import type { RequestValidator } from './start/validate.ts';

export interface GenerationEstimate {
  /** Without the discount of a completion window. */
  readonly cost: Cost;
  /** The lowest amount that may be charged, in US dollars, decimal. */
  readonly lowestAmount: string;
  readonly duration: DurationEstimate;
}

/** The input of `generate`, or of `refine` with the id of an image. */
export interface EstimateInput extends GenerateInput {
  /** The image to refine; null for none. */
  readonly imageId: string | null;
}

export interface Estimates {
  /**
   * A blank prompt stands for one of the usual length: clients estimate before anybody has typed.
   * @throws {InvalidInputError} {NotFoundError} {InTrashError} {UnsupportedOptionError} as the command would
   */
  estimate(principal: string, input: EstimateInput): Promise<GenerationEstimate>;
}

export interface EstimatesOptions {
  readonly db: Database;
  readonly prices: PriceTable;
  readonly models: DefaultModels;
  readonly policy: ApiPolicy;
  readonly validator: Pick<RequestValidator, 'generate' | 'refine'>;
}

/** In place of a blank one: of 200 characters. */
const USUAL_PROMPT = 'x'.repeat(200);

export function createEstimates({ db, prices, models, policy, validator }: EstimatesOptions): Estimates {
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

  function check(principal: string, { imageId, ...input }: EstimateInput): Promise<CheckedRequest> {
    const prompt = input.request.prompt.trim() === '' ? USUAL_PROMPT : input.request.prompt;
    const given = { ...input, request: { ...input.request, prompt } };
    if (imageId === null) return validator.generate(principal, given);
    const others = Object.entries({ conversationId: input.conversationId, sourceImageIds: input.sourceImageIds[0] });
    const errors = others
      .filter(([, value]) => value != null)
      .map(([field]) => ({ field, message: 'cannot be combined with `imageId`: omit one of them.' }));
    return validator.refine(principal, { ...given, imageId, errors: [...input.errors, ...errors] });
  }

  return {
    async estimate(principal, input) {
      const checked = await check(principal, input);
      const recent = await recentDurations(db, principal, MAX_RECENT_CALLS);
      return { ...estimateCost(checked), duration: estimateDuration(checked.request, recent) };
    },
  };
}
