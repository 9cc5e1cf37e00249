/** The stroke that is being drawn, by a pointer or by keys. */
import type { Point, Stroke } from './strokes.ts';

export interface Brush {
  readonly tool: Stroke['tool'];
  /** The diameter in pixels of the picture. */
  readonly size: number;
  readonly color: string;
}

export interface Pen {
  /** Null while the pen is up. */
  stroke(): Stroke | null;
  begin(at: Point, isPen: boolean): void;
  extend(points: readonly Point[]): void;
  /** The stroke is done. */
  end(): void;
  /** It was none. */
  abandon(): void;
}

export interface PenOptions {
  readonly brush: () => Brush;
  /** The stroke changed. */
  readonly onChange: () => void;
  readonly onStroke: (stroke: Stroke) => void;
}

export function createPen({ brush, onChange, onStroke }: PenOptions): Pen {
  let stroke: Stroke | null = null;
  function set(next: Stroke | null) {
    stroke = next;
    onChange();
  }
  return {
    stroke: () => stroke,
    begin: (at, isPen) => set({ ...brush(), points: [at], isPen }),
    extend: (points) => stroke && set({ ...stroke, points: [...stroke.points, ...points] }),
    end() {
      if (stroke !== null) onStroke(stroke);
      stroke = null;
    },
    abandon: () => set(null),
  };
}
