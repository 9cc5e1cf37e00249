/**
 * Variants of images: looked up, or made once however many ask. One is made at a time, in turns of the principals, so that
 * a page of thumbnails leaves processor time and memory to images that are arriving.
 */
import type { Logger } from 'pino';
import { type BlobStore, BlobWriteError } from '../../blobs/blob-store.ts';
import type { Picture } from '../../domain/images/image.ts';
import {
  type Variant,
  type VariantFormat,
  VariantImpossibleError,
  type VariantKey,
  VariantsBusyError,
  VariantUnwantedError,
} from '../../domain/images/variant.ts';
import type { FairLimiter } from '../../lib/fair-limiter.ts';
import { RecentMap } from '../../lib/recent-map.ts';
import { memoryBlob } from './memory-blob.ts';
import type { VariantStore } from './variant-store.ts';

/** Variants that wait to be made: of one principal, and of all. A page of the API has at most 100 images. */
export const MAX_WAITING_VARIANTS = 1_000;
export const MAX_WAITING_VARIANTS_PER_PRINCIPAL = 200;
/** Larger pictures take turns with uploads and conversions: one of them can take all the memory there is for decoding. */
const LARGE_PIXELS = 16_000_000;
/** For how long a picture that cannot be decoded is not tried again. */
const UNREADABLE_MS = 10 * 60 * 1000;
const MAX_UNREADABLE = 1_000;

/** The bytes of a variant, and where they can be read. */
export interface VariantFile {
  readonly sha256: string;
  readonly byteSize: number;
  readonly blobs: Pick<BlobStore, 'openRead' | 'stat'>;
}

export interface VariantRequest {
  /** Whose image it is. */
  readonly principal: string;
  readonly picture: Picture;
  readonly variant: Variant;
  /** Aborts when the client is gone: what nobody waits for when its turn comes is not made. */
  readonly signal: AbortSignal;
}

export interface VariantService {
  /**
   * @throws {VariantsBusyError} {VariantImpossibleError} · {VariantUnwantedError} after the signal · {RateLimitedError} ·
   * the errors of the stores, when the original cannot be read
   */
  file(request: VariantRequest): Promise<VariantFile>;
}

/** What to make of a picture. */
export interface RenderOptions {
  /** In pixels. A picture that is narrower keeps its width, but a drawing in vectors is drawn in this one. */
  readonly width: number;
  readonly format: VariantFormat;
}

export interface VariantServiceOptions {
  /** The originals. */
  readonly originals: Pick<BlobStore, 'read'>;
  readonly store: VariantStore;
  /** Where the store keeps the bytes. */
  readonly blobs: Pick<BlobStore, 'openRead' | 'stat'>;
  /** How pixels are made (render.ts). */
  readonly render: (bytes: Uint8Array, options: RenderOptions) => Promise<Buffer>;
  readonly isNotAPicture: (error: unknown) => boolean;
  readonly limiters: { readonly small: FairLimiter; readonly large: FairLimiter };
  /** Counts a variant that has to be made. @throws {RateLimitedError} */
  readonly countVariant: (principal: string) => Promise<void>;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** A variant that is being made, or waits for its turn. */
interface Making {
  /** How many wait for it. */
  wanted: number;
  readonly result: Promise<VariantFile>;
}

export function createVariantService(options: VariantServiceOptions): VariantService {
  const { store, blobs, limiters, countVariant, isNotAPicture, nowMs, logger } = options;
  const running = new Map<string, Making>();
  const waitingOf = new Map<string, number>();
  let waiting = 0;
  /** When each picture that cannot be decoded was tried. */
  const unreadable = new RecentMap<string, { readonly atMs: number }>(MAX_UNREADABLE);

  async function makeNow(key: VariantKey): Promise<VariantFile> {
    const original = await options.originals.read(key.sourceSha256);
    const bytes = await options.render(original, key).catch((error: unknown) => {
      if (!isNotAPicture(error)) throw error;
      unreadable.set(nameOf(key), { atMs: nowMs() });
      logger.info({ err: error, principal: key.principal, sha256: key.sourceSha256 }, 'an image could not be resized');
      throw new VariantImpossibleError(error);
    });
    try {
      const stored = await store.put(key, bytes);
      if (stored !== null) return { ...stored, blobs };
    } catch (error) {
      // The disk may be full. The client needs the bytes, not that they are kept.
      const what = error instanceof BlobWriteError ? 'a resized image could not be kept' : 'storing a variant failed';
      logger.warn({ err: error, principal: key.principal }, what);
    }
    return memoryBlob(bytes);
  }

  function begin(key: VariantKey, limiter: FairLimiter): Making {
    const name = nameOf(key);
    const { principal } = key;
    const own = waitingOf.get(principal) ?? 0;
    if (waiting >= MAX_WAITING_VARIANTS || own >= MAX_WAITING_VARIANTS_PER_PRINCIPAL) throw new VariantsBusyError();
    waiting += 1;
    waitingOf.set(principal, own + 1);
    const inTurn = async () => {
      if (making.wanted === 0) {
        // Whoever wants it from now on begins anew.
        running.delete(name);
        throw new VariantUnwantedError();
      }
      // Another server may have made it meanwhile.
      const found = await store.find(key);
      return found === null ? makeNow(key) : { ...found, blobs };
    };
    const make = async () => {
      try {
        await countVariant(principal);
        return await limiter(principal, inTurn);
      } finally {
        if (running.get(name) === making) running.delete(name);
        waiting -= 1;
        const left = (waitingOf.get(principal) ?? 1) - 1;
        if (left === 0) waitingOf.delete(principal);
        else waitingOf.set(principal, left);
      }
    };
    const making: Making = { wanted: 0, result: make() };
    running.set(name, making);
    return making;
  }

  return {
    async file({ principal, picture, variant, signal }) {
      const key = keyOf(principal, picture, variant);
      const found = await store.find(key);
      if (found !== null) return { ...found, blobs };
      const failed = unreadable.get(nameOf(key));
      if (failed !== undefined && nowMs() - failed.atMs < UNREADABLE_MS) throw new VariantImpossibleError();
      if (signal.aborted) throw new VariantUnwantedError();
      const making = running.get(nameOf(key)) ?? begin(key, isLarge(picture) ? limiters.large : limiters.small);
      making.wanted += 1;
      const leave = () => {
        making.wanted -= 1;
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await making.result;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
  };
}

/** An animation may have a thousand frames. */
function isLarge({ width, height, format }: Picture): boolean {
  return format === 'GIF' || width * height > LARGE_PIXELS;
}

/** A picture has at most its own width, but a drawing in vectors has none. */
function keyOf(principal: string, { sha256, width, format }: Picture, variant: Variant): VariantKey {
  const wanted = variant.width ?? width;
  const made = format === 'SVG' ? wanted : Math.min(wanted, width);
  return { principal, sourceSha256: sha256, width: made, format: variant.format };
}

function nameOf({ principal, sourceSha256, width, format }: VariantKey): string {
  return `${sourceSha256} ${width} ${format} ${principal}`;
}
