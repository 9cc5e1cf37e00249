/**
 * The finished drawing of an order before it is encoded: as SVG, as pixels with grain, and as the frames of an animation.
 * Each is made when it is first needed, and only once.
 */
import sharp from 'sharp';
import { compose } from '../composition.ts';
import type { Idea } from '../idea.ts';
import type { DrawingOrder, Pixels } from '../order.ts';
import { type GrainTile, grainLayer } from './grain.ts';
import { fitted, mergeByMask, pixelsOf, pngDataUrl, svgAround, withMarkup } from './pixels.ts';

export class FinishedPicture {
  readonly #order: DrawingOrder;
  readonly #grain: GrainTile;
  /** The given images, in the size of the order. */
  readonly #bases = new Map<Buffer, Promise<string>>();
  #svg: Promise<string> | null = null;
  #pixels: Promise<Pixels> | null = null;

  constructor(order: DrawingOrder, grain: GrainTile) {
    this.#order = order;
    this.#grain = grain;
  }

  /** The image as a document of its own. */
  svg(): Promise<string> {
    this.#svg ??= this.#order.masked === null ? this.#compose(this.#order.idea) : this.pixels().then(svgAround);
    return this.#svg;
  }

  pixels(): Promise<Pixels> {
    this.#pixels ??= this.#draw();
    return this.#pixels;
  }

  /** One frame of the animation. @param moment where it is in the loop, 0 to 1 */
  async frame(moment: number): Promise<Pixels> {
    return this.#rasterize(await this.#compose(this.#order.idea, moment));
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
    return this.#rasterize(await this.#compose(idea));
  }

  #rasterize(svg: string): Promise<Pixels> {
    return pixelsOf(
      sharp(Buffer.from(svg), { unlimited: true })
        .ensureAlpha()
        .composite([grainLayer(this.#grain)]),
    );
  }

  async #compose(idea: Idea, moment: number | null = null): Promise<string> {
    const { width, height, rendition } = this.#order;
    const { background, detail } = rendition;
    const base = idea.base === null ? null : await this.#base(idea.base);
    return compose({ idea, width, height, isTransparent: background === 'transparent', detail, moment, base });
  }

  #base(bytes: Buffer): Promise<string> {
    const known = this.#bases.get(bytes) ?? this.#fit(bytes);
    this.#bases.set(bytes, known);
    return known;
  }

  async #fit(bytes: Buffer): Promise<string> {
    const { width, height, markup } = this.#order;
    const base = markup === null ? bytes : await withMarkup(bytes, markup);
    return pngDataUrl(await fitted(base, width, height).png({ compressionLevel: 1 }).toBuffer());
  }
}
