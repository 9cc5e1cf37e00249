/**
 * What the Image API has no place for, where it is the only one that is asked: it would leave such an option out without
 * a word. Source: the parameters of its two endpoints in OpenAI's SDK (7.57.0).
 */

import type { ImageFormat, ImageSettings } from '../options.ts';
import type { Unsupported } from './catalogue.ts';

/** What it draws without partial images. */
export const WHOLE_IMAGE_API_FORMATS: ReadonlySet<ImageFormat> = new Set(['GIF', 'SVG']);

export interface ImageApiRequest {
  readonly settings: ImageSettings;
  /** Whether there are pictures to work from, so that it is an edit. */
  readonly hasSources: boolean;
}

/** The first option that it has no place for; null when there is none. */
export function outsideImageApi({ settings, hasSources }: ImageApiRequest): Unsupported | null {
  const { mainlineModel, inputFidelity, format, partialImages } = settings;
  if (mainlineModel !== null) {
    const rule = 'no mainline model is asked by it; leave it out';
    return { model: null, option: 'options.mainlineModel', value: mainlineModel, allowed: [], rule };
  }
  if (inputFidelity !== null && !hasSources) {
    const rule = 'it does so with pictures to work from only; leave it out, or name some';
    return { model: null, option: 'options.inputFidelity', value: inputFidelity, allowed: [], rule };
  }
  if (format === 'SVG' && partialImages !== null && partialImages > 0) {
    const rule = 'an SVG has no partial images there';
    return { model: null, option: 'options.partialImages', value: String(partialImages), allowed: ['0'], rule };
  }
  return null;
}
