/**
 * The finished drawing of an order before it is encoded: as SVG, and as pixels with grain.
 * Each is made when it is first needed, and only once.
 */
import sharp from 'sharp';
import { compose } from '../composition.ts';
import type { Idea } from '../idea.ts';
import type { DrawingOrder, Pixels } from '../order.ts';
import { type GrainTile, grainLayer } from './grain.ts';
import { fitted, mergeByMask, pixelsOf, pngDataUrl, svgAround } from './pixels.ts';

export class FinishedPicture {
  readonly #order: DrawingOrder;
  readonly #grain: GrainTile;
  #svg: Promise<string> | null = null;
  #pixels: Promise<Pixels> | null = null;

  constructor(order: DrawingOrder, grain: GrainTile) {
    this.#order = order;
    this.#grain = grain;
  }

  /** The image as a document of its own. */
  svg(): Promise<string> {
    this.#svg ??=
      this.#order.masked === null ? composeFor(this.#order, this.#order.idea) : this.pixels().then(svgAround);
    return this.#svg;
  }

  pixels(): Promise<Pixels> {
    this.#pixels ??= this.#draw();
    return this.#pixels;
  }

  async #draw(): Promise<Pixels> {
    const { idea, masked } = this.#order;
    if (masked === null) return this.#drawIdea(idea);
    const [before, after] = await Promise.all([this.#drawIdea(masked.parent), this.#drawIdea(idea)]);
    return mergeByMask(before, after, masked.mask);
  }

  async #drawIdea(idea: Idea): Promise<Pixels> {
    const { width, height } = this.#order;
    // A given image without any change is kept as it came, without new grain.
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
    idea.base === null
      ? null
      : pngDataUrl(await fitted(idea.base, width, height).png({ compressionLevel: 1 }).toBuffer());
  return compose({ idea, width, height, isTransparent: order.background === 'transparent', base });
}
