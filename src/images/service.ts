/**
 * The bytes of pictures as the engine and the schema need them: stored as they arrive, read back as a data URI, as an
 * input for the upstream, as a placeholder.
 */
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { setThumbhash } from '../db/queries/images.ts';
import type { dataUriOf } from '../domain/data-uri.ts';
import type { Image, Picture } from '../domain/image.ts';
import { FORMAT_MEDIA_TYPES } from '../domain/options.ts';
import type { InputImage, PictureSink } from '../provider/image-provider.ts';

export interface Pictures {
  /** Takes a picture's bytes; the receipt is null when they are stored but are not a picture that can be read. */
  openSink(): PictureSink<Picture | null>;
  /** What `write` makes of the picture's bytes, or null when there are more than `maxBytes`. */
  dataUri(picture: Picture, maxBytes: number, write: typeof dataUriOf): Promise<string | null>;
  /** Base64 of the picture's ThumbHash, computed at first need; null when its pixels cannot be decoded. */
  thumbhash(image: Image): Promise<string | null>;
  /** The picture as an input of the upstream, in a format that it takes. */
  forUpstream(picture: Picture): InputImage;
}

type PictureFacts = Pick<Picture, 'width' | 'height' | 'format'>;

/** As much of a picture as says what it is, nearly always. */
const HEAD_BYTES = 64 * 1024;

export interface PicturesOptions {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly inspect: {
    /** Of a picture's bytes, its first ones or all of them, or of a file by its path. */
    facts(picture: string | Uint8Array): Promise<PictureFacts>;
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

  /** Null when it is no picture. */
  async function factsOf(picture: string | Uint8Array): Promise<PictureFacts | null> {
    try {
      const { width, height, format } = await inspect.facts(picture);
      return { width, height, format };
    } catch (error) {
      if (inspect.isNotAPicture(error)) return null;
      throw error;
    }
  }

  return {
    openSink() {
      const writer = blobs.open();
      const head: Uint8Array[] = [];
      let headBytes = 0;
      let facts: Promise<PictureFacts | null> | undefined;

      /** Looked at as soon as it is there, and not kept: the rest takes its time to come, and to be stored. */
      function lookAtHead() {
        if (facts === undefined) {
          facts = factsOf(Buffer.concat(head.splice(0)));
          // Told by `finish`, if it comes to that.
          facts.catch(() => undefined);
        }
        return facts;
      }
      return {
        write(chunk) {
          if (facts === undefined) {
            head.push(Buffer.copyBytesFrom(chunk, 0, HEAD_BYTES - headBytes));
            headBytes += chunk.byteLength;
            if (headBytes >= HEAD_BYTES) void lookAtHead();
          }
          return writer.write(chunk);
        },
        discard: () => writer.discard(),
        async finish() {
          const [blob, fromHead] = await Promise.all([writer.finish(), lookAtHead()]);
          const found = fromHead ?? (blob.byteSize > HEAD_BYTES ? await factsOf(blobs.path(blob.sha256)) : null);
          return found === null ? null : { ...blob, ...found };
        },
      };
    },

    async dataUri({ sha256, byteSize, format }, maxBytes, write) {
      if (byteSize > maxBytes) return null;
      return blobs.lend(sha256, (bytes) => write(FORMAT_MEDIA_TYPES[format], bytes));
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
