/**
 * The finished drawing of an order before it is encoded: as SVG, and as grained pixels.
 * Each is made when it is first asked for, and once.
 */
import sharp, { type Sharp } from 'sharp';
import { compose } from '../composition.ts';
import type { Idea } from '../idea.ts';
import type { DrawingOrder, Pixels } from '../order.ts';
import { type GrainTile, grainLayer } from './grain.ts';

export class Plate {
  readonly #order: DrawingOrder;
  readonly #grain: GrainTile;
  #svg: Promise<string> | null = null;
  #pixels: Promise<Pixels> | null = null;

  constructor(order: DrawingOrder, grain: GrainTile) {
    this.#order = order;
    this.#grain = grain;
  }

  /** The picture as a document of its own. */
  svg(): Promise<string> {
    this.#svg ??= this.#order.masked === null ? composeFor(this.#order, this.#order.idea) : this.pixels().then(wrapped);
    return this.#svg;
  }

  pixels(): Promise<Pixels> {
    this.#pixels ??= this.#draw();
    return this.#pixels;
  }

  async #draw(): Promise<Pixels> {
    const { idea, masked } = this.#order;
    if (masked === null) return this.#drawIdea(idea);
    const [before, after, mask] = await Promise.all([
      this.#drawIdea(masked.parent),
      this.#drawIdea(idea),
      pixelsOf(sharp(masked.mask).resize(this.#order.width, this.#order.height, { fit: 'fill' })),
    ]);
    return merge(before, after, mask);
  }

  async #drawIdea(idea: Idea): Promise<Pixels> {
    const { width, height } = this.#order;
    // A given picture that nothing was asked to change is left as it came, without new grain.
    if (idea.base !== null && idea.changes.length === 0) return pixelsOf(fitted(idea.base, width, height));
    const svg = await composeFor(this.#order, idea);
    return pixelsOf(
      sharp(Buffer.from(svg), { unlimited: true })
        .ensureAlpha()
        .composite([grainLayer(this.#grain)]),
    );
  }
}

async function composeFor(order: DrawingOrder, idea: Idea): Promise<string> {
  const { width, height } = order;
  const base =
    idea.base === null ? null : dataUrl(await fitted(idea.base, width, height).png({ compressionLevel: 1 }).toBuffer());
  return compose({ idea, width, height, isTransparent: order.background === 'transparent', base });
}

function fitted(base: Buffer, width: number, height: number): Sharp {
  return sharp(base).resize(width, height, { fit: 'cover' });
}

function dataUrl(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}

async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.ensureAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The old picture, and the new one wherever the mask is transparent. */
function merge(before: Pixels, after: Pixels, mask: Pixels): Pixels {
  const data = Buffer.from(before.data);
  for (let at = 0; at < data.length; at += 4) {
    if ((mask.data[at + 3] ?? 255) < 128) after.data.copy(data, at, at, at + 4);
  }
  return { ...before, data };
}

/** Pixels in an SVG: what cannot be said in shapes any more. */
async function wrapped({ data, width, height }: Pixels): Promise<string> {
  const png = await sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs></defs><image width="${width}" height="${height}" xlink:href="${dataUrl(png)}"/></svg>`;
}
