/**
 * Masks of edits: checks whether an image can be the mask of another image, and converts it to the form that the upstream
 * accepts.
 */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { FieldError } from '../domain/errors.ts';
import type { Image } from '../domain/image.ts';
import type { ImageFormat } from '../domain/options.ts';
import type { FairLimiter } from '../lib/fair-limiter.ts';
import { keyPrefix, type UpstreamPicture } from './upstream-picture.ts';

/** Formats that support transparency. JPEG also blurs edges, so black would not be exactly black there. */
const MASK_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'GIF']);
/** Formats that the upstream can edit in part: no animations, no vector graphics. */
const SOURCE_FORMATS: ReadonlySet<ImageFormat> = new Set(['PNG', 'WEBP', 'JPEG']);

/** OpenAI accepts masks of less than 4 MB (the types of its SDK, its published description). */
const MASK_LIMIT_BYTES = 4 * 1024 * 1024;

export interface MaskService {
  /**
   * The problems of `mask` for an edit whose first source image is `source`, under the field `maskImageId`. Empty when
   * there are none.
   */
  checkMask(mask: Image, source: Image): Promise<readonly FieldError[]>;
  /** A PNG that is transparent where the image may change. Every read converts the mask again. */
  forUpstream(mask: Image): UpstreamPicture;
}

/** The mask in the form that the upstream accepts, or the reason why the picture is not a mask. */
export type AlphaMask =
  | { readonly png: Buffer; readonly problem: null }
  | { readonly png: null; readonly problem: string };

/** How pixels are decoded (mask.ts, probe.ts). */
export interface MaskDecoder {
  toAlphaMask(path: string, keepsMetadata: boolean): Promise<AlphaMask>;
  /** Whether an error of this decoder says that the pixels cannot be decoded. */
  isNotAPicture(error: unknown): boolean;
}

export interface MaskServiceOptions {
  readonly blobs: Pick<BlobStore, 'withLocalFile'>;
  readonly decoder: MaskDecoder;
  /** Decodes one picture at a time, which bounds memory, in turns of the principals. */
  readonly decodeLimiter: FairLimiter;
  /** Whether the metadata of masks is sent to the upstream. */
  readonly keepsMetadata: boolean;
}

export function createMaskService(options: MaskServiceOptions): MaskService {
  const { blobs, decoder, decodeLimiter, keepsMetadata } = options;

  function alphaMaskOf({ sha256, principal }: Image): Promise<AlphaMask> {
    return decodeLimiter(principal, () =>
      blobs.withLocalFile(sha256, (path) => decoder.toAlphaMask(path, keepsMetadata)),
    );
  }

  async function pixelProblem(mask: Image): Promise<string | null> {
    try {
      const { png, problem } = await alphaMaskOf(mask);
      return png === null ? problem : byteProblem(png.byteLength);
    } catch (error) {
      if (decoder.isNotAPicture(error)) return 'is not a mask: it is damaged and cannot be decoded.';
      throw error;
    }
  }

  return {
    async checkMask(mask, source) {
      const problems: (string | null)[] = [formatProblem(mask), sourceProblem(source), sizeProblem(mask, source)];
      // Decoding is expensive, so it is skipped when the image cannot be a mask for another reason.
      if (!problems.some((problem) => problem !== null)) problems.push(await pixelProblem(mask));
      return problems.filter((problem) => problem !== null).map((message) => ({ field: 'maskImageId', message }));
    },

    forUpstream: (mask) => ({
      key: `mask:${keyPrefix(keepsMetadata)}:${mask.sha256}`,
      fileId: null,
      async read() {
        const { png, problem } = await alphaMaskOf(mask);
        if (png === null) throw new Error(`the image ${mask.id} ${problem}`);
        return { bytes: png, mediaType: 'image/png' };
      },
    }),
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

function sizeProblem(mask: Image, source: Image): string | null {
  if (mask.width === source.width && mask.height === source.height) return null;
  const sizeOf = ({ width, height }: Image) => `${width}x${height}`;
  return `must have the size of the image to edit, ${sizeOf(source)}; it has ${sizeOf(mask)}.`;
}
