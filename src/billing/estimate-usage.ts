/**
 * What a generation will use, before it is bought, or when the upstream does not say what it used. Rules of thumb; each
 * says where it comes from, and what is estimated is always marked so.
 */

import { pricesOf } from '../domain/cost/prices.ts';
import type { TokenUsage } from '../domain/cost/usage.ts';
import type { ImageQuality, ImageSettings } from '../domain/options.ts';

type Drawn = Readonly<Record<'LOW' | 'MEDIUM' | 'HIGH', number>>;

/** Output tokens of a picture of 1024x1024: the published price of one, by the published price of a token. */
const TOKENS_AT_1024: Readonly<Record<string, Drawn>> = {
  // 0.006, 0.053 and 0.211 USD at 30 a million.
  'gpt-image-2': { LOW: 200, MEDIUM: 1767, HIGH: 7034 },
  // The guide's own table of tokens for the first models.
  'gpt-image-1.5': { LOW: 272, MEDIUM: 1056, HIGH: 4160 },
  'chatgpt-image-latest': { LOW: 272, MEDIUM: 1056, HIGH: 4160 },
  // 0.005, 0.011 and 0.036 USD at 8 a million.
  'gpt-image-1-mini': { LOW: 625, MEDIUM: 1375, HIGH: 4500 },
};
/** What is known of the newest is that they cost as gpt-image-2 does. */
const NEWEST = 'gpt-image-2';

/** UPSTREAM: a partial costs 100 image output tokens. */
export const TOKENS_PER_PARTIAL = 100;
/** English text, as tokenizers are described. */
const CHARACTERS_PER_TOKEN = 4;
/** Measured on the tokens that edits report: about one for a square of 32 pixels. */
const PIXELS_PER_INPUT_TOKEN = 1024;
/** The tool's own description and the rewritten prompt, as far as reports show: the mainline model's share is small. */
const MAINLINE_OVERHEAD = { input: 1800, output: 120 };

export interface UsageQuestion {
  readonly api: 'RESPONSES' | 'IMAGES';
  readonly settings: ImageSettings;
  readonly mainlineModel: string | null;
  readonly imageModel: string | null;
  /** Requests to the upstream: each carries the prompt and the inputs. */
  readonly requests: number;
  readonly images: number;
  readonly partials: number;
  readonly promptLength: number;
  /** The pictures that go in with each request. */
  readonly inputs: readonly { readonly width: number; readonly height: number }[];
}

export interface UsageEstimate {
  readonly usage: TokenUsage;
  /** False where it is a floor: what the finest qualities draw is not published. */
  readonly complete: boolean;
}

export function estimateUsage(question: UsageQuestion): UsageEstimate {
  const { api, settings, mainlineModel, imageModel, requests, images, partials, inputs } = question;
  const text = Math.ceil(question.promptLength / CHARACTERS_PER_TOKEN);
  const pixels = inputs.reduce((sum, { width, height }) => sum + width * height, 0);
  const pictureIn = Math.ceil(pixels / PIXELS_PER_INPUT_TOKEN);
  const drawn = drawnTokens(imageModel, settings);
  return {
    usage: {
      mainline:
        api === 'IMAGES'
          ? null
          : {
              model: mainlineModel,
              inputTokens: requests * (text + pictureIn + MAINLINE_OVERHEAD.input),
              cachedInputTokens: 0,
              outputTokens: requests * (MAINLINE_OVERHEAD.output + text),
              reasoningTokens: 0,
            },
      image: {
        model: imageModel,
        textInputTokens: requests * text,
        cachedTextInputTokens: 0,
        imageInputTokens: requests * pictureIn,
        cachedImageInputTokens: 0,
        outputTokens: images * drawn + partials * TOKENS_PER_PARTIAL,
        textOutputTokens: 0,
        unsplitInputTokens: 0,
      },
    },
    complete: settings.quality !== 'XHIGH' && settings.quality !== 'MAX',
  };
}

/** Larger pictures take more, in proportion to their pixels; AUTO counts as MEDIUM, and an automatic size as a square. */
function drawnTokens(model: string | null, { quality, size }: ImageSettings): number {
  const table = pricesOf(TOKENS_AT_1024, model) ?? TOKENS_AT_1024[NEWEST];
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
