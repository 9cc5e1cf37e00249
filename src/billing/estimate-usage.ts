/**
 * Estimates the tokens of a generation: before it is bought, or when the upstream reports no usage. These are rules of
 * thumb. Each names its source, and every estimate is marked as one.
 */
import { pricesOf } from '../domain/cost/prices.ts';
import type { SvgUsage, TokenUsage } from '../domain/cost/usage.ts';
import type { Complexity, ImageQuality, ImageSettings, ReasoningEffort } from '../domain/generation/options.ts';

interface Drawn extends Readonly<Record<'LOW' | 'MEDIUM' | 'HIGH', number>> {
  /** Whether the figures follow from what OpenAI publishes about the model. */
  readonly isPublished: boolean;
}

/**
 * Output tokens of an image of 1024x1024, by model. Where a price is published, it is divided by the published price of a
 * token.
 */
// 0.006, 0.053 and 0.211 USD at 30 USD per million.
const GPT_IMAGE_2: Drawn = { LOW: 200, MEDIUM: 1767, HIGH: 7034, isPublished: true };
// Its tokens have the prices of gpt-image-2. The price of an image is not published.
const GPT_IMAGE_2_5: Drawn = { ...GPT_IMAGE_2, isPublished: false };
// Not published either. Public measurements: 3 to 4 times the tokens of 2.5 at LOW and MEDIUM, and as many at HIGH.
const GPT_IMAGE_2_6: Drawn = { LOW: 700, MEDIUM: 6185, HIGH: 7034, isPublished: false };
// The token table of OpenAI's image generation guide.
const GPT_IMAGE_1_5: Drawn = { LOW: 272, MEDIUM: 1056, HIGH: 4160, isPublished: true };

const TOKENS_AT_1024: Readonly<Record<string, Drawn>> = {
  'gpt-image-2.6-sunburst': GPT_IMAGE_2_6,
  'gpt-image-2.6-flare': GPT_IMAGE_2_6,
  'gpt-image-2.5-sunburst': GPT_IMAGE_2_5,
  'gpt-image-2.5-flare': GPT_IMAGE_2_5,
  'gpt-image-2': GPT_IMAGE_2,
  'gpt-image-1.5': GPT_IMAGE_1_5,
  'chatgpt-image-latest': GPT_IMAGE_1_5,
  // 0.005, 0.011 and 0.036 USD at 8 USD per million.
  'gpt-image-1-mini': { LOW: 625, MEDIUM: 1375, HIGH: 4500, isPublished: true },
};
/** The default of the upstream. A model that is not in the table is most likely as new, or newer. */
const FALLBACK = GPT_IMAGE_2_6;

/** No figures are published: these are guesses. */
const COMPLEXITY_FACTORS: Readonly<Record<Complexity, number>> = { LOW: 0.75, MEDIUM: 1, HIGH: 1.5 };

/** The frames of a GIF where none are asked for (OpenAI's API reference). Each is taken to cost what an image costs. */
const DEFAULT_FRAMES = 9;

/** The input of the model that writes an SVG: the picture and instructions. A public measurement with an image of 614 tokens. */
const SVG_INPUT_TOKENS = 1572;
/** Its output by effort. MEDIUM is from the same measurement; the others are guesses. */
const SVG_OUTPUT_TOKENS: Readonly<Record<ReasoningEffort, number>> = {
  NONE: 760,
  MINIMAL: 830,
  LOW: 1_020,
  MEDIUM: 1_437,
  HIGH: 2_700,
  XHIGH: 5_000,
  MAX: 10_500,
};

/** A partial image costs 100 image output tokens (OpenAI's image generation guide). */
export const TOKENS_PER_PARTIAL = 100;
/** The usual figure for English text. */
const CHARACTERS_PER_TOKEN = 4;
/** Measured on the usage that edits report: about one token for 32 x 32 pixels. */
const PIXELS_PER_INPUT_TOKEN = 1024;
/** Tokens for the tool's description and the rewritten prompt, from reported usage. */
const MAINLINE_OVERHEAD = { input: 1800, output: 120 };

export interface UsageQuestion {
  readonly api: 'RESPONSES' | 'IMAGES';
  readonly settings: ImageSettings;
  readonly mainlineModel: string | null;
  readonly imageModel: string | null;
  /** The number of requests: each carries the prompt and the source images. */
  readonly requests: number;
  readonly images: number;
  readonly partials: number;
  readonly promptLength: number;
  /** The source images of each request. */
  readonly inputs: readonly { readonly width: number; readonly height: number }[];
}

export interface UsageEstimate {
  readonly usage: TokenUsage;
  /** False when it is a lower bound: the tokens of the finest qualities are not published. */
  readonly complete: boolean;
}

export function estimateUsage(question: UsageQuestion): UsageEstimate {
  const { api, settings, mainlineModel, imageModel, requests, images, partials, inputs } = question;
  const textTokens = Math.ceil(question.promptLength / CHARACTERS_PER_TOKEN);
  const pixels = inputs.reduce((sum, { width, height }) => sum + width * height, 0);
  const imageTokens = Math.ceil(pixels / PIXELS_PER_INPUT_TOKEN);
  return {
    usage: {
      mainline:
        api === 'IMAGES'
          ? null
          : {
              model: mainlineModel,
              inputTokens: requests * (textTokens + imageTokens + MAINLINE_OVERHEAD.input),
              cachedInputTokens: 0,
              outputTokens: requests * (MAINLINE_OVERHEAD.output + textTokens),
              reasoningTokens: 0,
            },
      image: {
        model: imageModel,
        textInputTokens: requests * textTokens,
        cachedTextInputTokens: 0,
        imageInputTokens: requests * imageTokens,
        cachedImageInputTokens: 0,
        outputTokens: images * tokensOfImage(imageModel, settings) + partials * TOKENS_PER_PARTIAL,
        textOutputTokens: 0,
        unsplitInputTokens: 0,
      },
      svg: settings.format === 'SVG' ? svgTokens(settings, images) : null,
    },
    complete: settings.quality !== 'XHIGH' && settings.quality !== 'MAX',
  };
}

function svgTokens({ svg }: ImageSettings, images: number): SvgUsage {
  return {
    // As it is billed: the model that is asked for, else the mainline model.
    model: null,
    inputTokens: images * SVG_INPUT_TOKENS,
    outputTokens: images * SVG_OUTPUT_TOKENS[svg?.reasoningEffort ?? 'MEDIUM'],
    reasoningTokens: 0,
  };
}

/** Whether the tokens of an image of the model follow from what OpenAI publishes. */
export function isPublished(model: string | null): boolean {
  return (pricesOf(TOKENS_AT_1024, model) ?? FALLBACK).isPublished;
}

/**
 * Output tokens of one image, without its partial images. They grow with the number of pixels. AUTO quality counts as
 * MEDIUM, and an automatic size as 1024x1024.
 */
export function tokensOfImage(model: string | null, settings: ImageSettings): number {
  const { quality, size, complexity, format, frameCount } = settings;
  const table = pricesOf(TOKENS_AT_1024, model) ?? FALLBACK;
  const [width = 1024, height = 1024] = (size ?? '')
    .split('x')
    .map(Number)
    .filter((edge) => edge > 0);
  const frames = format === 'GIF' ? (frameCount ?? DEFAULT_FRAMES) : 1;
  const tokens = table[drawnAs(quality)] * COMPLEXITY_FACTORS[complexity ?? 'MEDIUM'] * frames;
  return Math.ceil((tokens * width * height) / 1024 ** 2);
}

function drawnAs(quality: ImageQuality | null): 'LOW' | 'MEDIUM' | 'HIGH' {
  if (quality === 'LOW') return 'LOW';
  return quality === 'HIGH' || quality === 'XHIGH' || quality === 'MAX' ? 'HIGH' : 'MEDIUM';
}
