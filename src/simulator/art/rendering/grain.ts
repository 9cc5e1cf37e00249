/**
 * Paper grain and ink speckles: a tile of noise, always the same, over every drawing. It has few levels, so that files
 * are as large as the upstream's and no larger.
 */
import type { OverlayOptions } from 'sharp';
import { Random } from '../random.ts';

const EDGE = 256;

export interface GrainTile {
  readonly pixels: Buffer;
  readonly edge: number;
}

/** @param strength how much a grain may darken or lighten, 0 to 255 @param size the edge of a grain in pixels */
export function makeGrain(strength: number, size: number, speckles: number): GrainTile {
  const random = new Random(`grain ${strength} ${size}`);
  const cells = Math.ceil(EDGE / size);
  const levels = Uint8Array.from({ length: cells * cells }, () => Math.floor((random.next() + random.next()) * 4));
  const pixels = Buffer.alloc(EDGE * EDGE * 4);
  for (let y = 0; y < EDGE; y += 1) {
    for (let x = 0; x < EDGE; x += 1) {
      const level = (levels[Math.floor(y / size) * cells + Math.floor(x / size)] ?? 4) - 3.5;
      const at = (y * EDGE + x) * 4;
      const shade = level > 0 ? 255 : 0;
      pixels[at] = shade;
      pixels[at + 1] = shade;
      pixels[at + 2] = shade;
      pixels[at + 3] = Math.round((Math.abs(level) / 3.5) * strength);
    }
  }
  for (let index = 0; index < speckles; index += 1) speckle(pixels, random);
  return { pixels, edge: EDGE };
}

/** A spot without ink. */
function speckle(pixels: Buffer, random: Random): void {
  const x = random.integer(0, EDGE - 3);
  const y = random.integer(0, EDGE - 3);
  const alpha = random.integer(70, 170);
  for (const [dx, dy] of random.chance(0.4)
    ? ([
        [0, 0],
        [1, 0],
        [0, 1],
      ] as const)
    : ([[0, 0]] as const)) {
    const at = ((y + dy) * EDGE + x + dx) * 4;
    pixels.fill(255, at, at + 3);
    pixels[at + 3] = alpha;
  }
}

/** The tile as a sharp overlay that keeps the transparency of the drawing. */
export function grainLayer({ pixels, edge }: GrainTile): OverlayOptions {
  return { input: pixels, raw: { width: edge, height: edge, channels: 4 }, tile: true, blend: 'atop' };
}
