/**
 * `GET|HEAD /images/{id}.{ext}`, and the preflight of CORS: the stored bytes of an image or a partial image, or a variant of it
 * (`?w=`, `?format=`).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlobStore } from '../../blobs/blob-store.ts';
import { FORMAT_EXTENSIONS, type ImageFormat } from '../../domain/generation/options.ts';
import type { Picture } from '../../domain/images/image.ts';
import {
  VARIANT_RETRY_AFTER_SECONDS,
  type Variant,
  VariantImpossibleError,
  VariantsBusyError,
  VariantUnwantedError,
} from '../../domain/images/variant.ts';
import { refuseWithText } from '../refuse.ts';
import { isAboutCredentials } from '../refuse-credentials.ts';
import { type GrantImageAccess, type ImageAccess, SignatureRefusedError } from './image-access.ts';
import type { EmbeddingHeaders } from './image-embedding.ts';
import { type ImageFile, type SentImage, sendImage } from './send-image.ts';
import { readVariantQuery, variantQuery, withFixedWidth } from './variant-query.ts';

/** The id is a UUID in its canonical form. Percent-encoded characters never match, so no other path gets through. */
const IMAGE_PATH = /^\/images\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z]{3,4})$/;

/** On every answer. The URL of an image that is opened as a page may be signed, and no other server must learn it. */
const SHARED_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * The answer when a browser asks whether a page of another origin may send headers of its own, such as `If-None-Match`. It
 * permits nothing without the headers of CORS that the origin gets (image-embedding.ts).
 */
const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'Authorization, If-Match, If-None-Match, If-Range, Range',
  'access-control-max-age': '600',
};

const YEAR_SECONDS = 31_536_000;

/** Where the bytes of a variant are; it is made when it is needed. */
export type VariantFileOf = (request: {
  /** Whose image it is. */
  readonly principal: string;
  readonly picture: Picture;
  readonly variant: Variant;
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal;
}) => Promise<Pick<SentImage, 'blobs'> & Omit<ImageFile, 'format'>>;

type FoundPicture = Picture & { readonly isPartial: boolean };

/** What a request is answered with, once it may be. */
interface RequestedPicture extends Pick<ReturnType<typeof readVariantQuery>, 'variant' | 'isOtherWidth'> {
  readonly access: ImageAccess;
  readonly id: string;
  readonly picture: FoundPicture;
}

export interface ImagesOptions {
  readonly blobs: Pick<BlobStore, 'openRead' | 'stat'>;
  readonly grantAccess: GrantImageAccess;
  /** The file of the image or partial image with this row id; null when there is none, or `access` does not reach it. */
  readonly find: (access: ImageAccess, id: string) => Promise<FoundPicture | null>;
  /** @throws {VariantsBusyError} {VariantImpossibleError} {VariantUnwantedError} {RateLimitedError} */
  readonly variantFile: VariantFileOf;
  readonly embeddingHeaders: EmbeddingHeaders;
  readonly nowMs: () => number;
  /** Receives every error that is not the client's. The client learns only that there was one. */
  readonly report: (error: unknown) => void;
}

/**
 * Resolves when the image is sent or refused, or the client has disconnected.
 * @throws {UnauthenticatedError} {ForbiddenError} {AuthenticationUnavailableError} and nothing else
 */
export type ImagesHandler = (request: IncomingMessage, response: ServerResponse, pathname: string) => Promise<void>;

/** @returns the handler for every `pathname`, still percent-encoded, that begins with `/images/`. */
export function createImagesHandler(options: ImagesOptions): ImagesHandler {
  const { blobs, grantAccess, find, variantFile, embeddingHeaders, nowMs, report } = options;

  async function serve(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void> {
    const [, id, extension] = IMAGE_PATH.exec(pathname) ?? [];
    if (id === undefined || extension === undefined) return refuseWithText(response, 404, 'No such image.');
    const { url = '' } = request;
    const { variant, isOtherWidth, problem } = readVariantQuery(url);
    if (problem !== null) return refuseWithText(response, 400, problem);
    const address = variant === null ? pathname : pathname + variantQuery(variant);
    const access = await grantAccess(request, { id, address });
    const picture = await find(access, id);
    if (picture === null || !isExtensionOf(picture.format, extension)) {
      return refuseWithText(response, 404, 'No such image.');
    }
    const sent = { variant, isOtherWidth, access, id, picture };
    await send(request, response, sent).catch(async (error: unknown) => {
      const isLost = picture.isPartial && !response.headersSent && (await blobs.stat(picture.sha256)) === null;
      if (!isLost) throw error;
      refuseWithText(response, 410, 'The bytes of this partial image were lost in a power cut.');
    });
  }

  async function send(
    request: IncomingMessage,
    response: ServerResponse,
    { variant, isOtherWidth, access, id, picture }: RequestedPicture,
  ): Promise<void> {
    const cacheControl = cacheControlFor(access, nowMs());
    if (variant === null) return sendImage(request, response, { id, file: picture, blobs, cacheControl });
    if (isOtherWidth && variant.width !== null) {
      const location = withFixedWidth(request.url ?? '', variant.width);
      return void response.writeHead(308, { location, 'cache-control': cacheControl, 'content-length': 0 }).end();
    }
    const signal = whenGone(response);
    const made = await variantFile({ principal: access.id, picture, variant, signal });
    const file = { sha256: made.sha256, byteSize: made.byteSize, format: variant.format };
    await sendImage(request, response, { id, file, blobs: made.blobs, cacheControl });
  }

  return async (request, response, pathname) => {
    const shared = { ...SHARED_HEADERS, ...embeddingHeaders(request) };
    for (const [name, value] of Object.entries(shared)) response.setHeader(name, value);
    if (isPreflight(request)) return void response.writeHead(204, PREFLIGHT_HEADERS).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuseWithText(response, 405, 'Images can only be read.', { allow: 'GET, HEAD' });
    }
    try {
      await serve(request, response, pathname);
    } catch (error) {
      if (error instanceof SignatureRefusedError) return refuseWithText(response, 403, error.message);
      if (error instanceof VariantImpossibleError) return refuseWithText(response, 422, error.message);
      if (error instanceof VariantsBusyError) {
        return refuseWithText(response, 503, error.message, {
          'retry-after': String(VARIANT_RETRY_AFTER_SECONDS),
        });
      }
      if (error instanceof VariantUnwantedError) return void response.destroy();
      if (isAboutCredentials(error)) throw error;
      report(error);
      refuseWithText(response, 500, 'The image could not be read.');
    }
  };
}

function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** Aborts when the connection is closed before the answer. */
function whenGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once('close', () => gone.abort());
  return gone.signal;
}

function isExtensionOf(format: ImageFormat, extension: string): boolean {
  return extension === FORMAT_EXTENSIONS[format] || (format === 'JPEG' && extension === 'jpeg');
}

/**
 * `immutable`: the bytes of an id never change. `private`: who may see them depends on who asks, and only the browser's own
 * cache answers nobody else. What a signed URL gave is not used for longer than the URL works.
 */
function cacheControlFor({ endsAtMs }: ImageAccess, now: number): string {
  const seconds = endsAtMs === null ? YEAR_SECONDS : Math.max(0, Math.floor((endsAtMs - now) / 1000));
  return `private, max-age=${Math.min(seconds, YEAR_SECONDS)}, immutable`;
}
