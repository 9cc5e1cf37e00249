/**
 * Options that the Image API does not support. They are rejected when it is the only API in use, because it would
 * silently ignore them. Source: the parameters of its two endpoints in OpenAI's SDK (7.57.0).
 */

import type { ImageFormat, ImageSettings } from '../options.ts';
import type { Unsupported } from './catalogue.ts';

/** Formats for which the Image API sends no partial images. */
export const WHOLE_IMAGE_API_FORMATS: ReadonlySet<ImageFormat> = new Set(['GIF', 'SVG']);

export interface ImageApiRequest {
  readonly settings: ImageSettings;
  /** Whether there are source images, which makes the request an edit. */
  readonly hasSources: boolean;
}

/** The first option of the request that the Image API does not support; null when there is none. */
export function outsideImageApi({ settings, hasSources }: ImageApiRequest): Unsupported | null {
  const { mainlineModel, inputFidelity, format, partialImages } = settings;
  if (mainlineModel !== null) {
    const rule = 'it uses no mainline model; omit the option';
    return { model: null, option: 'options.mainlineModel', value: mainlineModel, allowed: [], rule };
  }
  if (inputFidelity !== null && !hasSources) {
    const rule = 'it requires source images; add some, or omit the option';
    return { model: null, option: 'options.inputFidelity', value: inputFidelity, allowed: [], rule };
  }
  if (format === 'SVG' && partialImages !== null && partialImages > 0) {
    const rule = 'it sends no partial images of an SVG';
    return { model: null, option: 'options.partialImages', value: String(partialImages), allowed: ['0'], rule };
  }
  return null;
}
