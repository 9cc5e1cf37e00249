/**
 * Reads the usage that the upstream reports, in the terms of src/domain/cost/usage.ts. The reports differ by API and may
 * omit any number. A missing number counts as 0, unless it follows from the others.
 * Source: `ResponseUsage`, `Response.ToolUsage` and `ImagesResponse.Usage` of the SDK, 7.57.0.
 */
import type { ImageUsage, MainlineUsage } from '../../../domain/cost/usage.ts';
import type { ImageSettings } from '../../../domain/options.ts';
import type { ReportedUsage } from '../../image-provider.ts';
import { asIndex, asObject, type JsonObject } from '../json-values.ts';

/**
 * `usage` of a response is the mainline model's alone; the image model's is in `tool_usage`.
 * @param settings what the response reported, for the names of the models
 * @returns null where the response reports no usage
 */
export function usageOfResponse(response: JsonObject, settings: ImageSettings | null): ReportedUsage | null {
  const usage = asObject(response['usage']);
  const toolUsage = asObject(response['tool_usage']);
  if (usage === null && toolUsage === null) return null;
  return {
    tokens: {
      mainline: mainlineUsage(usage, settings?.mainlineModel ?? null),
      image: imageUsage(asObject(toolUsage?.['image_gen']), settings?.model ?? null),
    },
    raw: { usage, toolUsage },
  };
}

/**
 * The usage of an Image API answer, which has no mainline model. Null where it reports none.
 * @param model as the answer names it; OpenAI's answers do not
 */
export function usageOfImages(report: unknown, model: string | null): ReportedUsage | null {
  const usage = asObject(report);
  return usage === null ? null : { tokens: { mainline: null, image: imageUsage(usage, model) }, raw: { usage } };
}

function mainlineUsage(usage: JsonObject | null, model: string | null): MainlineUsage | null {
  if (usage === null || !countsTokens(usage)) return null;
  return {
    model,
    inputTokens: count(usage['input_tokens']),
    cachedInputTokens: count(asObject(usage['input_tokens_details'])?.['cached_tokens']),
    outputTokens: count(usage['output_tokens']),
    reasoningTokens: count(asObject(usage['output_tokens_details'])?.['reasoning_tokens']),
  };
}

function imageUsage(usage: JsonObject | null, model: string | null): ImageUsage | null {
  if (usage === null || !countsTokens(usage)) return null;
  const input = split(asIndex(usage['input_tokens']), asObject(usage['input_tokens_details']), '');
  const inputDetails = asObject(usage['input_tokens_details']);
  const cached = split(
    asIndex(usage['cached_tokens']) ?? asIndex(inputDetails?.['cached_tokens']),
    asObject(usage['cached_tokens_details']) ?? asObject(inputDetails?.['cached_tokens_details']),
    'cached_',
    input.text,
  );
  const outputDetails = asObject(usage['output_tokens_details']);
  const textOutput = count(outputDetails?.['text_tokens']);
  return {
    model,
    textInputTokens: input.text,
    cachedTextInputTokens: cached.text,
    imageInputTokens: input.image,
    cachedImageInputTokens: cached.image,
    outputTokens: asIndex(usage['output_tokens']) ?? count(outputDetails?.['image_tokens']) + textOutput,
    textOutputTokens: textOutput,
    unsplitInputTokens: Math.max(input.unsplit, isOfOneKind(input, cached) ? 0 : cached.unsplit),
  };
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
 * only one in a request without source images.
 */
function split(
  total: number | null,
  details: JsonObject | null,
  prefix: string,
  maxText = Number.POSITIVE_INFINITY,
): TokensByKind {
  const text = asIndex(details?.[`${prefix}text_tokens`]);
  const image = asIndex(details?.[`${prefix}image_tokens`]);
  const rest = Math.max(0, (total ?? 0) - (text ?? 0) - (image ?? 0));
  if (text === null && image === null)
    return { text: Math.min(rest, maxText), image: rest - Math.min(rest, maxText), unsplit: rest };
  return { text: text ?? rest, image: image ?? rest, unsplit: 0 };
}

function countsTokens(usage: JsonObject): boolean {
  return ['input_tokens', 'output_tokens'].some((name) => asIndex(usage[name]) !== null);
}

function count(value: unknown): number {
  return asIndex(value) ?? 0;
}
