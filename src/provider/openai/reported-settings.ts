/** What the upstream says it did, in the words of src/domain/options.ts. A word that is not among them is left out. */
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
 * What the response repeats of its settings: only those that no image item reports itself. What it does not repeat
 * stays as it is known; null when nothing is.
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
      moderation: wordAmong(MODERATIONS, tool['moderation']),
      inputFidelity: wordAmong(INPUT_FIDELITIES, tool['input_fidelity']),
    }),
  };
}

/** What an image item or a partial image reports, over what is known of the response. */
export function settingsOfImage(item: JsonObject, response: ImageSettings): ImageSettings {
  const format = wordAmong(IMAGE_FORMATS, item['output_format']);
  return {
    ...response,
    size: asText(item['size']),
    quality: wordAmong(IMAGE_QUALITIES, item['quality']),
    format,
    // The upstream repeats its default of 100 for formats that are not compressed this way, too.
    compression: format === 'WEBP' || format === 'JPEG' ? response.compression : null,
    background: wordAmong(IMAGE_BACKGROUNDS, item['background']),
  };
}

function wordAmong<W extends string>(words: readonly W[], value: unknown): W | null {
  const upperCase = asText(value)?.toUpperCase();
  return words.find((word) => word === upperCase) ?? null;
}
