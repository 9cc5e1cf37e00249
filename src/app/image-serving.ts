/** How images are addressed and served: URLs are signed when the server has authentication. */
import type { Logger } from 'pino';
import type { Authenticate } from '../auth/authenticate.ts';
import type { SigningKeys } from '../auth/signing-keys.ts';
import type { Config } from '../config/config.ts';
import { isLoopback } from '../config/loopback.ts';
import { ownerOfPicture } from '../db/queries/engine/picture-owners.ts';
import { findPicture, isPictureWithin } from '../db/queries/images/image-files.ts';
import { createImageAccess } from '../http/images/image-access.ts';
import { createEmbeddingHeaders, type ImageResourcePolicy } from '../http/images/image-embedding.ts';
import { createSignedImageUrls, type ImageUrlFor, unsignedImageUrl } from '../http/images/image-urls.ts';
import { createImagesHandler, type ImagesHandler } from '../http/images/images.ts';
import type { OriginCheck } from '../http/origins.ts';
import { readOnce } from '../lib/turn.ts';
import type { Services } from './services.ts';
import type { OpenStorage } from './storage.ts';

export interface ImageServingOptions {
  readonly config: Pick<Config, 'signing' | 'host' | 'publicUrl'>;
  readonly storage: Pick<OpenStorage, 'db' | 'blobs'>;
  readonly services: Pick<Services, 'variants'>;
  /** Null without authentication. */
  readonly signingKeys: SigningKeys | null;
  readonly authenticate: Authenticate;
  readonly isAllowedOrigin: OriginCheck;
  readonly logger: Logger;
}

export interface ImageServing {
  readonly images: ImagesHandler;
  readonly urlFor: ImageUrlFor;
}

const nowMs = Date.now;

export function createImageServing(options: ImageServingOptions): ImageServing {
  const { config, storage, services, signingKeys, authenticate, isAllowedOrigin, logger } = options;
  const { db, blobs } = storage;
  const { imageUrlTtlMs: ttlMs } = config.signing;
  const hasAuthentication = signingKeys !== null;
  const signedUrls =
    signingKeys === null
      ? null
      : createSignedImageUrls({ keys: signingKeys.deriveKeys('image-url'), ttlMs, nowMs: readOnce(nowMs) });
  const images = createImagesHandler({
    blobs,
    grantAccess: createImageAccess({ authenticate, signedUrls, ownerOf: (id) => ownerOfPicture(db, id), nowMs }),
    async find({ id: principal, only }, id) {
      if (only !== null && !(await isPictureWithin(db, principal, id, only))) return null;
      return findPicture(db, principal, id);
    },
    variantFile: services.variants.file,
    embeddingHeaders: createEmbeddingHeaders({
      policy: policyFor(config, hasAuthentication),
      isAllowedOrigin,
      varies: hasAuthentication,
    }),
    nowMs,
    report: (error) => logger.error({ err: error }, 'an image could not be served'),
  });
  return { images, urlFor: signedUrls?.urlFor ?? unsignedImageUrl };
}

/**
 * Unless IMAGE_RESOURCE_POLICY says otherwise, pages of other sites may not show images. On a developer's machine the page
 * of a frontend may be on `localhost` and this server on 127.0.0.1, which are two sites.
 */
function policyFor(
  { signing, host, publicUrl }: ImageServingOptions['config'],
  hasAuthentication: boolean,
): ImageResourcePolicy {
  if (signing.imageResourcePolicy !== 'auto') return signing.imageResourcePolicy;
  const isOnThisMachine = isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname));
  return hasAuthentication && !isOnThisMachine ? 'same-site' : 'cross-origin';
}
