/**
 * Markups of edits: transparent PNGs that are laid over the first source image, to show the image model what to change.
 * Checks whether an image can be the markup of another image, and gives it the form that the upstream accepts.
 */
import type { FieldError } from '../domain/errors.ts';
import type { Image } from '../domain/images/image.ts';
import { createOverlays, type OverlayOptions, type Overlays, sizeProblem } from './overlay.ts';

export interface MarkupService extends Pick<Overlays, 'forUpstream'> {
  /**
   * The problems of `markup` for an edit whose first source image is `source`, under the field `markupImageId`. Empty when
   * there are none.
   */
  checkMarkup(markup: Image, source: Image): Promise<readonly FieldError[]>;
}

export function createMarkupService(options: OverlayOptions): MarkupService {
  const { convert, forUpstream } = createOverlays('markup', options);

  async function problemOf(markup: Image, source: Image): Promise<string | null> {
    if (markup.format !== 'PNG') return `must be a PNG, not ${markup.format}.`;
    // Decoding is expensive, so it comes last.
    return sizeProblem(markup, source) ?? (await convert(markup)).problem;
  }

  return {
    async checkMarkup(markup, source) {
      const message = await problemOf(markup, source);
      return message === null ? [] : [{ field: 'markupImageId', message }];
    },
    forUpstream,
  };
}
