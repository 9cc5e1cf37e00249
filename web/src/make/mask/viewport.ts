/** Which part of the picture is seen, and how large. */
import type { Size } from './overlay-file.ts';

export interface Viewport {
  /** Pixels of the screen for a pixel of the picture. */
  readonly scale: number;
  /** Where the picture starts on the screen. */
  readonly x: number;
  readonly y: number;
}

const LARGEST_SCALE = 16;
const MARGIN_PIXELS = 16;

/** All of the picture, in the middle. */
export function fitted(picture: Size, screen: Size): Viewport {
  const room = { width: screen.width - 2 * MARGIN_PIXELS, height: screen.height - 2 * MARGIN_PIXELS };
  const scale = Math.max(0.01, Math.min(room.width / picture.width, room.height / picture.height));
  return {
    scale,
    x: (screen.width - picture.width * scale) / 2,
    y: (screen.height - picture.height * scale) / 2,
  };
}

/** Larger by a factor, around a place of the screen that stays where it is. */
export function zoomed(viewport: Viewport, factor: number, at: { readonly x: number; readonly y: number }): Viewport {
  const scale = Math.min(LARGEST_SCALE, Math.max(0.02, viewport.scale * factor));
  const real = scale / viewport.scale;
  return { scale, x: at.x - (at.x - viewport.x) * real, y: at.y - (at.y - viewport.y) * real };
}

export function moved(viewport: Viewport, by: { readonly x: number; readonly y: number }): Viewport {
  return { ...viewport, x: viewport.x + by.x, y: viewport.y + by.y };
}
