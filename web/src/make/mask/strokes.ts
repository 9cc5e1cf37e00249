/** Strokes of a brush, in the pixels of the picture, and how they are drawn. */
import { getStroke } from 'perfect-freehand';

/** x, y and the pressure, 0 to 1. */
export type Point = readonly [number, number, number];

export interface Stroke {
  readonly tool: 'paint' | 'erase';
  /** The diameter of the brush. */
  readonly size: number;
  readonly color: string;
  readonly points: readonly Point[];
  /** Whether the pressure is that of a pen. */
  readonly isPen: boolean;
}

/** What was done, in order. Erasing everything can be undone like a stroke. */
export type Mark = Stroke | { readonly tool: 'clear' };

const paths = new WeakMap<Stroke, Path2D>();

export function drawMarks(context: CanvasRenderingContext2D, marks: readonly Mark[]): void {
  const from = marks.findLastIndex(({ tool }) => tool === 'clear');
  for (const mark of marks.slice(from + 1)) if (mark.tool !== 'clear') drawStroke(context, mark);
}

/** Whether something is seen of them, apart from what an eraser removed. */
export function isEmpty(marks: readonly Mark[]): boolean {
  const from = marks.findLastIndex(({ tool }) => tool === 'clear');
  return !marks.slice(from + 1).some(({ tool }) => tool === 'paint');
}

function drawStroke(context: CanvasRenderingContext2D, stroke: Stroke): void {
  context.globalCompositeOperation = stroke.tool === 'erase' ? 'destination-out' : 'source-over';
  context.fillStyle = stroke.color;
  const path = paths.get(stroke) ?? pathOf(stroke);
  paths.set(stroke, path);
  context.fill(path);
  context.globalCompositeOperation = 'source-over';
}

function pathOf({ points, size, isPen }: Stroke): Path2D {
  const outline = getStroke(
    points.map((point) => [...point]),
    { size, thinning: isPen ? 0.5 : 0, smoothing: 0.5, streamline: 0.35, simulatePressure: false, last: true },
  );
  const path = new Path2D();
  const [first] = outline;
  if (first === undefined) return path;
  path.moveTo(first[0], first[1]);
  // Through the middles of the outline, so that it has no corners.
  outline.forEach(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] ?? first;
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}
