/** Selecting by a rectangle that the mouse draws, from the space between the pictures, or from anywhere once some are selected. */
import { type RefObject, useEffect, useRef } from 'react';
import { itemsWithin } from '../masonry/layout.ts';
import type { MasonryHandle } from '../masonry/masonry.tsx';

/** Within so many pixels of the edge of the window it scrolls. */
const EDGE_PX = 60;
const SCROLL_STEP_PX = 18;
/** A mouse that moves less than this clicks. */
const CLICK_PX = 5;

export interface RectangleOptions {
  readonly masonry: RefObject<MasonryHandle | null>;
  /** The element that is drawn as the rectangle, within the masonry's parent. */
  readonly rectangle: RefObject<HTMLElement | null>;
  /** Whether a drag may begin on a picture. */
  readonly isSelecting: boolean;
  /** A drag began; `isAdding` keeps what is selected. */
  begin(isAdding: boolean): void;
  /** The indexes of the items within. */
  change(indexes: readonly number[]): void;
}

export function useDragRectangle(options: RectangleOptions): void {
  const current = useRef(options);
  useEffect(() => {
    current.current = options;
  });
  useEffect(() => {
    const onDown = (event: PointerEvent) => {
      if (mayBegin(event, current.current.isSelecting)) drag(event, current.current);
    };
    document.addEventListener('pointerdown', onDown);
    return () => document.removeEventListener('pointerdown', onDown);
  }, []);
}

function mayBegin({ button, pointerType, target, clientX }: PointerEvent, isSelecting: boolean): boolean {
  if (button !== 0 || pointerType !== 'mouse' || !(target instanceof Element)) return false;
  // The bar by which one scrolls belongs to the page, too.
  if (clientX >= document.documentElement.clientWidth || target.closest('main') === null) return false;
  if (target.closest('button, input, select, textarea, form, dialog, summary') !== null) return false;
  if (target.closest('a') === null) return target.closest('[draggable="true"]') === null;
  // What is selected already is dragged away.
  return isSelecting && target.closest('.tile-link') !== null && target.closest('.tile[data-selected]') === null;
}

function drag(down: PointerEvent, { masonry, rectangle, begin, change }: RectangleOptions): void {
  const from = { x: down.clientX + window.scrollX, y: down.clientY + window.scrollY };
  let to = { x: down.clientX, y: down.clientY };
  let isDragging = false;
  let frame = 0;

  function draw(): void {
    const handle = masonry.current;
    const element = handle?.element;
    if (!handle || !element) return;
    const origin = element.getBoundingClientRect();
    const start = { x: from.x - window.scrollX - origin.left, y: from.y - window.scrollY - origin.top };
    const end = { x: to.x - origin.left, y: to.y - origin.top };
    const box = {
      left: Math.min(start.x, end.x),
      top: Math.min(start.y, end.y),
      width: Math.abs(end.x - start.x),
      height: Math.abs(end.y - start.y),
    };
    if (rectangle.current !== null) {
      const { style } = rectangle.current;
      style.display = 'block';
      style.transform = `translate(${box.left}px, ${box.top}px)`;
      style.width = `${box.width}px`;
      style.height = `${box.height}px`;
    }
    change(itemsWithin(handle.layout, box));
  }

  function tick(): void {
    const step = to.y < EDGE_PX ? -SCROLL_STEP_PX : to.y > window.innerHeight - EDGE_PX ? SCROLL_STEP_PX : 0;
    if (step !== 0) {
      window.scrollBy(0, step);
      draw();
    }
    frame = requestAnimationFrame(tick);
  }

  function move(event: PointerEvent): void {
    to = { x: event.clientX, y: event.clientY };
    if (!isDragging) {
      if (Math.hypot(to.x - down.clientX, to.y - down.clientY) < CLICK_PX) return;
      isDragging = true;
      begin(down.shiftKey || down.ctrlKey || down.metaKey);
      document.documentElement.classList.add('is-dragging-rectangle');
      frame = requestAnimationFrame(tick);
    }
    draw();
  }

  function end(): void {
    cancelAnimationFrame(frame);
    document.removeEventListener('pointermove', move);
    document.removeEventListener('pointerup', end);
    document.removeEventListener('pointercancel', end);
    document.documentElement.classList.remove('is-dragging-rectangle');
    if (rectangle.current !== null) rectangle.current.style.display = 'none';
    // The click that follows belongs to the drag.
    if (isDragging) swallowClick();
  }

  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
}

/** The click that comes with this release does nothing. */
function swallowClick(): void {
  const swallow = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 50);
}
