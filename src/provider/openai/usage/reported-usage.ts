/**
 * Reads the usage that the upstream reports, in the terms of src/domain/cost/usage.ts. The reports differ by API and
 * service (token-counts.ts). Source: `ResponseUsage`, `Response.ToolUsage`, `ImageGenerationCall.SvgUsage` and
 * `ImagesResponse` of the SDK, 7.59.0.
 */
import { type ImageUsage, type MainlineUsage, type SvgUsage, sumOf } from '../../../domain/cost/usage.ts';
import type { ImageSettings } from '../../../domain/generation/options.ts';
import type { ReportedUsage } from '../../image-provider.ts';
import { asObject, asText, type JsonObject } from '../json-values.ts';
import { asTokens, type TokenCounts, tokenCounts } from './token-counts.ts';

/** The reports of the parts of an answer, beside that of the whole. */
export interface ItemReports {
  readonly usage: readonly JsonObject[];
  readonly svgUsage: readonly JsonObject[];
  /** How many of the parts have an image. */
  readonly images: number;
}

const NO_ITEM_REPORTS: ItemReports = { usage: [], svgUsage: [], images: 0 };

/**
 * `usage` of a response is the mainline model's alone; the image model's is in `tool_usage`, or with some services in the
 * image items. The usage of the model that writes an SVG is in the items.
 * @param settings what the response reported, for the names of the models
 * @returns null where the response reports no usage
 */
export function usageOfResponse(
  response: JsonObject,
  settings: ImageSettings | null,
  items: ItemReports = NO_ITEM_REPORTS,
): ReportedUsage | null {
  const usage = asObject(response['usage']);
  const toolUsage = asObject(response['tool_usage']);
  const ofItems = rawOfItems(items);
  if (usage === null && toolUsage === null && ofItems === null) return null;
  const model = settings?.model ?? null;
  return {
    tokens: {
      mainline: mainlineUsage(usage, settings?.mainlineModel ?? null),
      // `tool_usage` may skip calls, so the items can report more.
      image: largerOf(imageUsage(asObject(toolUsage?.['image_gen']), model), sumOfItems(items, model)),
      svg: svgUsage(items.svgUsage),
    },
    raw: { usage, toolUsage, ...ofItems },
  };
}

/**
 * The usage of an Image API answer, which has no mainline model. Null where it reports none.
 * @param report the usage of the whole answer
 * @param model as the answer names it; OpenAI's answers do not
 */
export function usageOfImages(
  report: unknown,
  model: string | null,
  items: ItemReports = NO_ITEM_REPORTS,
): ReportedUsage | null {
  const usage = asObject(report);
  const ofItems = rawOfItems(items);
  if (usage === null && ofItems === null) return null;
  return {
    tokens: {
      mainline: null,
      image: largerOf(imageUsage(usage, model), sumOfItems(items, model)),
      svg: svgUsage(items.svgUsage),
    },
    raw: { usage, ...ofItems },
  };
}

function rawOfItems({ usage, svgUsage: svg }: ItemReports) {
  if (usage.length + svg.length === 0) return null;
  return { ...(usage.length > 0 && { itemUsage: usage }), ...(svg.length > 0 && { svgUsage: svg }) };
}

/** Null where no item reports its image. */
function sumOfItems({ usage, images }: ItemReports, model: string | null): ImageUsage | null {
  const reported = usage.map((report) => imageUsage(report, model)).filter((each) => each !== null);
  const sum = sumOf(reported);
  const unreportedImages = Math.max(0, images - reported.length);
  return sum === null || unreportedImages === 0 ? sum : { ...sum, unreportedImages };
}

/** Where both have the same, the items say more: which images are reported. */
function largerOf(whole: ImageUsage | null, items: ImageUsage | null): ImageUsage | null {
  if (whole === null || items === null) return whole ?? items;
  return tokensOf(items) >= tokensOf(whole) ? items : whole;
}

function tokensOf({ textInputTokens, imageInputTokens, outputTokens }: ImageUsage): number {
  return textInputTokens + imageInputTokens + outputTokens;
}

function mainlineUsage(usage: JsonObject | null, model: string | null): MainlineUsage | null {
  const counts = usage === null ? null : tokenCounts(usage);
  if (counts === null) return null;
  const { input, output, inputDetails } = counts;
  const cached = asTokens(inputDetails?.['cached_tokens']) ?? 0;
  const reasoning = asTokens(counts.outputDetails?.['reasoning_tokens']) ?? 0;
  return {
    model,
    inputTokens: withCached(input, cached),
    cachedInputTokens: cached,
    outputTokens: Math.max(output, reasoning),
    reasoningTokens: reasoning,
    ...disputedBy(counts, Math.max(0, cached - input) + Math.max(0, reasoning - output)),
  };
}

/** Each SVG has a report of its own. */
function svgUsage(reports: readonly JsonObject[]): SvgUsage | null {
  const usages = reports.flatMap((report): readonly SvgUsage[] => {
    const counts = tokenCounts(report);
    if (counts === null) return [];
    const { input, output } = counts;
    const reasoning = asTokens(report['reasoning_tokens']) ?? 0;
    return [
      {
        model: asText(report['model']),
        inputTokens: input,
        outputTokens: Math.max(output, reasoning),
        reasoningTokens: reasoning,
        ...disputedBy(counts, Math.max(0, reasoning - output)),
      },
    ];
  });
  return sumOf(usages);
}

function imageUsage(usage: JsonObject | null, model: string | null): ImageUsage | null {
  const counts = usage === null ? null : (tokenCounts(usage) ?? totalAlone(usage));
  if (usage === null || counts === null) return null;
  const { inputDetails, outputDetails } = counts;
  const input = split(counts.input, inputDetails, '');
  const cached = split(
    asTokens(usage['cached_tokens']) ?? asTokens(inputDetails?.['cached_tokens']) ?? 0,
    asObject(usage['cached_tokens_details']) ?? asObject(inputDetails?.['cached_tokens_details']),
    'cached_',
    input.text,
  );
  const cachedTooMany = Math.max(0, cached.text - input.text) + Math.max(0, cached.image - input.image);
  return {
    model,
    textInputTokens: withCached(input.text, cached.text),
    cachedTextInputTokens: cached.text,
    imageInputTokens: withCached(input.image, cached.image),
    cachedImageInputTokens: cached.image,
    outputTokens: counts.output,
    textOutputTokens: asTokens(outputDetails?.['text_tokens']) ?? 0,
    unsplitInputTokens: Math.max(input.unsplit, isOfOneKind(input, cached) ? 0 : cached.unsplit),
    ...disputedBy(counts, cachedTooMany),
  };
}

/** Most tokens of an image are output, which is also the most expensive kind. */
function totalAlone(report: JsonObject): TokenCounts | null {
  const total = asTokens(report['total_tokens']) ?? 0;
  return total === 0 ? null : { input: 0, output: total, inputDetails: null, outputDetails: null, disputed: total };
}

function disputedBy({ disputed }: TokenCounts, more: number): { readonly disputedTokens?: number } {
  return disputed + more === 0 ? {} : { disputedTokens: disputed + more };
}

/** More cached tokens than input can only mean that the input does not include them. */
function withCached(input: number, cached: number): number {
  return cached > input ? input + cached : input;
}

interface TokensByKind {
  readonly text: number;
  readonly image: number;
  /** How many of them were reported only as part of a sum. */
  readonly unsplit: number;
}

/** Whether there is only one way to divide the cached tokens by kind. */
function isOfOneKind(input: TokensByKind, cached: TokensByKind): boolean {
  return input.text === 0 || input.image === 0 || cached.unsplit >= input.text + input.image;
}

/**
 * Tokens by kind. Where only the sum is reported, they count as text, up to `maxText`: text is the cheaper kind, and the
 * only one in a request without source images. So do input tokens of a sum that are in none of its parts.
 */
function split(
  total: number,
  details: JsonObject | null,
  prefix: string,
  maxText = Number.POSITIVE_INFINITY,
): TokensByKind {
  const text = asTokens(details?.[`${prefix}text_tokens`]);
  const image = asTokens(details?.[`${prefix}image_tokens`]);
  const rest = Math.max(0, total - (text ?? 0) - (image ?? 0));
  if (text === null && image === null)
    return { text: Math.min(rest, maxText), image: rest - Math.min(rest, maxText), unsplit: rest };
  if (text === null || image === null) return { text: text ?? rest, image: image ?? rest, unsplit: 0 };
  // Tokens count as cached only where that is certain.
  const unnamed = prefix === '' ? rest : 0;
  return { text: text + unnamed, image, unsplit: unnamed };
}
