/** The canvas of a scene, and the shapes that many scenes share: sky, sun, clouds, ridges, carved lines, trees. */
import type { Palette } from './palette.ts';
import type { Random } from './random.ts';
import type { Reading } from './reading.ts';
import { circle, line, mix, n, type Point, path, rect, smooth } from './svg.ts';

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** A thousandth of the shorter edge. */
  readonly unit: number;
  readonly palette: Palette;
  readonly random: Random;
  readonly reading: Reading;
  /** The share of the height that the title takes at the top, 0 to 1. */
  readonly titleShare: number;
  /** Multiplies the number of small things: clouds, trees, birds, carved lines, stars. */
  readonly detail: number;
}

export interface SceneDrawing {
  readonly art: string;
  /** The y coordinate on which figures stand. */
  readonly floor: number;
}

/** How many small things there are where `count` are usual. */
function detailed({ detail }: Canvas, count: number): number {
  return Math.max(1, Math.round(count * detail));
}

export const SKY_GRADIENT = 'sky';

export function sky(canvas: Canvas): string {
  const { width, height, reading } = canvas;
  const isDark = [...reading.moods].some((mood) => mood === 'night' || mood === 'neon' || mood === 'stars');
  return (
    rect(0, 0, width, height, `url(#${SKY_GRADIENT})`) +
    (canvas.detail >= 1 && canvas.random.fork('screen').chance(0.6) ? screen(canvas) : '') +
    (isDark || reading.scene === 'space' ? stars(canvas) : '')
  );
}

/** A halftone over the sky: rows of dots that grow toward the horizon, one path per row. */
function screen({ width, height, unit, palette }: Canvas): string {
  const step = unit * 13;
  let art = '';
  for (let row = 0; row * step < height * 0.55; row += 1) {
    const y = height * 0.12 + row * step;
    const from = row % 2 === 0 ? 0 : step / 2;
    art += line(`M${n(from)} ${n(y)}H${n(width)}`, palette.accent, unit * (1 + row * 0.1), {
      'stroke-dasharray': `0 ${n(step)}`,
      opacity: 0.3,
    });
  }
  return art;
}

/** The gradients that scenes refer to by id. */
export function definitions(canvas: Canvas): string {
  const { skyTop, skyLow } = canvas.palette;
  return `<linearGradient id="${SKY_GRADIENT}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${skyTop}"/><stop offset=".72" stop-color="${skyLow}"/></linearGradient>`;
}

function stars(canvas: Canvas): string {
  const random = canvas.random.fork('stars');
  return Array.from({ length: detailed(canvas, 90) }, () => {
    const y = random.next() ** 1.5 * canvas.height * 0.62;
    const isLarge = random.chance(0.12);
    const x = random.between(0, canvas.width);
    if (!isLarge)
      return circle(x, y, canvas.unit * random.between(0.8, 2.2), canvas.palette.pale, {
        opacity: random.between(0.4, 1),
      });
    const r = canvas.unit * random.between(5, 9);
    return path(
      `M${n(x)} ${n(y - r)}Q${n(x)} ${n(y)} ${n(x + r)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y + r)}Q${n(x)} ${n(y)} ${n(x - r)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y - r)}Z`,
      canvas.palette.pale,
    );
  }).join('');
}

/** The sun with rings, sometimes with rays; at night the moon. */
export function sun(canvas: Canvas, at: { x: number; y: number; r: number }): string {
  const { palette, reading, unit } = canvas;
  const { x, y, r } = at;
  if (reading.moods.has('night') && !reading.moods.has('neon')) {
    const bite = mix(palette.skyTop, palette.skyLow, Math.min(1, y / canvas.height));
    return (
      circle(x, y, r * 1.5, palette.sun, { opacity: 0.1 }) +
      circle(x, y, r, palette.sun) +
      circle(x + r * 0.38, y - r * 0.16, r * 0.86, bite, { opacity: canvas.random.fork('moon').chance(0.5) ? 1 : 0 })
    );
  }
  const rings = [1.75, 1.45, 1.2].map((scale) => circle(x, y, r * scale, palette.pale, { opacity: 0.16 })).join('');
  const cuts = reading.moods.has('neon') || canvas.random.fork('cuts').chance(0.3) ? sunCuts(canvas, at) : '';
  return (
    (canvas.random.fork('rays').chance(0.45) ? rays(canvas, at) : '') +
    rings +
    circle(x, y, r, palette.sun) +
    line(
      `M${n(x - r * 0.8)} ${n(y - r * 0.35)}A${n(r * 0.88)} ${n(r * 0.88)} 0 0 1 ${n(x - r * 0.1)} ${n(y - r * 0.87)}`,
      palette.pale,
      unit * 4,
      { opacity: 0.5 },
    ) +
    cuts
  );
}

function sunCuts(canvas: Canvas, { x, y, r }: { x: number; y: number; r: number }): string {
  return [0.2, 0.42, 0.62, 0.8]
    .map((down, index) => rect(x - r, y + r * down, r * 2, r * (0.035 + index * 0.02), canvas.palette.skyLow))
    .join('');
}

function rays(canvas: Canvas, { x, y }: { x: number; y: number }): string {
  const far = canvas.width + canvas.height;
  const count = 24;
  return Array.from({ length: count }, (_, index) => {
    const from = (index / count) * Math.PI * 2;
    const to = from + Math.PI / count;
    return path(
      `M${n(x)} ${n(y)}L${n(x + Math.cos(from) * far)} ${n(y + Math.sin(from) * far)}L${n(x + Math.cos(to) * far)} ${n(y + Math.sin(to) * far)}Z`,
      canvas.palette.pale,
      { opacity: 0.17 },
    );
  }).join('');
}

/** Long flat clouds, each of a few rounded bars. */
export function clouds(canvas: Canvas, count: number, low: number, high: number): string {
  const random = canvas.random.fork('clouds');
  let art = '';
  for (let index = 0; index < detailed(canvas, count); index += 1) {
    const x = random.between(-0.05, 0.9) * canvas.width;
    const y = random.between(low, high) * canvas.height;
    const long = random.between(0.12, 0.3) * canvas.width;
    const thick = canvas.unit * random.between(11, 19);
    for (let bar = 0; bar < 3; bar += 1) {
      const inset = random.between(-0.15, 0.35) * long;
      art += rect(x + inset, y + bar * thick * 0.92, long * random.between(0.55, 1), thick, canvas.palette.pale, {
        rx: thick / 2,
        opacity: 0.82,
      });
    }
  }
  return art;
}

/** The upper edge of a hill, left to right. `rough` 0 is smooth, 1 is jagged. */
export function ridge(canvas: Canvas, random: Random, base: number, swing: number, rough = 0.2): readonly Point[] {
  const waves = [1, 2.3, 5.1, 11].map((frequency, octave) => ({
    frequency: frequency * random.between(0.7, 1.2),
    phase: random.between(0, Math.PI * 2),
    share: octave === 0 ? 1 : octave === 1 ? 0.5 : rough / octave,
  }));
  return Array.from({ length: 61 }, (_, index) => {
    const t = (index - 2) / 56;
    const lift = waves.reduce((sum, wave) => sum + Math.sin(t * Math.PI * wave.frequency + wave.phase) * wave.share, 0);
    return { x: t * canvas.width, y: base - lift * swing };
  });
}

/** The area below an edge. */
export function below(canvas: Canvas, edge: readonly Point[], fill: string): string {
  return path(
    `${smooth(edge)}L${n(canvas.width * 1.05)} ${n(canvas.height + 5)}L${n(-canvas.width * 0.05)} ${n(canvas.height + 5)}Z`,
    fill,
  );
}

/** Broken lines below an edge, like the marks of a carving tool. */
export function carved(
  canvas: Canvas,
  edge: readonly Point[],
  colour: string,
  rows: number,
  spacing: number,
  random: Random,
): string {
  const allRows = detailed(canvas, rows);
  // More rows stand closer together, so that they end where fewer would.
  const step = spacing / Math.max(1, canvas.detail);
  return Array.from({ length: allRows }, (_, row) => {
    const down = step * (row + 1) * (1 + row * 0.12);
    const dashes = Array.from({ length: 8 }, () =>
      n(canvas.unit * random.between(6, 90) * (1 - row / (allRows + 2))),
    ).join(' ');
    return line(
      smooth(edge.map(({ x, y }) => ({ x, y: y + down + Math.sin(x / (canvas.unit * 60) + row) * canvas.unit * 2 }))),
      colour,
      canvas.unit * 2.6,
      { 'stroke-dasharray': dashes, opacity: 0.55 - (row / allRows) * 0.35 },
    );
  }).join('');
}

export function conifer(x: number, y: number, height: number, fill: string, shade: string): string {
  const w = height * 0.3;
  const tier = (top: number, bottom: number, half: number) =>
    `M${n(x)} ${n(y - height * top)}L${n(x + half)} ${n(y - height * bottom)}L${n(x - half)} ${n(y - height * bottom)}Z`;
  const right = `M${n(x)} ${n(y - height)}L${n(x + w)} ${n(y - height * 0.1)}L${n(x)} ${n(y - height * 0.1)}Z`;
  return (
    path(
      `${tier(1, 0.58, w * 0.6)}${tier(0.78, 0.32, w * 0.82)}${tier(0.54, 0.08, w)}M${n(x - w * 0.12)} ${n(y - height * 0.1)}h${n(w * 0.24)}v${n(height * 0.12)}h${n(-w * 0.24)}Z`,
      fill,
    ) + path(right, shade, { opacity: 0.35 })
  );
}

/** Conifers along an edge. */
export function treesOn(
  canvas: Canvas,
  edge: readonly Point[],
  count: number,
  height: number,
  fill: string,
  random: Random,
): string {
  return Array.from({ length: detailed(canvas, count) }, () => edge[random.integer(2, edge.length - 3)])
    .map((point) =>
      point === undefined
        ? ''
        : conifer(
            point.x + random.between(-10, 10) * canvas.unit,
            point.y + height * 0.12,
            height * random.between(0.6, 1.15),
            fill,
            canvas.palette.ink,
          ),
    )
    .join('');
}

/** A distant flock of birds. */
export function flock(canvas: Canvas, count: number): string {
  const random = canvas.random.fork('flock');
  const x0 = random.between(0.15, 0.6) * canvas.width;
  const y0 = random.between(canvas.titleShare + 0.06, canvas.titleShare + 0.2) * canvas.height;
  return Array.from({ length: detailed(canvas, count) }, (_, index) => {
    const s = canvas.unit * random.between(9, 17);
    const x = x0 + index * canvas.unit * 42 + random.between(-14, 14) * canvas.unit;
    const y = y0 + Math.abs(index - count / 2) * canvas.unit * 14 + random.between(-8, 8) * canvas.unit;
    return line(
      `M${n(x - s)} ${n(y - s * 0.35)}Q${n(x - s * 0.4)} ${n(y - s * 0.6)} ${n(x)} ${n(y)}Q${n(x + s * 0.4)} ${n(y - s * 0.6)} ${n(x + s)} ${n(y - s * 0.35)}`,
      canvas.palette.ink,
      canvas.unit * 3,
    );
  }).join('');
}
