/**
 * Markups of edits: transparent PNGs that are laid over the first source image, to show the image model what to change.
 * Checks whether an image can be the markup of another image, and gives it the form that the upstream accepts.
 */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Image } from '../domain/image.ts';
import type { FairLimiter } from '../lib/fair-limiter.ts';
import { keyPrefix, type UpstreamPicture } from './upstream-picture.ts';

/** In pixels, in the orientation in which a browser shows the picture: the upstream turns images upright first. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The markup in the form that the upstream accepts, or the reason why the picture is not a markup. */
export type DrawnMarkup =
  | { readonly png: Buffer; readonly size: PictureSize; readonly problem: null }
  | { readonly png: null; readonly size: null; readonly problem: string };

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
  shownSize(path: string): Promise<PictureSize>;
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

  function decode<T>({ sha256, principal }: Image, work: (path: string) => Promise<T>): Promise<T> {
    return decodeLimiter(principal, () => blobs.withLocalFile(sha256, work));
  }

  const draw = (markup: Image) => decode(markup, (path) => decoder.toMarkup(path, keepsMetadata));

  async function problemOf(markup: Image, source: Image): Promise<string | null> {
    if (markup.format !== 'PNG') return `must be a PNG, not ${markup.format}.`;
    try {
      const { size, problem } = await draw(markup);
      if (problem !== null) return problem;
      return sizeProblem(size, await decode(source, (path) => decoder.shownSize(path)));
    } catch (error) {
      if (decoder.isNotAPicture(error)) return 'cannot be used: it, or the image to edit, cannot be decoded.';
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

function sizeProblem(markup: PictureSize, source: PictureSize): string | null {
  if (markup.width === source.width && markup.height === source.height) return null;
  const words = ({ width, height }: PictureSize) => `${width}x${height}`;
  return `must have the size of the image to edit as it is shown, ${words(source)}; it has ${words(markup)}.`;
}
