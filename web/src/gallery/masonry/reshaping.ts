/** Whether what is shown glides to other places, because something among the first has got another shape. */
import { useEffect, useState } from 'react';
import type { Sized } from './layout.ts';

/** What has no shape of its own yet is being made, and stands at the beginning. */
const FIRST = 40;
/** A little longer than the transition. */
const GLIDES_MS = 600;

interface Shapes {
  readonly items: readonly KeyedSize[];
  readonly ratios: ReadonlyMap<string, number>;
  readonly isReshaping: boolean;
}

interface KeyedSize extends Sized {
  readonly key: string;
}

/** True from the render in which the shape is another one, until everything stands. */
export function useReshaping(items: readonly KeyedSize[]): boolean {
  const [shapes, setShapes] = useState<Shapes>(() => ({ items, ratios: ratiosOf(items), isReshaping: false }));
  let { isReshaping } = shapes;
  if (shapes.items !== items) {
    const ratios = ratiosOf(items);
    const isOther = ([key, ratio]: readonly [string, number]) => (shapes.ratios.get(key) ?? ratio) !== ratio;
    isReshaping = isReshaping || [...ratios].some(isOther);
    setShapes({ items, ratios, isReshaping });
  }
  useEffect(() => {
    if (!isReshaping) return;
    const timer = setTimeout(() => setShapes((current) => ({ ...current, isReshaping: false })), GLIDES_MS);
    return () => clearTimeout(timer);
  }, [isReshaping]);
  return isReshaping;
}

function ratiosOf(items: readonly KeyedSize[]): ReadonlyMap<string, number> {
  return new Map(items.slice(0, FIRST).map(({ key, width, height }) => [key, width / height]));
}
