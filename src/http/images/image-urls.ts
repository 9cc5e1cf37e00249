/**
 * The URLs of image bytes. With authentication they are signed, because an `<img>` cannot send credentials: they carry when
 * they expire and a signature, and work for everybody who has them until then
 * (docs/decisions/2026-11-28-signed-image-urls.md).
 */
import { FORMAT_EXTENSIONS } from '../../domain/generation/options.ts';
import type { Picture } from '../../domain/images/image.ts';
import type { Variant } from '../../domain/images/variant.ts';
import { RecentMap } from '../../lib/recent-map.ts';
import { createSigner } from '../../lib/signer.ts';
import { variantQuery } from './variant-query.ts';

/** An image or a partial image. */
export type AddressedImage = Pick<Picture, 'format'> & { readonly id: string };

/** The URL of an image, or of a variant, for this principal, with an origin that has no trailing slash. */
export type ImageUrlFor = (
  origin: string,
  principal: string,
  image: AddressedImage,
  variant?: Variant | null,
) => string;

/** What the query of a signed URL says. */
export interface ImageSignature {
  /** In seconds since 1970. */
  readonly expires: number;
  readonly signature: string;
}

export interface SignedImageUrls {
  readonly urlFor: ImageUrlFor;
  /**
   * Whether the signature was made for this address and principal. It may have expired. Takes the same time for every answer.
   * @param address the path and, of a variant, its query (`variantQuery`)
   */
  isSignedFor(principal: string, address: string, signature: ImageSignature): boolean;
}

export interface SignedImageUrlsOptions {
  /** The first one signs, and all verify. */
  readonly keys: readonly Buffer[];
  /** The shortest time that a URL works, in milliseconds. The longest is twice as long. */
  readonly ttlMs: number;
  readonly nowMs: () => number;
}

const SIGNATURE_BYTES = 16;
/** 22 characters of base64url. */
const SIGNATURE = /^[\w-]{22}$/u;
const EXPIRES = /^\d{1,12}$/u;
/** A hash costs more than the rest of an image in a list. */
const MAX_REMEMBERED_URLS = 10_000;
/** The last hexadecimal digits of a UUIDv7 are random. */
const RANDOM_DIGITS = 6;

export const unsignedImageUrl: ImageUrlFor = (origin, _principal, image, variant = null) =>
  origin + addressOf(image, variant);

export function createSignedImageUrls({ keys, ttlMs, nowMs }: SignedImageUrlsOptions): SignedImageUrls {
  const signer = createSigner(keys, SIGNATURE_BYTES);
  const remembered = new RecentMap<string, RememberedUrl>(MAX_REMEMBERED_URLS);

  function sign(origin: string, principal: string, { id, address }: Addressed, now: number): RememberedUrl {
    const { validUntilMs, expires } = windowOf(id, ttlMs, now);
    const signature = signer.sign(signedText(principal, address, expires));
    const separator = address.includes('?') ? '&' : '?';
    const url = inOnePiece(`${origin}${address}${separator}exp=${expires}&sig=${signature}`);
    return { origin, principal, validUntilMs, url };
  }

  return {
    urlFor(origin, principal, image, variant = null) {
      const now = nowMs();
      const key = variant === null ? image.id : image.id + variantQuery(variant);
      const known = remembered.get(key);
      const isCurrent =
        known !== undefined && now < known.validUntilMs && known.principal === principal && known.origin === origin;
      if (isCurrent) return known.url;
      const signed = sign(origin, principal, { id: image.id, address: addressOf(image, variant) }, now);
      remembered.set(key, signed);
      return signed.url;
    },

    isSignedFor: (principal, address, { expires, signature }) =>
      signer.isSigned(signedText(principal, address, expires), signature),
  };
}

interface RememberedUrl {
  readonly origin: string;
  readonly principal: string;
  /** When the next URL of the image begins, in milliseconds since 1970. */
  readonly validUntilMs: number;
  readonly url: string;
}

/** The signature in the query of a URL; null when there is none; `malformed` when it cannot be one. */
export function readImageSignature(url: string): ImageSignature | 'malformed' | null {
  const start = url.indexOf('?');
  if (start === -1) return null;
  const query = new URLSearchParams(url.slice(start));
  const [expires, signature] = [query.get('exp'), query.get('sig')];
  if (expires === null && signature === null) return null;
  if (expires === null || signature === null) return 'malformed';
  if (!EXPIRES.test(expires) || !SIGNATURE.test(signature)) return 'malformed';
  return { expires: Number(expires), signature };
}

/**
 * V8 keeps a string that was put together as its parts, and puts them together whenever it is written. Read from bytes, it
 * is one.
 */
function inOnePiece(ascii: string): string {
  return Buffer.from(ascii, 'latin1').toString('latin1');
}

interface Addressed {
  readonly id: string;
  /** The path, and the query of a variant. */
  readonly address: string;
}

function addressOf({ id, format }: AddressedImage, variant: Variant | null): string {
  const path = `/images/${id}.${FORMAT_EXTENSIONS[format]}`;
  return variant === null ? path : path + variantQuery(variant);
}

/**
 * A URL stays the same within a window, so that caches keep the image, and expires at the end of the next one. Windows
 * begin at a different moment for each image: otherwise clients would fetch all their images again at once.
 */
function windowOf(id: string, ttlMs: number, now: number): { readonly validUntilMs: number; readonly expires: number } {
  const share = Number.parseInt(id.slice(-RANDOM_DIGITS), 16) / 16 ** RANDOM_DIGITS;
  const offsetMs = Math.floor(share * ttlMs);
  const validUntilMs = (Math.floor((now - offsetMs) / ttlMs) + 1) * ttlMs + offsetMs;
  return { validUntilMs, expires: Math.ceil((validUntilMs + ttlMs) / 1000) };
}

/** The principal comes last: it is the only part that may contain any character. */
function signedText(principal: string, address: string, expires: number): string {
  return `${address}\n${expires}\n${principal}`;
}
