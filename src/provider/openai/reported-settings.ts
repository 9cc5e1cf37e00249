/** Reads the settings that the upstream reports, in the terms of src/domain/options.ts. Unknown values become null. */
import {
  IMAGE_BACKGROUNDS,
  IMAGE_FORMATS,
  IMAGE_QUALITIES,
  type ImageSettings,
  INPUT_FIDELITIES,
  MODERATIONS,
  NO_SETTINGS,
} from '../../domain/options.ts';
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
    }),
  };
}

/** The settings that an image item or a partial image reports, added to those of its response. */
export function settingsOfImage(item: JsonObject, response: ImageSettings): ImageSettings {
  const format = valueAmong(IMAGE_FORMATS, item['output_format']);
  return {
    ...response,
    size: asText(item['size']),
    quality: valueAmong(IMAGE_QUALITIES, item['quality']),
    format,
    // The upstream reports its default of 100 even for formats without this option.
    compression: format === 'WEBP' || format === 'JPEG' ? response.compression : null,
    background: valueAmong(IMAGE_BACKGROUNDS, item['background']),
  };
}

function valueAmong<W extends string>(words: readonly W[], value: unknown): W | null {
  const upperCase = asText(value)?.toUpperCase();
  return words.find((word) => word === upperCase) ?? null;
}
