/** Which part of an element is on the screen, in steps, so that most scrolling renders nothing. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import { createStore } from '../../app/store.ts';

export interface ViewBox {
  /** The width of the element; 0 before it is measured. All in pixels. */
  readonly width: number;
  /** The first line to render, from the top of the element. */
  readonly top: number;
  readonly height: number;
}

/** Whether pictures pass too fast to be looked at: then none is loaded. */
export const scrollsFast = createStore(false);

const CALM_MS = 120;
const NOTHING: ViewBox = { width: 0, top: 0, height: 0 };

export function useViewBox(element: RefObject<HTMLElement | null>): ViewBox {
  const [box, setBox] = useState(NOTHING);
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const measure = () => {
      const { top, width } = measured.getBoundingClientRect();
      const screen = window.innerHeight;
      const step = Math.max(160, Math.round(screen / 3));
      // A screen above and one below what is shown.
      const first = Math.floor(-top / step) * step - screen;
      setBox((old) => sameOr(old, { width: Math.floor(width), top: first, height: 3 * screen + step }));
    };
    const stopPace = watchPace();
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    window.addEventListener('scroll', measure, { passive: true });
    window.addEventListener('resize', measure);
    measure();
    return () => {
      stopPace();
      observer.disconnect();
      window.removeEventListener('scroll', measure);
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return box;
}

function sameOr(old: ViewBox, next: ViewBox): ViewBox {
  return old.width === next.width && old.top === next.top && old.height === next.height ? old : next;
}

function watchPace(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = { y: window.scrollY, at: performance.now() };
  const calm = () => {
    scrollsFast.set(() => false);
    last = { y: window.scrollY, at: performance.now() };
  };
  const onScroll = () => {
    const at = performance.now();
    const pixels = Math.abs(window.scrollY - last.y);
    if (pixels > 2 * window.innerHeight && at - last.at < 4 * CALM_MS) scrollsFast.set(() => true);
    if (at - last.at > CALM_MS) last = { y: window.scrollY, at };
    clearTimeout(timer);
    timer = setTimeout(calm, CALM_MS);
  };
  window.addEventListener('scroll', onScroll, { passive: true });
  return () => {
    clearTimeout(timer);
    scrollsFast.set(() => false);
    window.removeEventListener('scroll', onScroll);
  };
}
