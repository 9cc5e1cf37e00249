/** Encodes pixels in the format of the order. */
import type { Sharp } from 'sharp';
import type { DrawingOrder } from '../order.ts';

/** The quality for a compression of 100, the default. Higher values would give larger files than the upstream's. */
const BEST_QUALITY = 92;

export function encode(image: Sharp, order: DrawingOrder): Promise<Buffer> {
  // Opaque images have no alpha channel.
  const flat = order.background === 'transparent' ? image : image.flatten({ background: '#ffffff' });
  const quality = Math.max(1, Math.min(BEST_QUALITY, order.compression));
  switch (order.format) {
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
