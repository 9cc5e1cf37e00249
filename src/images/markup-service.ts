/**
 * Markups of edits: transparent PNGs that are laid over the first source image, to show the image model what to change.
 * Checks whether an image can be the markup of another image, and gives it the form that the upstream accepts.
 */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Image } from '../domain/image.ts';
import type { FairLimiter } from '../lib/fair-limiter.ts';
import { keyPrefix, type UpstreamPicture } from './upstream-picture.ts';

/** The markup in the form that the upstream accepts, or the reason why the picture is not a markup. */
export type DrawnMarkup =
  | { readonly png: Buffer; readonly problem: null }
  | { readonly png: null; readonly problem: string };

export interface MarkupService {
  /**
   * The problems of `markup` for an edit whose first source image is `source`, under the field `markupImageId`. Empty when
   * there are none.
   */
  checkMarkup(markup: Image, source: Image): Promise<readonly FieldError[]>;
  /** A PNG with an alpha channel. Every read converts the markup again. */
  forUpstream(markup: Image): UpstreamPicture;
}

/** How pixels are decoded (markup.ts). */
export interface MarkupDecoder {
  toMarkup(path: string, keepsMetadata: boolean): Promise<DrawnMarkup>;
  /** Whether an error of this decoder says that the pixels cannot be decoded. */
  isNotAPicture(error: unknown): boolean;
}

export interface MarkupServiceOptions {
  readonly blobs: Pick<BlobStore, 'withLocalFile'>;
  readonly decoder: MarkupDecoder;
  /** Decodes one picture at a time, which bounds memory, in turns of the principals. */
  readonly decodeLimiter: FairLimiter;
  /** Whether the metadata of markups is sent to the upstream. */
  readonly keepsMetadata: boolean;
}

export function createMarkupService(options: MarkupServiceOptions): MarkupService {
  const { blobs, decoder, decodeLimiter, keepsMetadata } = options;

  function draw({ sha256, principal }: Image): Promise<DrawnMarkup> {
    return decodeLimiter(principal, () => blobs.withLocalFile(sha256, (path) => decoder.toMarkup(path, keepsMetadata)));
  }

  async function problemOf(markup: Image, source: Image): Promise<string | null> {
    if (markup.format !== 'PNG') return `must be a PNG, not ${markup.format}.`;
    // Decoding is expensive, so it is skipped when the image cannot be a markup for another reason.
    const problem = sizeProblem(markup, source);
    if (problem !== null) return problem;
    try {
      return (await draw(markup)).problem;
    } catch (error) {
      if (decoder.isNotAPicture(error)) return 'is not a markup: it is damaged and cannot be decoded.';
      throw error;
    }
  }

  return {
    async checkMarkup(markup, source) {
      const message = await problemOf(markup, source);
      return message === null ? [] : [{ field: 'markupImageId', message }];
    },

    forUpstream: (markup) => ({
      key: `markup:${keyPrefix(keepsMetadata)}:${markup.sha256}`,
      fileId: null,
      async read() {
        const { png, problem } = await draw(markup);
        if (png === null) throw new Error(`the image ${markup.id} ${problem}`);
        return { bytes: png, mediaType: 'image/png' };
      },
    }),
  };
}

/** Both sizes are those in which the images are shown: the upstream turns images upright first. */
function sizeProblem(markup: Image, source: Image): string | null {
  if (markup.width === source.width && markup.height === source.height) return null;
  const words = ({ width, height }: Image) => `${width}x${height}`;
  return `must have the size of the image to edit as it is shown, ${words(source)}; it has ${words(markup)}.`;
}
