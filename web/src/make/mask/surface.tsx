/** The picture with what is painted on it. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Picture } from '../sources/sources.ts';
import { listen } from './gestures.ts';
import { type Brush, createPen, type Pen } from './pen.ts';
import { drawMarks, type Mark, type Point, type Stroke } from './strokes.ts';
import type { Viewport } from './viewport.ts';

export interface SurfaceProps {
  readonly picture: Picture;
  readonly purpose: 'MASK' | 'MARKUP';
  readonly marks: readonly Mark[];
  readonly brush: Brush;
  readonly viewport: Viewport;
  readonly onViewport: (change: (viewport: Viewport) => Viewport) => void;
  readonly onStroke: (stroke: Stroke) => void;
}

/** In pixels of the picture. */
interface Place {
  readonly x: number;
  readonly y: number;
}

export function Surface(props: SurfaceProps) {
  const { picture, purpose, brush, viewport } = props;
  const { width, height } = picture;
  const { scale, x, y } = viewport;
  const [cursor, setCursor] = useState<Place | null>(null);
  const { canvas, pen } = usePen(props, setCursor);
  const keys = useBrushKeys(pen, brush, { cursor, setCursor, picture });
  return (
    <>
      <img
        className="painted"
        src={picture.url}
        alt=""
        draggable={false}
        style={{ inlineSize: width * scale, blockSize: height * scale, transform: `translate(${x}px, ${y}px)` }}
      />
      <div
        className="paper"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is painted on by keys, too.
        tabIndex={0}
        aria-label="The picture: arrow keys move the brush, Space puts it down and takes it up"
        onKeyDown={keys}
        onPointerLeave={() => setCursor(null)}
        onBlur={() => pen.end()}
      >
        <canvas ref={canvas} className="marks" data-purpose={purpose} />
      </div>
      {cursor && (
        <div
          className="brush"
          data-down={pen.stroke() !== null || undefined}
          style={{
            inlineSize: brush.size * scale,
            blockSize: brush.size * scale,
            transform: `translate(${cursor.x * scale + x}px, ${cursor.y * scale + y}px) translate(-50%, -50%)`,
          }}
        />
      )}
    </>
  );
}

/** The canvas, and the pen that draws on it. */
function usePen(props: SurfaceProps, setCursor: (place: Place | null) => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // The listeners are added once, and read here what is newest.
  const latest = useRef(props);
  latest.current = props;
  const [pen] = useState(() => {
    const made: Pen = createPen({
      brush: () => latest.current.brush,
      onChange: () => draw(canvas.current, latest.current, made.stroke()),
      onStroke: (stroke) => latest.current.onStroke(stroke),
    });
    return made;
  });

  useLayoutEffect(() => draw(canvas.current, props, pen.stroke()));

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    let isSpaceDown = false;
    const onSpace = (event: globalThis.KeyboardEvent) => {
      if (event.code === 'Space' && event.target !== element.parentElement) isSpaceDown = event.type === 'keydown';
    };
    const pointOf = (event: PointerEvent): Point => {
      const { scale, x, y } = latest.current.viewport;
      const { left, top } = element.getBoundingClientRect();
      const pressure = event.pointerType === 'pen' ? event.pressure : 0.5;
      return [(event.clientX - left - x) / scale, (event.clientY - top - y) / scale, pressure];
    };
    const end = listen({
      canvas: element,
      change: (change) => latest.current.onViewport(change),
      begin: (event) => pen.begin(pointOf(event), event.pointerType === 'pen'),
      extend: (event) => pen.extend([...coalesced(event)].map(pointOf)),
      end: pen.end,
      abandon: pen.abandon,
      isMoving: () => isSpaceDown,
      hover(event) {
        const [x, y] = pointOf(event);
        setCursor({ x, y });
      },
    });
    window.addEventListener('keydown', onSpace);
    window.addEventListener('keyup', onSpace);
    return () => {
      end();
      window.removeEventListener('keydown', onSpace);
      window.removeEventListener('keyup', onSpace);
    };
  }, [pen, setCursor]);

  return { canvas, pen };
}

/** All places since the last event, where the browser tells. */
function coalesced(event: PointerEvent): readonly PointerEvent[] {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length > 0 ? all : [event];
}

interface KeyboardCursor {
  readonly cursor: Place | null;
  readonly setCursor: (place: Place) => void;
  readonly picture: Picture;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function useBrushKeys(pen: Pen, brush: Brush, { cursor, setCursor, picture }: KeyboardCursor) {
  return (event: KeyboardEvent) => {
    const at = cursor ?? { x: picture.width / 2, y: picture.height / 2 };
    const step = STEPS[event.key];
    if (event.key === ' ') {
      event.preventDefault();
      if (pen.stroke() === null) pen.begin([at.x, at.y, 0.5], false);
      else pen.end();
      setCursor({ ...at });
    }
    if (step === undefined) return;
    event.preventDefault();
    const length = (brush.size / 4) * (event.shiftKey ? 6 : 1);
    const next = {
      x: Math.min(picture.width, Math.max(0, at.x + step[0] * length)),
      y: Math.min(picture.height, Math.max(0, at.y + step[1] * length)),
    };
    pen.extend([[next.x, next.y, 0.5]]);
    setCursor(next);
  };
}

function draw(
  canvas: HTMLCanvasElement | null,
  { marks, viewport, picture }: SurfaceProps,
  stroke: Stroke | null,
): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return;
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  // A canvas is emptied, slowly, whenever its size is set.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const scale = viewport.scale * ratio;
  context.save();
  context.setTransform(scale, 0, 0, scale, viewport.x * ratio, viewport.y * ratio);
  // Nothing beside the picture.
  context.beginPath();
  context.rect(0, 0, picture.width, picture.height);
  context.clip();
  drawMarks(context, stroke === null ? marks : [...marks, stroke]);
  context.restore();
}
