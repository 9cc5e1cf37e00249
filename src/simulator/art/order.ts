/** One image to draw, including its partial images. */
import type { Animation, Background, OutputFormat, Size } from '../image-options.ts';
import type { Idea } from './idea.ts';

export interface DrawingOrder extends Size {
  readonly idea: Idea;
  readonly format: OutputFormat;
  /** 0 to 100, for webp and jpeg. */
  readonly compression: number;
  readonly background: Background;
  /** How many partial images come before the final one. */
  readonly partials: number;
  /** How many small things are drawn; 1 is as usual. */
  readonly detail: number;
  /** The frames of a GIF; null for a still image. */
  readonly animation: Animation | null;
  /** A transparent PNG that is laid over the given image before it is changed. */
  readonly markup: Buffer | null;
  /** The image may differ from its parent only where the mask is transparent. */
  readonly masked: { readonly mask: Buffer; readonly parent: Idea } | null;
}

/** Drawn pixels, four channels. */
export interface Pixels extends Size {
  readonly data: Buffer;
}
