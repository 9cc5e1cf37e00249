/** Reads the settings that the upstream reports, in the terms of src/domain/generation/options.ts. Unknown values become null. */
import {
  COMPLEXITIES,
  IMAGE_BACKGROUNDS,
  IMAGE_FORMATS,
  IMAGE_QUALITIES,
  type ImageSettings,
  INPUT_FIDELITIES,
  MODERATIONS,
  NO_SETTINGS,
  REASONING_EFFORTS,
  type SvgOptions,
} from '../../domain/generation/options.ts';
import { asIndex, asList, asObject, asText, type JsonObject } from './json-values.ts';

/**
 * The settings that only the response reports, and not its image items.
 * @param known what an earlier event reported; it stays where this one reports nothing
 * @returns null when no event has reported any
 */
export function settingsOfResponse(response: JsonObject, known: ImageSettings | null): ImageSettings | null {
  const mainlineModel = asText(response['model']);
  const tool =
    asList(response['tools'])
      .map(asObject)
      .find((candidate) => candidate?.['type'] === 'image_generation') ?? null;
  if (tool === null && mainlineModel === null) return known;
  return {
    ...(known ?? NO_SETTINGS),
    ...(mainlineModel !== null && { mainlineModel }),
    ...(tool !== null && {
      model: asText(tool['model']),
      compression: asIndex(tool['output_compression']),
      moderation: valueAmong(MODERATIONS, tool['moderation']),
      inputFidelity: valueAmong(INPUT_FIDELITIES, tool['input_fidelity']),
      ...drawingSettings(tool),
    }),
  };
}

/** The settings that an image item or a partial image reports, added to those of its response. */
export function settingsOfImage(item: JsonObject, response: ImageSettings): ImageSettings {
  const format = valueAmong(IMAGE_FORMATS, item['output_format']);
  const own = drawingSettings(item);
  return {
    ...response,
    size: asText(item['size']),
    quality: valueAmong(IMAGE_QUALITIES, item['quality']),
    format,
    // The upstream reports its default of 100 even for formats without this option. So are its other defaults read.
    compression: format === 'WEBP' || format === 'JPEG' ? response.compression : null,
    background: valueAmong(IMAGE_BACKGROUNDS, item['background']),
    complexity: own.complexity ?? response.complexity,
    frameCount: format === 'GIF' ? (own.frameCount ?? response.frameCount) : null,
    frameDurationMs: format === 'GIF' ? (own.frameDurationMs ?? response.frameDurationMs) : null,
    svg: format === 'SVG' ? svgSettings(item, own.svg ?? response.svg) : null,
  };
}

/** What a tool, an image item or an answer of the Image API reports under the names of the request. */
function drawingSettings(reported: JsonObject) {
  const svg = asObject(reported['svg']);
  return {
    complexity: valueAmong(COMPLEXITIES, reported['complexity']),
    frameCount: asIndex(reported['frame_count']),
    frameDurationMs: asIndex(reported['frame_duration_ms']),
    svg:
      svg === null
        ? null
        : {
            model: asText(svg['model']),
            reasoningEffort: valueAmong(REASONING_EFFORTS, asObject(svg['reasoning'])?.['effort']),
          },
  };
}

/** The usage of an SVG names the model that wrote it, also where the request named none. */
function svgSettings(item: JsonObject, reported: SvgOptions | null): SvgOptions | null {
  const author = asText(asObject(item['svg_usage'])?.['model']);
  if (author === null) return reported;
  return { model: author, reasoningEffort: reported?.reasoningEffort ?? null };
}

function valueAmong<W extends string>(words: readonly W[], value: unknown): W | null {
  const upperCase = asText(value)?.toUpperCase();
  return words.find((word) => word === upperCase) ?? null;
}
