/** What the option `complexity` changes: how much the image model plans before it draws. */
import type { Complexity } from './image-options.ts';

export interface Planning {
  /** Multiplies the drawing time. */
  readonly duration: number;
  /** Multiplies the output tokens of an image, without its partial images. */
  readonly tokens: number;
  /** Multiplies the number of small things in a drawing. */
  readonly detail: number;
}

const PLANNINGS: Readonly<Record<Complexity, Planning>> = {
  low: { duration: 0.7, tokens: 0.8, detail: 0.4 },
  medium: { duration: 1, tokens: 1, detail: 1 },
  high: { duration: 1.5, tokens: 1.4, detail: 2 },
};

/** @param complexity null as `medium`, the configured default of the models */
export function planningOf(complexity: Complexity | null): Planning {
  return PLANNINGS[complexity ?? 'medium'];
}
