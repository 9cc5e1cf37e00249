/**
 * What masks and markups have in common: both belong to the first source image, have its size, and are sent to the upstream
 * as a PNG.
 */
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Image } from '../domain/images/image.ts';
import type { FairLimiter } from '../lib/fair-limiter.ts';
import { keyPrefix, type UpstreamPicture } from './upstream-picture.ts';

/** The overlay in the form that the upstream accepts, or the reason why the picture cannot be one. */
export type Overlay =
  | { readonly png: Buffer; readonly problem: null }
  | { readonly png: null; readonly problem: string };

/** How pixels are decoded (mask.ts, markup.ts, probe.ts). */
export interface OverlayDecoder {
  /** @param keepsMetadata whether metadata stays in a PNG that is not drawn again */
  convert(path: string, keepsMetadata: boolean): Promise<Overlay>;
  /** Whether an error of this decoder says that the pixels cannot be decoded. */
  isNotAPicture(error: unknown): boolean;
}

export interface OverlayOptions {
  readonly blobs: Pick<BlobStore, 'withLocalFile'>;
  readonly decoder: OverlayDecoder;
  /** Decodes one picture at a time, which bounds memory, in turns of the principals. */
  readonly decodeLimiter: FairLimiter;
  /** Whether the metadata of the picture is sent to the upstream. */
  readonly keepsMetadata: boolean;
}

export interface Overlays {
  /** Decodes the picture; one that cannot be decoded has a problem, too. */
  convert(image: Image): Promise<Overlay>;
  /** The picture as an input for the upstream. Every read converts it again. */
  forUpstream(image: Image): UpstreamPicture;
}

export function createOverlays(kind: 'mask' | 'markup', options: OverlayOptions): Overlays {
  const { blobs, decoder, decodeLimiter, keepsMetadata } = options;

  async function convert({ sha256, principal }: Image): Promise<Overlay> {
    try {
      return await decodeLimiter(principal, () =>
        blobs.withLocalFile(sha256, (path) => decoder.convert(path, keepsMetadata)),
      );
    } catch (error) {
      if (!decoder.isNotAPicture(error)) throw error;
      return { png: null, problem: `is not a ${kind}: it is damaged and cannot be decoded.` };
    }
  }

  return {
    convert,
    forUpstream: (image) => ({
      key: `${kind}:${keyPrefix(keepsMetadata)}:${image.sha256}`,
      fileId: null,
      async read() {
        const { png, problem } = await convert(image);
        if (png === null) throw new Error(`the image ${image.id} ${problem}`);
        return { bytes: png, mediaType: 'image/png' };
      },
    }),
  };
}

/** Both sizes are those in which the images are shown: the upstream turns images upright first. */
export function sizeProblem(overlay: Image, source: Image): string | null {
  if (overlay.width === source.width && overlay.height === source.height) return null;
  const sizeOf = ({ width, height }: Image) => `${width}x${height}`;
  return `must have the size of the image to edit as it is shown, ${sizeOf(source)}; it has ${sizeOf(overlay)}.`;
}
