/**
 * Partial images, derived from the finished one: first patches of pale colour under coarse noise, then shapes, and at
 * last nearly everything except fine lines and letters.
 */
import sharp, { type Sharp } from 'sharp';
import type { Pixels } from '../order.ts';
import { type GrainTile, grainLayer } from './grain.ts';

const PAPER = 236;

/** @param progress 0 to 1, where 1 is the finished image */
export async function renderPartial(
  { data, width, height }: Pixels,
  progress: number,
  noise: GrainTile,
): Promise<Sharp> {
  const detail = 10 ** (-1.9 + 1.25 * progress);
  const raw = { width, height, channels: 4 } as const;
  const coarse = await sharp(data, { raw })
    .resize(Math.max(4, Math.round(width * detail)), Math.max(4, Math.round(height * detail)), {
      fit: 'fill',
      kernel: 'cubic',
    })
    .raw()
    .toBuffer({ resolveWithObject: true });
  // Fades toward the colour of the paper. Transparency is kept.
  const ink = 0.42 + 0.54 * progress;
  const paper = PAPER * (1 - ink);
  const soft = sharp(coarse.data, { raw: { width: coarse.info.width, height: coarse.info.height, channels: 4 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .linear([ink, ink, ink, 1], [paper, paper, paper, 0]);
  // The noise needs a second pass: within one pipeline, sharp would composite before it resizes.
  const pixels = await soft.raw().toBuffer();
  return sharp(pixels, { raw }).composite([grainLayer(noise)]);
}

/** The same for SVG: one filter around everything. */
export function renderPartialSvg(svg: string, progress: number): string {
  const size = /viewBox="0 0 (\d+) (\d+)"/.exec(svg);
  const blur = (Math.min(Number(size?.[1] ?? 1024), Number(size?.[2] ?? 1024)) / 36) * (1.05 - progress);
  const ink = 0.42 + 0.54 * progress;
  const row = (at: number) =>
    `${Array.from({ length: 4 }, (_, i) => (i === at ? ink : 0)).join(' ')} ${((PAPER / 255) * (1 - ink)).toFixed(3)}`;
  const fade = `<feColorMatrix type="matrix" values="${row(0)} ${row(1)} ${row(2)} 0 0 0 1 0"/>`;
  const filter = `<filter id="developing" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="${blur.toFixed(2)}"/>${fade}</filter>`;
  return svg
    .replace('<defs>', `<defs>${filter}`)
    .replace('</defs>', '</defs><g filter="url(#developing)">')
    .replace(/<\/svg>$/, '</g></svg>');
}
