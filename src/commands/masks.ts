/** The mask of an edit: whether a picture can be one for another, and the form in which the upstream takes it. */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Image } from '../domain/image.ts';
import type { ImageFormat } from '../domain/options.ts';
import type { Limiter } from '../lib/limiter.ts';
import type { InputImage } from '../provider/image-provider.ts';

/** Those that can be transparent. A JPEG's edges are blurred besides, so that black is not black there. */
const MASK_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'GIF']);
/** Those of which the upstream edits a part: no animations, no drawings. */
const SOURCE_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'JPEG']);

/** OpenAI takes masks of less than 4 MB (its SDK's types, its published description). */
const MASK_BYTES = 4 * 1024 * 1024;

/** A mask as the upstream takes it. */
export interface UpstreamMask extends InputImage {
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
  readonly blobs: Pick<BlobStore, 'withLocalFile'>;
  readonly decoder: {
    /** The picture as the upstream takes a mask, or why it is none. */
    toAlphaMask(path: string): Promise<AlphaMask>;
    /** Whether an error of these says that the pixels cannot be decoded. */
    isNotAPicture(error: unknown): boolean;
  };
  /** Decodes one picture at a time. */
  readonly decodeLimiter: Limiter;
}

type AlphaMask = { readonly png: Buffer; readonly problem: null } | { readonly png: null; readonly problem: string };

export function createMasks({ blobs, decoder, decodeLimiter }: MasksOptions): Masks {
  function alphaMaskOf({ sha256 }: Image): Promise<AlphaMask> {
    return decodeLimiter(() => blobs.withLocalFile(sha256, (path) => decoder.toAlphaMask(path)));
  }

  async function pixelProblem(mask: Image): Promise<string | null> {
    try {
      const { png, problem } = await alphaMaskOf(mask);
      return png === null ? problem : byteProblem(png.byteLength);
    } catch (error) {
      if (decoder.isNotAPicture(error)) return 'is no mask: it is damaged and cannot be decoded.';
      throw error;
    }
  }

  return {
    async checkMask(mask, source) {
      const problems: (string | null)[] = [formatProblem(mask), sourceProblem(source), sizeProblem(mask, source)];
      // Whether its pixels make a mask is not worth looking for when it is none for another reason.
      if (!problems.some((problem) => problem !== null)) problems.push(await pixelProblem(mask));
      return problems.filter((problem) => problem !== null).map((message) => ({ field: 'maskImageId', message }));
    },

    forUpstream: (mask) => ({
      key: `mask:${mask.sha256}`,
      mediaType: 'image/png',
      fileId: null,
      async read() {
        const { png, problem } = await alphaMaskOf(mask);
        if (png === null) throw new Error(`the picture ${problem}`);
        return png;
      },
    }),
  };
}

function byteProblem(byteSize: number): string | null {
  if (byteSize < MASK_BYTES) return null;
  return `must have less than ${MASK_BYTES} bytes as the PNG with an alpha channel that goes up; it has ${byteSize}.`;
}

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
