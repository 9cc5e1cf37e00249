/** What the keys do on a picture of the gallery. */
import type { KeyboardEvent } from 'react';
import { type Direction, type Layout, neighbour } from '../masonry/layout.ts';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

export interface GalleryKeys {
  move(to: number, isExtending: boolean): void;
  toggle(): void;
  selectAll(): void;
  remove(): void;
  favorite(): void;
  clear(): void;
}

/** Does what the key says; true if it says something. */
export function handleKey(event: KeyboardEvent, layout: Layout, active: number, keys: GalleryKeys): boolean {
  const last = layout.top.length - 1;
  const { key, shiftKey } = event;
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.altKey || last < 0) return false;
  if (isCommand) {
    if (key.toLowerCase() !== 'a') return false;
    keys.selectAll();
    return true;
  }
  const direction = DIRECTIONS[key];
  if (direction !== undefined) keys.move(neighbour(layout, active, direction), shiftKey);
  else if (key === 'Home') keys.move(0, shiftKey);
  else if (key === 'End') keys.move(last, shiftKey);
  else if (key === 'PageDown') keys.move(pageAway(layout, active, 'down'), shiftKey);
  else if (key === 'PageUp') keys.move(pageAway(layout, active, 'up'), shiftKey);
  else if (key === ' ') keys.toggle();
  else if (key === 'Delete' || key === 'Backspace') keys.remove();
  else if (key.toLowerCase() === 'f') keys.favorite();
  else if (key === 'Escape') keys.clear();
  else return false;
  return true;
}

/** About a screen away in the same column. */
function pageAway(layout: Layout, from: number, direction: 'up' | 'down'): number {
  const start = layout.top[from] ?? 0;
  let at = from;
  for (;;) {
    const next = neighbour(layout, at, direction);
    if (next === at || Math.abs((layout.top[next] ?? 0) - start) > 0.8 * window.innerHeight) return next;
    at = next;
  }
}
