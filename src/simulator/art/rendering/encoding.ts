/** Encodes pixels in the format of a rendition. */
import type { Sharp } from 'sharp';
import type { Rendition } from '../order.ts';

/** The quality for a compression of 100, the default. Higher values would give larger files than the upstream's. */
const BEST_QUALITY = 92;

export function encode(image: Sharp, rendition: Rendition): Promise<Buffer> {
  // Opaque images have no alpha channel.
  const flat = rendition.background === 'transparent' ? image : image.flatten({ background: '#ffffff' });
  const quality = Math.max(1, Math.min(BEST_QUALITY, rendition.compression));
  switch (rendition.format) {
    case 'webp':
      return flat.webp({ quality, effort: 2 }).toBuffer();
    case 'jpeg':
      return flat.jpeg({ quality }).toBuffer();
    case 'gif':
      return flat.gif({ effort: 2, dither: 0.4 }).toBuffer();
    default:
      return flat.png({ compressionLevel: 6 }).toBuffer();
  }
}
