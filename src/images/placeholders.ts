/** Placeholders of images and partial images: each is computed once, when it is first asked for. */
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { Database } from '../db/database.ts';
import { setThumbhash } from '../db/queries/images/images.ts';
import { setPartialThumbhash } from '../db/queries/images/partial-images.ts';
import type { Image, PartialImage } from '../domain/images/image.ts';

/** Placeholders that are computed for events, which do not wait for them. Beyond that, a query has to ask for them. */
const MAX_UNAWAITED = 100;

export interface Placeholders {
  /** Base64 of the image's ThumbHash, computed when first needed; null when the pixels cannot be decoded. */
  ofImage(image: Image): Promise<string | null>;
  /** The same of a partial image that has none yet. */
  ofPartial(principal: string, partial: PartialImage): Promise<string | null>;
  /** Begins to compute it. Nothing waits for it. */
  begin(principal: string, partial: PartialImage): void;
}

export interface PlaceholdersOptions {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, 'withLocalFile'>;
  /** How pixels are decoded; see ImageDecoder. */
  readonly decoder: {
    thumbhash(path: string, principal: string): Promise<string>;
    isNotAPicture(error: unknown): boolean;
  };
  readonly logger: Logger;
}

type Owned = Pick<Image, 'id' | 'principal' | 'sha256'>;

export function createPlaceholders({ db, blobs, decoder, logger }: PlaceholdersOptions): Placeholders {
  /** Running computations by id: each image is decoded once, however many ask. */
  const computing = new Map<string, Promise<string | null>>();

  async function compute({ id, principal, sha256 }: Owned, store: typeof setThumbhash): Promise<string | null> {
    try {
      const thumbhash = await blobs.withLocalFile(sha256, (path) => decoder.thumbhash(path, principal));
      await store(db, principal, id, thumbhash);
      return thumbhash;
    } catch (error) {
      // The image can be shown without a placeholder.
      const level = decoder.isNotAPicture(error) ? 'info' : 'warn';
      logger[level]({ err: error, imageId: id, principal }, 'the placeholder of an image could not be computed');
      return null;
    } finally {
      computing.delete(id);
    }
  }

  function once(image: Owned, store: typeof setThumbhash): Promise<string | null> {
    const running = computing.get(image.id) ?? compute(image, store);
    computing.set(image.id, running);
    return running;
  }

  const ofPartial: Placeholders['ofPartial'] = (principal, { id, sha256 }) =>
    once({ id, principal, sha256 }, setPartialThumbhash);

  return {
    ofImage: (image) => (image.thumbhash === null ? once(image, setThumbhash) : Promise.resolve(image.thumbhash)),
    ofPartial,
    begin(principal, partial) {
      if (computing.size < MAX_UNAWAITED) void ofPartial(principal, partial);
    },
  };
}
