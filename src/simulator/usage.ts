/**
 * Token counts in the upstream's format. The numbers are invented but realistic: a 1024x1024 image costs what
 * gpt-image-2's price list says at 30 USD per million tokens (more with gpt-image-2.6), larger images cost more in
 * proportion, and a partial image costs 100 tokens.
 */
import { GENERATION_2_6, type ImageOptions, type Quality, type Size } from './image-options.ts';
import { planningOf } from './planning.ts';
import type { ReasoningEffort, SvgOptions } from './svg-options.ts';

const TOKENS_AT_1024: Readonly<Record<Quality, number>> = {
  low: 200,
  medium: 1767,
  high: 7033,
  xhigh: 12_100,
  max: 19_800,
  auto: 1767,
};
/** From gpt-image-2.6 on, three to four times as many at the qualities up to `medium`, and as many above. */
const TOKENS_AT_1024_SINCE_2_6: Readonly<Record<Quality, number>> = {
  ...TOKENS_AT_1024,
  low: 700,
  medium: 5301,
  auto: 5301,
};
const TOKENS_PER_PARTIAL = 100;
const PIXELS_PER_INPUT_TOKEN = 1024;

export interface ImageCost {
  readonly words: string;
  readonly options: Pick<ImageOptions, 'generation' | 'quality' | 'complexity'>;
  readonly size: Size;
  readonly partials: number;
  /** The sizes of the input images. */
  readonly inputs: readonly Size[];
}

/** The image model's tokens for one image: `tool_usage.image_gen`, and the Image API's `usage`. */
export function imageUsage(cost: ImageCost) {
  const pixels = cost.size.width * cost.size.height;
  const { generation, quality, complexity } = cost.options;
  const atFullSize = (generation < GENERATION_2_6 ? TOKENS_AT_1024 : TOKENS_AT_1024_SINCE_2_6)[quality];
  const drawn = Math.round((atFullSize * planningOf(complexity).tokens * pixels) / 1024 ** 2);
  const imageOut = drawn + TOKENS_PER_PARTIAL * cost.partials;
  const imageIn = cost.inputs.reduce(
    (sum, each) => sum + Math.ceil((each.width * each.height) / PIXELS_PER_INPUT_TOKEN),
    0,
  );
  const textIn = Math.max(1, Math.ceil(cost.words.length / 4));
  return {
    input_tokens: imageIn + textIn,
    input_tokens_details: { image_tokens: imageIn, text_tokens: textIn },
    output_tokens: imageOut,
    output_tokens_details: { image_tokens: imageOut, text_tokens: 0 },
    total_tokens: imageIn + textIn + imageOut,
  };
}

export type ImageUsage = ReturnType<typeof imageUsage>;

/** The total of several images. */
export function sumUsage(usages: readonly ImageUsage[]): ImageUsage {
  const sum = (take: (usage: ImageUsage) => number) => usages.reduce((total, usage) => total + take(usage), 0);
  return {
    input_tokens: sum((u) => u.input_tokens),
    input_tokens_details: {
      image_tokens: sum((u) => u.input_tokens_details.image_tokens),
      text_tokens: sum((u) => u.input_tokens_details.text_tokens),
    },
    output_tokens: sum((u) => u.output_tokens),
    output_tokens_details: { image_tokens: sum((u) => u.output_tokens_details.image_tokens), text_tokens: 0 },
    total_tokens: sum((u) => u.total_tokens),
  };
}

/** The image that the SVG is written after, and the instructions. */
const SVG_INPUT_TOKENS = 1572;
const SVG_CODE_TOKENS = 757;
const SVG_REASONING_TOKENS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 64,
  low: 256,
  medium: 680,
  high: 1_900,
  xhigh: 4_200,
  max: 9_600,
};

/** The tokens of the model that wrote the SVG: `svg_usage`. The image that it is written after is counted apart. */
export function svgUsage({ model, effort }: SvgOptions) {
  const reasoning_tokens = SVG_REASONING_TOKENS[effort];
  const output_tokens = SVG_CODE_TOKENS + reasoning_tokens;
  return {
    model,
    input_tokens: SVG_INPUT_TOKENS,
    output_tokens,
    reasoning_tokens,
    total_tokens: SVG_INPUT_TOKENS + output_tokens,
  };
}

/** `tool_usage` of a response. */
export function toolUsage(image_gen: ImageUsage) {
  return { image_gen, web_search: { num_requests: 0 } };
}

/** The same usage with half of the input reported as cached, in the fields of the Responses API. */
export function cachedImageUsage(usage: ImageUsage) {
  const cached_image_tokens = Math.floor(usage.input_tokens_details.image_tokens / 2);
  const cached_text_tokens = Math.floor(usage.input_tokens_details.text_tokens / 2);
  return {
    ...usage,
    cached_tokens: cached_image_tokens + cached_text_tokens,
    cached_tokens_details: { cached_image_tokens, cached_text_tokens },
  };
}

const TOOL_INSTRUCTIONS_TOKENS = 1_840;

/** How many input tokens of the mainline model are cached in the scenario `cached-usage`. */
export const CACHED_TOKENS = 1_024;

/** The mainline model's own tokens, without those of the image. */
export function mainlineUsage(words: string, answer: string, cached = 0) {
  const input = TOOL_INSTRUCTIONS_TOKENS + Math.ceil(words.length / 4);
  const output = Math.ceil(answer.length / 4) + 32;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}
