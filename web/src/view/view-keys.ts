/** The keys of the view: arrows go to other pictures, Escape goes back. */
import { useEffect, useRef } from 'react';

export interface ViewKeys {
  /** Null at an end. */
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
  readonly close: () => void;
  /** While something lies over the view that has keys of its own. */
  readonly isPaused: boolean;
}

export function useViewKeys(keys: ViewKeys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { previous, next, close, isPaused } = current.current;
      if (isPaused || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
        return;
      if (isTakenBy(event.target, event.key) || document.querySelector('dialog[open]') !== null) return;
      // In a page that is read from right to left, the next one is on the left.
      const isRightToLeft = document.documentElement.dir === 'rtl';
      if (event.key === 'ArrowLeft') (isRightToLeft ? next : previous)?.();
      else if (event.key === 'ArrowRight') (isRightToLeft ? previous : next)?.();
      else if (event.key === 'Escape') close();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Whether the key is for what has the focus. The line of a comparison is moved by arrows, but knows no Escape. */
function isTakenBy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === 'Escape' && target.matches('input[type="range"]')) return false;
  return target.isContentEditable || target.matches('input, textarea, select, [role="listbox"], [role="slider"]');
}
