/**
 * The bytes of pictures as the engine and the schema need them: stored as they arrive, read back as a data URI, as an
 * input for the upstream, as a placeholder.
 */
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { setThumbhash } from '../db/images.ts';
import type { Image, Picture } from '../domain/image.ts';
import { FORMAT_MEDIA_TYPES } from '../domain/options.ts';
import type { PictureSink, ProviderPicture } from '../provider/image-provider.ts';

export interface Pictures {
  /** Takes a picture's bytes; the receipt is null when they are stored but are not a picture that can be read. */
  openSink(): PictureSink<Picture | null>;
  /** `data:<media type>;base64,…`, or null when the picture has more than `maxBytes` bytes. */
  dataUri(picture: Picture, maxBytes: number): Promise<string | null>;
  /** Base64 of the picture's ThumbHash, computed at first need; null when its pixels cannot be decoded. */
  thumbhash(image: Image): Promise<string | null>;
  /** The picture as an input of the upstream, in a format that it takes. */
  forUpstream(picture: Picture): ProviderPicture;
}

export interface PicturesOptions {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly inspect: {
    facts(path: string): Promise<Pick<Picture, 'width' | 'height' | 'format'>>;
    thumbhash(path: string): Promise<string>;
    /** The picture as PNG, whatever it was. */
    toPng(path: string): Promise<Buffer>;
    /** Whether an error of these says that the bytes are no picture. */
    isNotAPicture(error: unknown): boolean;
  };
  readonly logger: Logger;
}

export function createPictures({ db, blobs, inspect, logger }: PicturesOptions): Pictures {
  const hashing = new Map<string, Promise<string | null>>();

  async function computeThumbhash(image: Image): Promise<string | null> {
    try {
      const thumbhash = await inspect.thumbhash(blobs.path(image.sha256));
      await setThumbhash(db, image.id, thumbhash);
      return thumbhash;
    } catch (error) {
      // A placeholder is a courtesy: a picture without one is shown all the same.
      logger.warn({ err: error, imageId: image.id }, 'no placeholder could be made');
      return null;
    } finally {
      hashing.delete(image.id);
    }
  }

  return {
    openSink() {
      const writer = blobs.open();
      return {
        write: (chunk) => writer.write(chunk),
        discard: () => writer.discard(),
        async finish() {
          const blob = await writer.finish();
          try {
            const { width, height, format } = await inspect.facts(blobs.path(blob.sha256));
            return { ...blob, width, height, format };
          } catch (error) {
            if (inspect.isNotAPicture(error)) return null;
            throw error;
          }
        },
      };
    },

    async dataUri({ sha256, byteSize, format }, maxBytes) {
      if (byteSize > maxBytes) return null;
      const bytes = await blobs.read(sha256);
      return `data:${FORMAT_MEDIA_TYPES[format]};base64,${bytes.toString('base64')}`;
    },

    thumbhash(image) {
      if (image.thumbhash !== null) return Promise.resolve(image.thumbhash);
      const running = hashing.get(image.id) ?? computeThumbhash(image);
      hashing.set(image.id, running);
      return running;
    },

    forUpstream({ sha256, format }) {
      // The upstream draws SVG and GIF but takes neither to build upon, of a GIF its first frame at most.
      if (format === 'SVG' || format === 'GIF') {
        return { mediaType: 'image/png', fileId: null, read: () => inspect.toPng(blobs.path(sha256)) };
      }
      return { mediaType: FORMAT_MEDIA_TYPES[format], fileId: null, read: () => blobs.read(sha256) };
    },
  };
}
