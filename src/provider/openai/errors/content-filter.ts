/**
 * Reads the details of a block by Azure's content filter. OpenAI reports them as `moderation_details`; Azure reports
 * each category (`hate`, `sexual`, `violence`, `self_harm`, `jailbreak`, an operator's own lists) with `filtered`, in
 * one of these places:
 * - `innererror.content_filter_result` in the errors that it sends; `inner_error.content_filter_results` in its
 *   documentation and in the errors of its Image API;
 * - `content_filters` in errors and responses of the Responses API: a list for the prompt and the answer.
 * Sources: Azure/azure-rest-api-specs (OpenAI.v1), MicrosoftDocs/azure-ai-docs (content filtering, image generation),
 * answers quoted in BerriAI/litellm#16072 and #19372, and in openai/openai-dotnet#55.
 */
import type { ModerationDetails } from '../../../domain/generation/failure.ts';
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';

/** @returns null when the error report, or the response, has no content filter details. */
export function readContentFilter(report: JsonObject): ModerationDetails | null {
  const inner = asObject(report['innererror']) ?? asObject(report['inner_error']);
  const sides = asList(report['content_filters']).map((side) => asObject(side) ?? {});
  const results = [inner?.['content_filter_result'], inner?.['content_filter_results']].map(filteredIn);
  const blocks = sides.filter((side) => filteredIn(side['content_filter_results']).length > 0);
  const told = ['categories', 'violations', 'flagged_categories'].map((name) => namesIn(report[name]));
  const categories = [...results, ...blocks.map((side) => filteredIn(side['content_filter_results'])), ...told].flat();
  const stage = stageOf(
    report,
    blocks.map((side) => side['source_type']),
  );
  return categories.length === 0 && stage === 'unknown' ? null : { stage, categories: [...new Set(categories)] };
}

/** The categories that blocked the request. */
function filteredIn(results: unknown): readonly string[] {
  return Object.entries(asObject(results) ?? {})
    .filter(([, result]) => asObject(result)?.['filtered'] === true)
    .map(([category]) => category);
}

/** As compatible services write it: a list of names, or names with true, as OpenAI's moderation API. */
function namesIn(categories: unknown): readonly string[] {
  if (Array.isArray(categories)) return categories.filter((category) => typeof category === 'string');
  return Object.entries(asObject(categories) ?? {}).flatMap(([category, found]) => (found === true ? [category] : []));
}

/** Azure's Image API, and some compatible services, tell only in their words what was blocked. */
const OUTPUT_WORDS =
  /\b(?:generated|output|resulting|finished) (?:images?|pictures?|content|media)\b|\b(?:output|response) (?:was|were|has been|is) (?:filtered|blocked|flagged|withheld|removed)\b/iu;
const INPUT_WORDS = /\b(?:your|the|this|input|text) prompt\b|\binput (?:images?|text|content|data|message)\b/iu;

function stageOf(report: JsonObject, sources: readonly unknown[]): string {
  const words = asText(report['message']) ?? '';
  // "The response was filtered due to the prompt triggering …" is Azure's sentence for a blocked prompt.
  if (/\bdue to (?:the|your) prompt\b/iu.test(words)) return 'input';
  if (sources.includes('completion') || OUTPUT_WORDS.test(words)) return 'output';
  return sources.includes('prompt') || report['param'] === 'prompt' || INPUT_WORDS.test(words) ? 'input' : 'unknown';
}
