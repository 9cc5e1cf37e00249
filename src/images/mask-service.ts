/**
 * Masks of edits: checks whether an image can be the mask of another image, and converts it to the form that the upstream
 * accepts.
 */
import type { FieldError } from '../domain/errors.ts';
import type { ImageFormat } from '../domain/generation/options.ts';
import type { Image } from '../domain/images/image.ts';
import { createOverlays, type OverlayOptions, type Overlays, sizeProblem } from './overlay.ts';

/** Formats that support transparency. JPEG also blurs edges, so black would not be exactly black there. */
const MASK_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'GIF']);
/** Formats that the upstream can edit in part: no animations, no vector graphics. */
const SOURCE_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'JPEG']);

/** OpenAI accepts masks of less than 4 MB (the types of its SDK, its published description). */
const MASK_LIMIT_BYTES = 4 * 1024 * 1024;

export interface MaskService extends Pick<Overlays, 'forUpstream'> {
  /**
   * The problems of `mask` for an edit whose first source image is `source`, under the field `maskImageId`. Empty when
   * there are none.
   */
  checkMask(mask: Image, source: Image): Promise<readonly FieldError[]>;
}

/** For the upstream, a mask becomes a PNG that is transparent where the image may change. */
export function createMaskService(options: OverlayOptions): MaskService {
  const { convert, forUpstream } = createOverlays('mask', options);

  async function pixelProblem(mask: Image): Promise<string | null> {
    const { png, problem } = await convert(mask);
    return png === null ? problem : byteProblem(png.byteLength);
  }

  return {
    async checkMask(mask, source) {
      const problems: (string | null)[] = [formatProblem(mask), sourceProblem(source), sizeProblem(mask, source)];
      // Decoding is expensive, so it is skipped when the image cannot be a mask for another reason.
      if (!problems.some((problem) => problem !== null)) problems.push(await pixelProblem(mask));
      return problems.filter((problem) => problem !== null).map((message) => ({ field: 'maskImageId', message }));
    },
    forUpstream,
  };
}

function byteProblem(byteSize: number): string | null {
  if (byteSize < MASK_LIMIT_BYTES) return null;
  return `must be smaller than ${MASK_LIMIT_BYTES} bytes after conversion to a PNG with an alpha channel; it has ${byteSize} bytes.`;
}

function formatProblem({ format }: Image): string | null {
  return MASK_FORMATS.has(format) ? null : `must be a PNG, WEBP or GIF, not ${format}.`;
}

function sourceProblem({ format }: Image): string | null {
  if (SOURCE_FORMATS.has(format)) return null;
  return `cannot be used with ${format}: the image to edit must be a PNG, WEBP or JPEG.`;
}
