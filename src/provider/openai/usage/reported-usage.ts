/**
 * What the upstream says was used, in the words of src/domain/cost/usage.ts. Its reports differ by API, and leave out what
 * they like; a number that is not there counts as 0, unless it follows from the others.
 * Source: `ResponseUsage`, `Response.ToolUsage` and `ImagesResponse.Usage` of the SDK, 7.57.0.
 */
import type { ImageUsage, MainlineUsage } from '../../../domain/cost/usage.ts';
import type { ReportedUsage } from '../../image-provider.ts';
import { asIndex, asObject, type JsonObject } from '../json-values.ts';

export interface ResponseReport {
  /** `usage` of the response, which is the mainline model's alone. */
  readonly usage: unknown;
  /** `tool_usage` of the response. */
  readonly toolUsage: unknown;
  readonly mainlineModel: string | null;
  readonly imageModel: string | null;
}

/** Null where a response says nothing of what it used. */
export function usageOfResponse(report: ResponseReport): ReportedUsage | null {
  const usage = asObject(report.usage);
  const toolUsage = asObject(report.toolUsage);
  if (usage === null && toolUsage === null) return null;
  return {
    tokens: {
      mainline: mainlineUsage(usage, report.mainlineModel),
      image: imageUsage(asObject(toolUsage?.['image_gen']), report.imageModel),
    },
    raw: { usage, toolUsage },
  };
}

/**
 * Of an answer of the Image API, which knows no mainline model. Null where it says nothing.
 * @param model as the answer names it, which OpenAI's does not
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
  /** How many of them were told as a sum alone. */
  readonly unsplit: number;
}

/** Whether there is but one way to divide the cached tokens. */
function isOfOneKind(input: TokensByKind, cached: TokensByKind): boolean {
  return input.text === 0 || input.image === 0 || cached.unsplit >= input.text + input.image;
}

/**
 * Tokens by kind. Where only their sum is told they count as text, up to as many as there can be of it: that is the
 * cheaper kind, and the only one where no picture went in.
 */
function split(
  total: number | null,
  details: JsonObject | null,
  prefix: string,
  mostText = Number.POSITIVE_INFINITY,
): TokensByKind {
  const text = asIndex(details?.[`${prefix}text_tokens`]);
  const image = asIndex(details?.[`${prefix}image_tokens`]);
  const rest = Math.max(0, (total ?? 0) - (text ?? 0) - (image ?? 0));
  if (text === null && image === null)
    return { text: Math.min(rest, mostText), image: rest - Math.min(rest, mostText), unsplit: rest };
  return { text: text ?? rest, image: image ?? rest, unsplit: 0 };
}

function countsTokens(usage: JsonObject): boolean {
  return ['input_tokens', 'output_tokens'].some((name) => asIndex(usage[name]) !== null);
}

function count(value: unknown): number {
  return asIndex(value) ?? 0;
}
