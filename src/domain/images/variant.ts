/** Variants: an image in another width or format, made by this server. The widths are fixed, so that each is made once. */

/** In pixels. Close enough that a browser loads at most twice the pixels that it shows. */
export const VARIANT_WIDTHS = [160, 320, 480, 640, 960, 1280, 1920, 2560] as const;

/** What browsers show and every picture can be converted to. */
export const VARIANT_FORMATS = ['WEBP', 'PNG', 'JPEG'] as const;
export type VariantFormat = (typeof VARIANT_FORMATS)[number];

export const DEFAULT_VARIANT_FORMAT: VariantFormat = 'WEBP';

/** What a client asks for. */
export interface Variant {
  /** One of the fixed widths; null for the width of the image itself. */
  readonly width: number | null;
  readonly format: VariantFormat;
}

/** The fixed width for a wanted one: the next that is not smaller, or the largest. */
export function fixedWidth(wanted: number): number {
  return VARIANT_WIDTHS.find((width) => width >= wanted) ?? Math.max(...VARIANT_WIDTHS);
}

export function isVariantFormat(format: string): format is VariantFormat {
  return VARIANT_FORMATS.some((known) => known === format);
}

/** What names the bytes of a variant: the owner of the image, the hash of its bytes, and what was made of them. */
export interface VariantKey {
  readonly principal: string;
  readonly sourceSha256: string;
  /** In pixels, as it was made: not more than the image has. */
  readonly width: number;
  readonly format: VariantFormat;
}

/** When a client may ask again that was refused because too many variants wait. */
export const VARIANT_RETRY_AFTER_SECONDS = 5;

/** Too many variants wait to be made. The message is shown to the client. */
export class VariantsBusyError extends Error {
  override readonly name = 'VariantsBusyError';

  constructor() {
    super('Too many images are being resized at the moment. Try again in a few seconds.');
  }
}

/** The pixels cannot be decoded, or not in time. The message is shown to the client. */
export class VariantImpossibleError extends Error {
  override readonly name = 'VariantImpossibleError';

  constructor(cause?: unknown) {
    super('The image cannot be resized or converted: its pixels cannot be decoded. The original is still there.', {
      cause,
    });
  }
}

/** Nobody waits for the variant any more. */
export class VariantUnwantedError extends Error {
  override readonly name = 'VariantUnwantedError';
}
