/**
 * What a call may cost: the upper side of an estimate, which is reserved in budgets when the call is accepted. It is above
 * what such a call costs as a rule, so that many calls at once cannot spend more than was reserved for them. Attempts do
 * not multiply it: a request is sent again only after an attempt that certainly was not charged (PROTOCOL.md, "Retries").
 */
import { billedModels, type DefaultModels, priceUsage, toPicodollars } from '../domain/cost/cost.ts';
import type { PriceTable } from '../domain/cost/prices.ts';
import type { TokenUsage } from '../domain/cost/usage.ts';
import type { GenerationRequest } from '../domain/generation/generation-request.ts';
import type { ImageQuality, ImageSettings } from '../domain/generation/options.ts';
import { estimateUsage, isPublished } from './estimate-usage.ts';

/** What the amount depends on. */
export interface UpperEstimateRequest {
  readonly request: GenerationRequest;
  readonly sources: readonly { readonly width: number; readonly height: number }[];
  /** Whether the call continues a conversation or changes an image, whose context the upstream reads again. */
  readonly hasContext: boolean;
}

export interface UpperEstimateOptions {
  readonly prices: PriceTable;
  /** The models for calls that name none. */
  readonly models: DefaultModels;
  /** Whether the Image API alone is used, which has no mainline model. */
  readonly usesImageApiOnly: boolean;
  /** For each image whose price is not known, in picodollars. */
  readonly unpricedImage: bigint;
}

/** The size that stands for `auto`: the largest that the models choose by themselves. */
const LARGEST_AUTO_SIZE = '1536x1024';
/** The tokens of the finest qualities are not published. These are multiples of those of HIGH. */
const FINEST: Readonly<Partial<Record<ImageQuality, number>>> = { XHIGH: 2, MAX: 4 };
/**
 * A token stands for about four characters of English (estimate-usage.ts), but for one of Chinese, with three bytes, or for
 * two of random text. So one is reserved for two bytes.
 */
const UPPER_LENGTH_FACTOR = 2;
/** Stands for the images of a context that the upstream still has, and that are read again. */
const CONTEXT_IMAGES = Array.from({ length: 4 }, () => ({ width: 1536, height: 1024 }));
/**
 * For models of which no figures are published, as a multiple of the estimate: it is 3.5 times the tokens of 2.5, which
 * 2.6 may exceed, and complexity follows the reasoning effort where it is left out.
 */
const UNPUBLISHED_FACTOR = 1.5;
/** For an SVG with more paths than usual, or of a model that thinks longer. */
const SVG_FACTOR = 3;
/** For a mainline model that thinks, or writes more than it was asked to. In tokens for each request. */
const REASONING_TOKENS = 2_000;

/** In picodollars. */
export function createUpperEstimate({ prices, models, usesImageApiOnly, unpricedImage }: UpperEstimateOptions) {
  return ({ request, sources, hasContext }: UpperEstimateRequest): bigint => {
    const { settings, count, prompt } = request;
    // It is not known whether a markup counts as an image of its own. It has the size of the first source.
    const overlays = request.markupImageId === null ? [] : sources.slice(0, 1);
    const billed = billedModels(settings, models);
    const { usage } = estimateUsage({
      // The Image API may refuse what it was expected to make in one request. Then every image has a request of its own.
      api: usesImageApiOnly || request.markupImageId !== null ? 'IMAGES' : 'RESPONSES',
      settings: upperSettings(settings),
      mainlineModel: billed.mainline,
      imageModel: billed.image,
      requests: count,
      images: count,
      partials: count * (settings.partialImages ?? 0),
      promptLength: Buffer.byteLength(prompt) * UPPER_LENGTH_FACTOR,
      inputs: [...sources, ...overlays, ...(hasContext ? CONTEXT_IMAGES : [])],
    });
    const lines = priceUsage(withReserves(usage, settings, count), billed, prices);
    const known = lines.reduce((sum, { amount }) => sum + (amount === null ? 0n : toPicodollars(amount)), 0n);
    const isKnown = lines.every(({ amount }) => amount !== null);
    const fallback = BigInt(count) * unpricedImage;
    return isKnown || known > fallback ? known : fallback;
  };
}

/** What the model chooses counts as the largest that it can choose. */
function upperSettings(settings: ImageSettings): ImageSettings {
  const { quality, size } = settings;
  return {
    ...settings,
    quality: quality === null || quality === 'AUTO' ? 'HIGH' : quality,
    size: size === null || size === 'auto' ? LARGEST_AUTO_SIZE : size,
  };
}

function withReserves({ mainline, image, svg }: TokenUsage, { quality }: ImageSettings, requests: number): TokenUsage {
  const unpublished = isPublished(image?.model ?? null) ? 1 : UNPUBLISHED_FACTOR;
  const factor = (FINEST[quality ?? 'AUTO'] ?? 1) * unpublished;
  return {
    mainline:
      mainline === null ? null : { ...mainline, outputTokens: mainline.outputTokens + requests * REASONING_TOKENS },
    image: image === null ? null : { ...image, outputTokens: Math.ceil(image.outputTokens * factor) },
    svg:
      svg === null
        ? null
        : { ...svg, inputTokens: svg.inputTokens * SVG_FACTOR, outputTokens: svg.outputTokens * SVG_FACTOR },
  };
}
