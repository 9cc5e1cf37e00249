/**
 * The images of the server by their bytes: stored as they arrive, read back as a data URI, as an input for the upstream
 * or as a placeholder.
 */
import type { Logger } from 'pino';
import { BlobMissingError, type BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { setContentCredentials } from '../db/queries/images/images.ts';
import { FORMAT_MEDIA_TYPES } from '../domain/generation/options.ts';
import type { dataUriOf } from '../domain/images/data-uri.ts';
import type { Image, PartialImage, Picture } from '../domain/images/image.ts';
import type { InputBytes, PictureSink } from '../provider/image-provider.ts';
import { barePicture } from './bare-picture.ts';
import { hasContentCredentials } from './content-credentials.ts';
import { createPlaceholders } from './placeholders.ts';
import { openImageSink, type PictureFacts } from './sink.ts';
import { keyPrefix, type UpstreamPicture } from './upstream-picture.ts';

export interface ImageService {
  /** Takes the bytes of an image; the receipt is null when they are stored but are not an image that can be read. */
  openSink(): PictureSink<Picture | null>;
  /** The result of `write` for the stored bytes; null when they are those of a partial image and a power cut took them. */
  dataUri(picture: Image | PartialImage, write: typeof dataUriOf): Promise<string | null>;
  /** Base64 of the image's ThumbHash, computed when first needed; null when the pixels cannot be decoded. */
  thumbhash(image: Image): Promise<string | null>;
  /** The same of a partial image that has none yet. */
  partialThumbhash(principal: string, partial: PartialImage): Promise<string | null>;
  /** Begins to compute it. Nothing waits for it. */
  beginPartialThumbhash(principal: string, partial: PartialImage): void;
  /** Whether the file has content credentials: looked for when first asked, then stored. */
  hasContentCredentials(image: Image): Promise<boolean>;
  /** The image as an input for the upstream: in a format that it accepts, and without metadata unless it is kept. */
  forUpstream(image: Image): UpstreamPicture;
}

function isPartial(picture: Image | PartialImage): picture is PartialImage {
  return !('principal' in picture);
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof BlobMissingError) return null;
  throw error;
}

/** How pixels are decoded (probe.ts). */
export interface ImageDecoder {
  /** Takes the bytes of an image, or the first of them, or the path of a file. */
  probe(picture: string | Uint8Array): Promise<PictureFacts>;
  /** @param principal whose image it is: images are decoded in turns of their owners */
  thumbhash(path: string, principal: string): Promise<string>;
  /** What decides how an image is sent. Takes its bytes; they are not decoded. */
  inspect(bytes: Uint8Array): Promise<PictureForm>;
  /** Converts an image of any format to PNG. @param principal as above */
  toPng(path: string, principal: string): Promise<Buffer>;
  /** Whether an error of this decoder says that the bytes are not an image. */
  isNotAPicture(error: unknown): boolean;
}

export interface PictureForm {
  /** The EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** An animation, or CMYK, which the upstream cannot read or reads differently. */
  readonly mustBeConverted: boolean;
}

export interface ImageServiceOptions {
  readonly db: Database;
  readonly blobs: BlobStore;
  readonly decoder: ImageDecoder;
  /** Whether the metadata of images is sent to the upstream. */
  readonly keepsMetadata: boolean;
  readonly logger: Logger;
}

export function createImageService({ db, blobs, decoder, keepsMetadata, logger }: ImageServiceOptions): ImageService {
  const placeholders = createPlaceholders({ db, blobs, decoder, logger });

  async function findContentCredentials({ id, principal, sha256, format }: Image): Promise<boolean> {
    try {
      const isThere = await blobs.withBytes(sha256, (bytes) => hasContentCredentials(format, bytes));
      await setContentCredentials(db, principal, id, isThere);
      return isThere;
    } catch (error) {
      // Asked again the next time: everything else of the image can be shown.
      logger.warn(
        { err: error, imageId: id, principal },
        'the content credentials of an image could not be looked for',
      );
      return false;
    }
  }

  async function readForUpstream({ sha256, format, principal }: Image): Promise<InputBytes> {
    // The upstream makes SVG and GIF but does not edit SVG, and of a GIF at most the first frame.
    if (format !== 'SVG' && format !== 'GIF') {
      const bytes = await blobs.read(sha256);
      const { orientation, mustBeConverted } = await decoder.inspect(bytes);
      const bare = mustBeConverted ? null : await barePicture(bytes, { format, orientation, keepsMetadata });
      if (bare !== null) return { bytes: bare, mediaType: FORMAT_MEDIA_TYPES[format] };
    }
    const bytes = await blobs.withLocalFile(sha256, (path) => decoder.toPng(path, principal));
    return { bytes, mediaType: FORMAT_MEDIA_TYPES.PNG };
  }

  return {
    openSink: () => openImageSink(blobs, decoder),

    async dataUri(picture, write) {
      const { sha256, format } = picture;
      const uri = blobs.withBytes(sha256, (bytes) => write(FORMAT_MEDIA_TYPES[format], bytes));
      return isPartial(picture) ? uri.catch(nullWhenMissing) : uri;
    },

    thumbhash: placeholders.ofImage,
    partialThumbhash: placeholders.ofPartial,
    beginPartialThumbhash: placeholders.begin,
    hasContentCredentials: (image) =>
      image.hasContentCredentials === null
        ? findContentCredentials(image)
        : Promise.resolve(image.hasContentCredentials),

    forUpstream: (image) => ({
      key: `${keyPrefix(keepsMetadata)}:${image.sha256}`,
      fileId: null,
      read: () => readForUpstream(image),
    }),
  };
}
