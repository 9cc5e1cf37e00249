/** What was painted on each picture, so that one can go on until the request is sent. */
import type { Mark } from './strokes.ts';

export interface Painting {
  readonly purpose: 'MASK' | 'MARKUP';
  readonly done: readonly Mark[];
  readonly undone: readonly Mark[];
}

/** By the id of the image. */
export const keptPaintings = new Map<string, Painting>();
