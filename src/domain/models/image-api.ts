/**
 * Options that the Image API does not support. They are rejected when it is the only API in use, or the only one that takes
 * the request, because it would silently ignore them. Source: the parameters of its two endpoints in OpenAI's SDK (7.59.0).
 */

import { type ImageFormat, type ImageSettings, isDeferred } from '../generation/options.ts';
import type { Unsupported } from './catalogue.ts';

/** Formats for which the Image API sends no partial images. */
export const WHOLE_IMAGE_API_FORMATS: ReadonlySet<ImageFormat> = new Set(['GIF', 'SVG']);

export interface ImageApiRequest {
  readonly settings: ImageSettings;
  /** Whether there are source images, which makes the request an edit. */
  readonly hasSources: boolean;
  /** Whether there is a markup, which only this API takes. */
  readonly hasMarkup: boolean;
}

/** The first option of the request that the Image API does not support; null when there is none. */
export function outsideImageApi({ settings, hasSources, hasMarkup }: ImageApiRequest): Unsupported | null {
  const unsupported = unsupportedSetting(settings, hasSources);
  if (unsupported === null || !hasMarkup) return unsupported;
  return { ...unsupported, rule: `${unsupported.rule} (a markup is sent to this API alone)` };
}

function unsupportedSetting(settings: ImageSettings, hasSources: boolean): Unsupported | null {
  const { mainlineModel, inputFidelity, format, partialImages, svg, completionWindow } = settings;
  if (mainlineModel !== null) {
    return report('options.mainlineModel', mainlineModel, [], 'it uses no mainline model; omit the option');
  }
  if (isDeferred(completionWindow)) {
    const rule = 'it does not work in the background; omit the option';
    return report('options.completionWindow', completionWindow, ['SOONEST'], rule);
  }
  if (inputFidelity !== null && !hasSources) {
    const rule = 'it requires source images; add some, or omit the option';
    return report('options.inputFidelity', inputFidelity, [], rule);
  }
  if (format === 'SVG' && partialImages !== null && partialImages > 0) {
    return report('options.partialImages', partialImages, ['0'], 'it sends no partial images of an SVG');
  }
  if (svg?.model === null && svg.reasoningEffort !== null) {
    const rule = 'it requires the name of the model, too; add options.svg.model, or omit the option';
    return report('options.svg.reasoningEffort', svg.reasoningEffort, [], rule);
  }
  return null;
}

function report(option: string, value: unknown, allowed: readonly string[], rule: string): Unsupported {
  return { by: 'IMAGE_API', model: null, option, value: String(value), allowed, rule };
}
