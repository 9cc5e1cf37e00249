/**
 * Makes a variant of a picture: smaller or in another format, upright, in sRGB and without metadata. Decided in
 * docs/decisions/2026-11-28-variants.md.
 */
import type { Metadata, Sharp } from 'sharp';
import type { VariantFormat } from '../../domain/images/variant.ts';
import { UPRIGHT } from '../orientation-tag.ts';
import { loadSharp, MAX_PIXELS, NotAPictureError, uprightSize } from '../probe.ts';
import type { RenderOptions } from './variant-service.ts';

/** Twice what the largest picture takes on a machine with one busy core. */
const TIMEOUT_SECONDS = 30;
/** The limit of WEBP; a picture that is higher becomes narrower. */
const MAX_HEIGHT = 16_383;
/** An animation with more frames, or more pixels in all frames of the variant, is shown by its first frame. */
const MAX_FRAMES = 100;
const MAX_ANIMATED_PIXELS = 16_000_000;
/** In which sharp measures an SVG without another density. */
const SVG_DENSITY = 72;
const MAX_SVG_DENSITY = 7_200;
const WHITE = '#ffffff';

/**
 * @param picture its bytes, never a path: an SVG that is opened by its path can draw neighbouring files
 * @throws {NotAPictureError} when the pixels cannot be decoded and encoded within thirty seconds
 */
export async function renderVariant(picture: Uint8Array, options: RenderOptions): Promise<Buffer> {
  const sharp = await loadSharp();
  try {
    // Browsers show a truncated picture as far as it goes, so it is decoded as far as it goes.
    const common = { limitInputPixels: MAX_PIXELS, failOn: 'none' } as const;
    const metadata = await sharp(picture, common).metadata();
    const animated = isKeptAnimated(metadata, options);
    const density = metadata.format === 'svg' ? { density: densityFor(metadata, options.width) } : {};
    const image = sharp(picture, { ...common, ...density, animated }).timeout({ seconds: TIMEOUT_SECONDS });
    // An animation has no orientation, and cannot be turned.
    const upright = (metadata.orientation ?? UPRIGHT) === UPRIGHT ? image : image.autoOrient();
    const sized = upright
      .resize({ width: options.width, height: MAX_HEIGHT, fit: 'inside', withoutEnlargement: true })
      // The colour profile is left out, so the numbers must be those of sRGB.
      .toColourspace('srgb');
    return await ENCODERS[options.format](sized).toBuffer();
  } catch (cause) {
    throw new NotAPictureError(cause);
  }
}

/** Photos at these qualities can hardly be told from their original at the same size. */
const ENCODERS: Readonly<Record<VariantFormat, (image: Sharp) => Sharp>> = {
  WEBP: (image) => image.webp({ quality: 78, effort: 4, smartSubsample: true }),
  PNG: (image) => image.png({ compressionLevel: 7 }),
  // It has no transparency.
  JPEG: (image) => image.flatten({ background: WHITE }).jpeg({ quality: 80, progressive: true }),
};

function isKeptAnimated(metadata: Metadata, { width: wanted, format }: RenderOptions): boolean {
  const { pages = 1 } = metadata;
  if (format !== 'WEBP' || pages === 1 || pages > MAX_FRAMES) return false;
  if ((metadata.orientation ?? UPRIGHT) !== UPRIGHT) return false;
  const { width, height } = uprightSize(metadata);
  const scale = Math.min(1, wanted / width);
  return width * height * scale * scale * pages <= MAX_ANIMATED_PIXELS;
}

/** Drawn in its final size, a drawing stays sharp. */
function densityFor(metadata: Metadata, wanted: number): number {
  const { width } = uprightSize(metadata);
  return Math.min(Math.max((SVG_DENSITY * wanted) / width, 1), MAX_SVG_DENSITY);
}
