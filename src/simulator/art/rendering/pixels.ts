/** Raw pixels: out of a sharp pipeline, into one, merged by a mask, and embedded in an SVG. */
import sharp, { type Sharp } from 'sharp';
import type { Pixels } from '../order.ts';

export async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.ensureAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

export function fromPixels({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 4 } });
}

/** A given image, upright and at this size, cropped where its shape differs. */
export function fitted(base: Buffer, width: number, height: number): Sharp {
  return sharp(base, { autoOrient: true }).resize(width, height, { fit: 'cover' });
}

/** A given image, upright, with the strokes of a markup of the same size over it. */
export function withMarkup(base: Buffer, markup: Buffer): Promise<Buffer> {
  return sharp(base, { autoOrient: true })
    .composite([{ input: markup }])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** The old image, and the new one wherever the mask is transparent. */
export async function mergeByMask(before: Pixels, after: Pixels, mask: Buffer): Promise<Pixels> {
  const { width, height } = before;
  const { data: maskData } = await pixelsOf(sharp(mask).resize(width, height, { fit: 'fill' }));
  const data = Buffer.from(before.data);
  for (let at = 0; at < data.length; at += 4) {
    if ((maskData[at + 3] ?? 255) < 128) after.data.copy(data, at, at, at + 4);
  }
  return { ...before, data };
}

/** An SVG that embeds the pixels, for what cannot be expressed as shapes. */
export async function svgAround(pixels: Pixels): Promise<string> {
  const { width, height } = pixels;
  const png = await fromPixels(pixels).png().toBuffer();
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs></defs><image width="${width}" height="${height}" xlink:href="${pngDataUrl(png)}"/></svg>`;
}

export function pngDataUrl(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}
