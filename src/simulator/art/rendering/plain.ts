/**
 * The style `plain`: coloured squares in place of a drawing, forty times faster than `detailed` and a tenth of the
 * bytes. Sizes, formats, transparency, masks, markups and frames are honoured; every idea and every partial image looks
 * different, and more complexity gives more squares.
 */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { hashIdea, type Idea } from '../idea.ts';
import type { DrawingOrder, Pixels, Rendition } from '../order.ts';
import type { Painter } from '../painting.ts';
import { Random } from '../random.ts';
import { rect } from '../svg.ts';
import { encodeAnimation } from './animation.ts';
import { encode } from './encoding.ts';
import { fitted, fromPixels, mergeByMask, pixelsOf, svgAround } from './pixels.ts';

/** Squares along each edge, at the usual detail. */
const SQUARES = 16;

export function plainPainter(): Painter {
  return (order) => ({
    partial: (progress) => paint(order, `partial ${progress}`),
    final: () => paint(order, 'final'),
  });
}

async function paint(order: DrawingOrder, step: string): Promise<Buffer> {
  const { idea, masked, markup, rendition } = order;
  const { animation, format } = rendition;
  if (animation !== null) return encodeAnimation(animation, (moment) => squaresOf(order, idea, step, moment));
  if (format === 'svg' && masked === null && markup === null) return Buffer.from(svgOf(order, step));
  const pixels =
    masked === null
      ? await squaresOf(order, idea, step)
      : await mergeByMask(
          await squaresOf(order, masked.parent, 'final'),
          await squaresOf(order, idea, step),
          masked.mask,
        );
  return format === 'svg' ? Buffer.from(await svgAround(pixels)) : encode(fromPixels(pixels), rendition);
}

/** @param moment how far the squares have moved to the right, in widths of the image */
async function squaresOf(order: DrawingOrder, idea: Idea, step: string, moment = 0): Promise<Pixels> {
  const { width, height, markup } = order;
  if (idea.base !== null && idea.changes.length === 0) return pixelsOf(fitted(idea.base, width, height));
  const { pixels, edge } = tileOf(order.rendition, idea, step, moment);
  const raw = { width: edge, height: edge, channels: 4 } as const;
  const squares = await pixelsOf(sharp(pixels, { raw }).resize(width, height, { fit: 'fill', kernel: 'nearest' }));
  if (markup === null) return squares;
  const strokes = await fitted(markup, width, height).png().toBuffer();
  return pixelsOf(fromPixels(squares).composite([{ input: strokes }]));
}

function svgOf(order: DrawingOrder, step: string): string {
  const { width, height, idea } = order;
  const { pixels, edge } = tileOf(order.rendition, idea, step, 0);
  const squares = Array.from({ length: edge * edge }, (_, index) => {
    const [x, y] = [index % edge, Math.floor(index / edge)];
    const colour = pixels.subarray(index * 4, index * 4 + 3).toString('hex');
    return pixels[index * 4 + 3] === 0 ? '' : rect(x, y, 1, 1, `#${colour}`);
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${edge} ${edge}" preserveAspectRatio="none" shape-rendering="crispEdges">${squares.join('')}</svg>`;
}

interface Tile {
  /** One pixel for each square. */
  readonly pixels: Buffer;
  readonly edge: number;
}

/** On a transparent background the outermost squares are clear. */
function tileOf({ background, detail }: Rendition, idea: Idea, step: string, moment: number): Tile {
  const edge = Math.round(SQUARES * detail);
  const hash = createHash('sha256');
  hashIdea(hash, idea);
  const random = new Random(`${hash.digest('hex')} ${step}`);
  const pixels = Buffer.alloc(edge * edge * 4);
  const moved = Math.round(moment * SQUARES);
  for (let y = 0; y < edge; y += 1) {
    for (let column = 0; column < edge; column += 1) {
      const x = (column + moved) % edge;
      const isEdge = Math.min(x, y) === 0 || Math.max(x, y) === edge - 1;
      const at = (y * edge + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) pixels[at + channel] = random.integer(0, 255);
      pixels[at + 3] = background === 'transparent' && isEdge ? 0 : 255;
    }
  }
  return { pixels, edge };
}
