/** The mask of an edit: whether a picture can be one for another, and the form in which the upstream takes it. */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Image } from '../domain/image.ts';
import type { ImageFormat } from '../domain/options.ts';
import type { ProviderPicture } from '../provider/image-provider.ts';

/** Those that can be transparent. A JPEG's edges are blurred besides, so that black is not black there. */
const MASK_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'GIF']);
/** Those of which the upstream edits a part: no animations, no drawings. */
const SOURCE_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'JPEG']);

/** A mask as the upstream takes it. */
export interface UpstreamMask extends ProviderPicture {
  /** Names the bytes that `read` gives, for whoever keeps what the upstream made of them. */
  readonly key: string;
}

export interface Masks {
  /** What is wrong with `mask` for an edit whose first picture is `source`, under the field `maskImageId`. */
  checkMask(mask: Image, source: Image): Promise<readonly FieldError[]>;
  /** A PNG that is transparent where the picture may change. It is made when it is read, every time. */
  forUpstream(mask: Image): UpstreamMask;
}

export interface MasksOptions {
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly inspect: {
    maskFacts(path: string): Promise<{ readonly kind: 'ALPHA' | 'BLACK_AND_WHITE' | 'NONE' }>;
    toAlphaMask(path: string): Promise<Buffer>;
    /** Whether an error of these says that the pixels cannot be decoded. */
    isNotAPicture(error: unknown): boolean;
  };
}

export function createMasks({ blobs, inspect }: MasksOptions): Masks {
  async function kindOf({ sha256 }: Image) {
    try {
      return (await inspect.maskFacts(blobs.path(sha256))).kind;
    } catch (error) {
      if (inspect.isNotAPicture(error)) return 'NONE';
      throw error;
    }
  }

  return {
    async checkMask(mask, source) {
      const problems: (string | null)[] = [formatProblem(mask), sourceProblem(source), sizeProblem(mask, source)];
      // Whether its pixels make a mask is not worth looking for when it is none for another reason.
      if (!problems.some((problem) => problem !== null) && (await kindOf(mask)) === 'NONE') problems.push(NO_MASK);
      return problems.filter((problem) => problem !== null).map((message) => ({ field: 'maskImageId', message }));
    },

    forUpstream: ({ sha256 }) => ({
      key: `mask:${sha256}`,
      mediaType: 'image/png',
      fileId: null,
      read: () => inspect.toAlphaMask(blobs.path(sha256)),
    }),
  };
}

const NO_MASK =
  'is no mask: it must be fully transparent where the picture may change, or black there and white elsewhere.';

function formatProblem({ format }: Image): string | null {
  return MASK_FORMATS.has(format) ? null : `must be a PNG, WEBP or GIF, not ${format}.`;
}

function sourceProblem({ format }: Image): string | null {
  if (SOURCE_FORMATS.has(format)) return null;
  return `cannot be used with a ${format}: the picture to change must be a PNG, WEBP or JPEG.`;
}

function sizeProblem(mask: Image, source: Image): string | null {
  if (mask.width === source.width && mask.height === source.height) return null;
  const sizeOf = ({ width, height }: Image) => `${width}x${height}`;
  return `must have the size of the picture to change, ${sizeOf(source)}; it has ${sizeOf(mask)}.`;
}
