/** placeholder */
import sharp from 'sharp';
import type { Background, OutputFormat } from '../image-options.ts';
import type { Idea } from './idea.ts';

export interface DrawingOrder {
  readonly idea: Idea;
  readonly width: number;
  readonly height: number;
  readonly format: OutputFormat;
  readonly compression: number;
  readonly background: Background;
  readonly partials: number;
  readonly masked: { readonly mask: Buffer; readonly parent: Idea } | null;
}

export interface Drawing {
  partial(index: number): Promise<Buffer>;
  final(): Promise<Buffer>;
}

export function startDrawing(order: DrawingOrder): Drawing {
  const image = async (k: number) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${order.width}" height="${order.height}"><rect width="100%" height="100%" fill="hsl(${order.idea.subject.length * 7 + k * 10},60%,50%)"/></svg>`;
    if (order.format === 'svg') return Buffer.from(svg);
    return sharp(Buffer.from(svg)).toFormat(order.format).toBuffer();
  };
  return { partial: (i) => image(i + 1), final: () => image(0) };
}
