/**
 * Completes a reported usage with estimates. The upstream may report nothing for a model, leave out counts, or report
 * fewer tokens than what arrived must have used. A call never costs less than what it surely bought.
 */
import type { ImageUsage, MainlineUsage, SvgUsage, TokenUsage } from '../domain/cost/usage.ts';
import type { ImageSettings } from '../domain/generation/options.ts';
import { TOKENS_PER_PARTIAL, tokensOfImage, type UsageEstimate } from './estimate-usage.ts';

/** What is known of the request that used the tokens. */
export interface UsedRequest {
  readonly settings: ImageSettings;
  readonly imageModel: string | null;
  /** The images and partial images that arrived: they were surely bought. */
  readonly images: number;
  readonly partials: number;
  /** Whether images or partial images were, or may have been, made. */
  readonly isDrawn: boolean;
}

export interface CompletedUsage {
  readonly usage: TokenUsage;
  readonly isEstimated: boolean;
  /** False when some tokens are a lower bound. */
  readonly isCounted: boolean;
}

/** A finished image costs no less than a partial one. */
const MIN_TOKENS_OF_IMAGE = TOKENS_PER_PARTIAL;

/** @param estimate of everything that the request bought or may have bought */
export function completeUsage(
  reported: TokenUsage | null,
  estimate: UsageEstimate,
  request: UsedRequest,
): CompletedUsage {
  const mainline = completeMainline(reported?.mainline ?? null, estimate.usage.mainline, request);
  const image = completeImage(reported?.image ?? null, estimate.usage.image, request);
  const svg = completeSvg(reported?.svg ?? null, estimate.usage.svg, request);
  const usage = { mainline, image, svg };
  return {
    usage,
    isEstimated:
      isChanged(reported?.mainline, mainline) || isChanged(reported?.image, image) || isChanged(reported?.svg, svg),
    isCounted: estimate.complete || image === null || image.outputTokens === reported?.image?.outputTokens,
  };
}

function completeMainline(
  reported: MainlineUsage | null,
  estimated: MainlineUsage | null,
  request: UsedRequest,
): MainlineUsage | null {
  if (reported === null || estimated === null) return reported ?? estimated;
  // Without an image, a report of no tokens can be true: the request may have been refused.
  return hasArrived(request) ? withMissingTokens(reported, estimated) : reported;
}

function completeSvg(reported: SvgUsage | null, estimated: SvgUsage | null, request: UsedRequest): SvgUsage | null {
  if (reported === null) return request.isDrawn ? estimated : null;
  return request.images > 0 && estimated !== null ? withMissingTokens(reported, estimated) : reported;
}

/** A model that has worked has read something and written something. */
function withMissingTokens<Usage extends MainlineUsage | SvgUsage>(reported: Usage, estimated: Usage): Usage {
  const { inputTokens, outputTokens } = reported;
  if (inputTokens > 0 && outputTokens > 0) return reported;
  return {
    ...reported,
    inputTokens: inputTokens === 0 ? estimated.inputTokens : inputTokens,
    outputTokens: outputTokens === 0 ? estimated.outputTokens : outputTokens,
  };
}

function completeImage(
  reported: ImageUsage | null,
  estimated: ImageUsage | null,
  request: UsedRequest,
): ImageUsage | null {
  if (reported === null) return request.isDrawn ? estimated : null;
  if (estimated === null || !hasArrived(request)) return reported;
  return withOutput(withInput(reported, estimated), estimated, request);
}

function withInput(reported: ImageUsage, estimated: ImageUsage): ImageUsage {
  if (reported.textInputTokens + reported.imageInputTokens > 0) return reported;
  const { textInputTokens, imageInputTokens } = estimated;
  return { ...reported, textInputTokens, imageInputTokens };
}

function withOutput(reported: ImageUsage, estimated: ImageUsage, request: UsedRequest): ImageUsage {
  const { settings, imageModel, images, partials } = request;
  const { outputTokens, unreportedImages = 0 } = reported;
  if (unreportedImages > 0) {
    const unreported = unreportedImages * tokensOfImage(reported.model ?? imageModel, settings);
    return { ...reported, outputTokens: outputTokens + unreported };
  }
  const atLeast = images * MIN_TOKENS_OF_IMAGE + partials * TOKENS_PER_PARTIAL;
  if (outputTokens >= atLeast) return reported;
  return { ...reported, outputTokens: Math.max(atLeast, estimated.outputTokens) };
}

function hasArrived({ images, partials }: UsedRequest): boolean {
  return images + partials > 0;
}

/** Whether a part is not what was reported, or the report contradicts itself. */
function isChanged<Usage extends MainlineUsage | ImageUsage | SvgUsage>(
  reported: Usage | null | undefined,
  completed: Usage | null,
): boolean {
  return completed !== null && (completed !== reported || (completed.disputedTokens ?? 0) > 0);
}
