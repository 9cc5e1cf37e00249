/**
 * Estimates the tokens of a generation: before it is bought, or when the upstream reports no usage. These are rules of
 * thumb. Each names its source, and every estimate is marked as one.
 */
import { pricesOf } from '../domain/cost/prices.ts';
import type { TokenUsage } from '../domain/cost/usage.ts';
import type { ImageQuality, ImageSettings } from '../domain/options.ts';

type Drawn = Readonly<Record<'LOW' | 'MEDIUM' | 'HIGH', number>>;

/** Output tokens of an image of 1024x1024: its published price divided by the published price of a token. */
const TOKENS_AT_1024: Readonly<Record<string, Drawn>> = {
  // 0.006, 0.053 and 0.211 USD at 30 USD per million.
  'gpt-image-2': { LOW: 200, MEDIUM: 1767, HIGH: 7034 },
  // The token table of OpenAI's image generation guide.
  'gpt-image-1.5': { LOW: 272, MEDIUM: 1056, HIGH: 4160 },
  'chatgpt-image-latest': { LOW: 272, MEDIUM: 1056, HIGH: 4160 },
  // 0.005, 0.011 and 0.036 USD at 8 USD per million.
  'gpt-image-1-mini': { LOW: 625, MEDIUM: 1375, HIGH: 4500 },
};
/** Newer models are known to cost as much as gpt-image-2. */
const FALLBACK_MODEL = 'gpt-image-2';

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
  const drawn = drawnTokens(imageModel, settings);
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
        outputTokens: images * drawn + partials * TOKENS_PER_PARTIAL,
        textOutputTokens: 0,
        unsplitInputTokens: 0,
      },
    },
    complete: settings.quality !== 'XHIGH' && settings.quality !== 'MAX',
  };
}

/** Tokens grow with the number of pixels. AUTO quality counts as MEDIUM, and an automatic size as 1024x1024. */
function drawnTokens(model: string | null, { quality, size }: ImageSettings): number {
  const table = pricesOf(TOKENS_AT_1024, model) ?? TOKENS_AT_1024[FALLBACK_MODEL];
  const [width = 1024, height = 1024] = (size ?? '')
    .split('x')
    .map(Number)
    .filter((edge) => edge > 0);
  return Math.ceil(((table?.[drawnAs(quality)] ?? 0) * width * height) / 1024 ** 2);
}

function drawnAs(quality: ImageQuality | null): keyof Drawn {
  if (quality === 'LOW') return 'LOW';
  return quality === 'HIGH' || quality === 'XHIGH' || quality === 'MAX' ? 'HIGH' : 'MEDIUM';
}
