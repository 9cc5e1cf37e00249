/**
 * What Azure's content filter says of a block, which is not what OpenAI says (`moderation_details`). It judges by
 * category (`hate`, `sexual`, `violence`, `self_harm`, `jailbreak`, an operator's own lists), each with `filtered`, and
 * has a place of its own for that in each API:
 * - `innererror.content_filter_result`, as its errors are seen to be; `inner_error.content_filter_results`, as they are
 *   described, and as those of the Image API are seen to be;
 * - `content_filters`, a list with the prompt's and the answer's, in errors and responses of the Responses API.
 * Sources: Azure/azure-rest-api-specs (OpenAI.v1), MicrosoftDocs/azure-ai-docs (content filtering, image generation),
 * answers quoted in BerriAI/litellm#16072 and #19372, and in openai/openai-dotnet#55.
 */
import type { ModerationDetails } from '../../../domain/failure.ts';
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';

/** Null when the report, or response, has nothing of the kind. */
export function readContentFilter(report: JsonObject): ModerationDetails | null {
  const inner = asObject(report['innererror']) ?? asObject(report['inner_error']);
  const sides = asList(report['content_filters']).map((side) => asObject(side) ?? {});
  const results = [inner?.['content_filter_result'], inner?.['content_filter_results']].map((each) => filteredIn(each));
  const blocks = sides.filter((side) => filteredIn(side['content_filter_results']).length > 0);
  const categories = [...results, ...blocks.map((side) => filteredIn(side['content_filter_results']))].flat();
  const stage = stageOf(
    report,
    blocks.map((side) => side['source_type']),
  );
  return categories.length === 0 && stage === 'unknown' ? null : { stage, categories: [...new Set(categories)] };
}

/** The categories for which it was blocked. */
function filteredIn(results: unknown): readonly string[] {
  return Object.entries(asObject(results) ?? {})
    .filter(([, result]) => asObject(result)?.['filtered'] === true)
    .map(([category]) => category);
}

/** The Image API says only in words that it was the finished picture. */
const PICTURE_FILTERED = /\bgenerated image was filtered\b/i;

function stageOf(report: JsonObject, sources: readonly unknown[]): string {
  if (sources.includes('completion') || PICTURE_FILTERED.test(asText(report['message']) ?? '')) return 'output';
  return sources.includes('prompt') || report['param'] === 'prompt' ? 'input' : 'unknown';
}
