/** A painting, and the changes that people make to it. */
import { useState } from 'react';
import { keptPaintings, type Painting } from './kept-paintings.ts';
import type { Mark } from './strokes.ts';

/** The painting of a picture, which is kept when the painter is closed. */
export function usePainting(key: string, purpose: Painting['purpose']) {
  const [painting, setPainting] = useState<Painting>(() => keptPaintings.get(key) ?? { purpose, done: [], undone: [] });

  function change(next: (painting: Painting) => Painting) {
    setPainting((current) => {
      const changed = next(current);
      keptPaintings.set(key, changed);
      return changed;
    });
  }

  return {
    painting,
    add: (mark: Mark) => change((now) => ({ ...now, done: [...now.done, mark], undone: [] })),
    undo: () => change((now) => moved(now, -1)),
    redo: () => change((now) => moved(now, 1)),
    setPurpose: (next: Painting['purpose']) => change((now) => ({ ...now, purpose: next })),
  };
}

function moved(painting: Painting, by: 1 | -1): Painting {
  const { done, undone } = painting;
  const mark = (by < 0 ? done : undone).at(-1);
  if (mark === undefined) return painting;
  if (by < 0) return { ...painting, done: done.slice(0, -1), undone: [...undone, mark] };
  return { ...painting, done: [...done, mark], undone: undone.slice(0, -1) };
}
