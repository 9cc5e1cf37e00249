/** Pointers on the canvas: one draws, two fingers move and zoom, and so do the wheel, the middle button and the space bar. */
import { moved, type Viewport, zoomed } from './viewport.ts';

export interface GestureTarget {
  readonly canvas: HTMLCanvasElement;
  change(change: (viewport: Viewport) => Viewport): void;
  begin(event: PointerEvent): void;
  extend(event: PointerEvent): void;
  end(): void;
  /** The stroke was the start of a gesture of two fingers. */
  abandon(): void;
  /** Whether one pointer moves the picture, too. */
  isMoving(): boolean;
  /** Where the pointer is, drawing or not. */
  hover(event: PointerEvent): void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Starts listening. Returns what ends it. */
export function listen(target: GestureTarget): () => void {
  const { canvas } = target;
  const pointers = new Map<number, Place>();
  let mode: 'none' | 'draw' | 'move' = 'none';
  let isPenDrawing = false;

  const placeOf = (event: MouseEvent): Place => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };

  function down(event: PointerEvent) {
    // While a pen draws, a hand may rest on the screen.
    if (event.button > 1 || (isPenDrawing && event.pointerType === 'touch')) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size > 1) {
      if (mode === 'draw') target.abandon();
      mode = 'move';
    } else if (event.button === 1 || target.isMoving()) mode = 'move';
    else {
      mode = 'draw';
      isPenDrawing = event.pointerType === 'pen';
      target.begin(event);
    }
  }

  function move(event: PointerEvent) {
    if (!isPenDrawing || event.pointerType === 'pen') target.hover(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = placeOf(event);
    if (mode === 'draw') target.extend(event);
    if (mode === 'move') {
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      target.change((viewport) =>
        other ? pinched(viewport, { before, now, other }) : moved(viewport, between(before, now)),
      );
    }
    pointers.set(event.pointerId, now);
  }

  function up(event: PointerEvent) {
    if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
    if (mode === 'draw') target.end();
    mode = 'none';
    isPenDrawing = false;
  }

  function wheel(event: WheelEvent) {
    event.preventDefault();
    const at = placeOf(event);
    if (event.ctrlKey || event.metaKey)
      target.change((viewport) => zoomed(viewport, Math.exp(-event.deltaY / 300), at));
    else target.change((viewport) => moved(viewport, { x: -event.deltaX, y: -event.deltaY }));
  }

  const ending = new AbortController();
  const { signal } = ending;
  canvas.addEventListener('pointerdown', down, { signal });
  canvas.addEventListener('pointermove', move, { signal });
  canvas.addEventListener('pointerup', up, { signal });
  canvas.addEventListener('pointercancel', up, { signal });
  canvas.addEventListener('wheel', wheel, { signal, passive: false });
  return () => ending.abort();
}

function between(before: Place, now: Place): Place {
  return { x: now.x - before.x, y: now.y - before.y };
}

interface Pinch {
  readonly before: Place;
  readonly now: Place;
  readonly other: Place;
}

/** One finger moved: the picture follows the middle of both, and their distance. */
function pinched(viewport: Viewport, { before, now, other }: Pinch): Viewport {
  const [last, next] = [between(before, other), between(now, other)];
  const factor = Math.hypot(next.x, next.y) / Math.max(1, Math.hypot(last.x, last.y));
  const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
  const step = between(before, now);
  return zoomed(moved(viewport, { x: step.x / 2, y: step.y / 2 }), factor, middle);
}
