/** One image to draw, including its partial images. */
import type { Animation, Background, ImageOptions, OutputFormat, Size } from '../image-options.ts';
import { planningOf } from '../planning.ts';
import type { Idea } from './idea.ts';

export interface DrawingOrder extends Size {
  readonly idea: Idea;
  readonly rendition: Rendition;
  /** How many partial images come before the final one. */
  readonly partials: number;
  /** A transparent PNG that is laid over the given image before it is changed. */
  readonly markup: Buffer | null;
  /** The image may differ from its parent only where the mask is transparent. */
  readonly masked: { readonly mask: Buffer; readonly parent: Idea } | null;
}

/** How an idea is drawn and encoded. */
export interface Rendition {
  readonly format: OutputFormat;
  /** 0 to 100, for webp and jpeg. */
  readonly compression: number;
  readonly background: Background;
  /** How many small things are drawn; 1 is as usual. */
  readonly detail: number;
  /** The frames of a GIF; null for a still image. */
  readonly animation: Animation | null;
}

export function renditionOf(options: ImageOptions): Rendition {
  return {
    format: options.outputFormat,
    compression: options.outputCompression,
    background: options.background,
    detail: planningOf(options.complexity).detail,
    animation: options.animation,
  };
}

/** Drawn pixels, four channels. */
export interface Pixels extends Size {
  readonly data: Buffer;
}
