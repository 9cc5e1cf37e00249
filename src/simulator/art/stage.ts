/** What a scene is drawn on, and the shapes that many scenes share: sky, sun, clouds, ridges, carved lines, trees. */
import type { Palette } from './palette.ts';
import type { Random } from './random.ts';
import type { Reading } from './reading.ts';
import { circle, line, mix, n, type Point, path, rect, smooth } from './svg.ts';

export interface Stage {
  readonly width: number;
  readonly height: number;
  /** A thousandth of the shorter edge. */
  readonly unit: number;
  readonly palette: Palette;
  readonly random: Random;
  readonly reading: Reading;
  /** How much of the upper edge belongs to the title, 0 to 1. */
  readonly titleShare: number;
}

export interface SceneDrawing {
  readonly art: string;
  /** Where figures stand: the line of their feet. */
  readonly floor: number;
}

export const SKY_GRADIENT = 'sky';

export function sky(stage: Stage): string {
  const { width, height, reading } = stage;
  const isDark = [...reading.moods].some((mood) => mood === 'night' || mood === 'neon' || mood === 'stars');
  return (
    rect(0, 0, width, height, `url(#${SKY_GRADIENT})`) +
    (stage.random.fork('screen').chance(0.6) ? screen(stage) : '') +
    (isDark || reading.scene === 'space' ? stars(stage) : '')
  );
}

/** A printer's screen over the sky: rows of dots that grow toward the horizon, one path a row. */
function screen({ width, height, unit, palette }: Stage): string {
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

/** What scenes refer to by name. */
export function definitions(stage: Stage): string {
  const { skyTop, skyLow } = stage.palette;
  return `<linearGradient id="${SKY_GRADIENT}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${skyTop}"/><stop offset=".72" stop-color="${skyLow}"/></linearGradient>`;
}

function stars(stage: Stage): string {
  const random = stage.random.fork('stars');
  return Array.from({ length: 90 }, () => {
    const y = random.next() ** 1.5 * stage.height * 0.62;
    const isLarge = random.chance(0.12);
    const x = random.between(0, stage.width);
    if (!isLarge)
      return circle(x, y, stage.unit * random.between(0.8, 2.2), stage.palette.pale, {
        opacity: random.between(0.4, 1),
      });
    const r = stage.unit * random.between(5, 9);
    return path(
      `M${n(x)} ${n(y - r)}Q${n(x)} ${n(y)} ${n(x + r)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y + r)}Q${n(x)} ${n(y)} ${n(x - r)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y - r)}Z`,
      stage.palette.pale,
    );
  }).join('');
}

/** The sun with its rings, sometimes its rays; at night the moon. */
export function sun(stage: Stage, at: { x: number; y: number; r: number }): string {
  const { palette, reading, unit } = stage;
  const { x, y, r } = at;
  if (reading.moods.has('night') && !reading.moods.has('neon')) {
    const bite = mix(palette.skyTop, palette.skyLow, Math.min(1, y / stage.height));
    return (
      circle(x, y, r * 1.5, palette.sun, { opacity: 0.1 }) +
      circle(x, y, r, palette.sun) +
      circle(x + r * 0.38, y - r * 0.16, r * 0.86, bite, { opacity: stage.random.fork('moon').chance(0.5) ? 1 : 0 })
    );
  }
  const rings = [1.75, 1.45, 1.2].map((scale) => circle(x, y, r * scale, palette.pale, { opacity: 0.16 })).join('');
  const cuts = reading.moods.has('neon') || stage.random.fork('cuts').chance(0.3) ? sunCuts(stage, at) : '';
  return (
    (stage.random.fork('rays').chance(0.45) ? rays(stage, at) : '') +
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

function sunCuts(stage: Stage, { x, y, r }: { x: number; y: number; r: number }): string {
  return [0.2, 0.42, 0.62, 0.8]
    .map((down, index) => rect(x - r, y + r * down, r * 2, r * (0.035 + index * 0.02), stage.palette.skyLow))
    .join('');
}

function rays(stage: Stage, { x, y }: { x: number; y: number }): string {
  const far = stage.width + stage.height;
  const count = 24;
  return Array.from({ length: count }, (_, index) => {
    const from = (index / count) * Math.PI * 2;
    const to = from + Math.PI / count;
    return path(
      `M${n(x)} ${n(y)}L${n(x + Math.cos(from) * far)} ${n(y + Math.sin(from) * far)}L${n(x + Math.cos(to) * far)} ${n(y + Math.sin(to) * far)}Z`,
      stage.palette.pale,
      { opacity: 0.17 },
    );
  }).join('');
}

/** Long flat clouds of a few rounded bars. */
export function clouds(stage: Stage, count: number, low: number, high: number): string {
  const random = stage.random.fork('clouds');
  let art = '';
  for (let index = 0; index < count; index += 1) {
    const x = random.between(-0.05, 0.9) * stage.width;
    const y = random.between(low, high) * stage.height;
    const long = random.between(0.12, 0.3) * stage.width;
    const thick = stage.unit * random.between(11, 19);
    for (let bar = 0; bar < 3; bar += 1) {
      const inset = random.between(-0.15, 0.35) * long;
      art += rect(x + inset, y + bar * thick * 0.92, long * random.between(0.55, 1), thick, stage.palette.pale, {
        rx: thick / 2,
        opacity: 0.82,
      });
    }
  }
  return art;
}

/** The upper edge of a hill, left to right. `rough` 0 is a swell, 1 is broken. */
export function ridge(stage: Stage, random: Random, base: number, swing: number, rough = 0.2): readonly Point[] {
  const waves = [1, 2.3, 5.1, 11].map((frequency, octave) => ({
    frequency: frequency * random.between(0.7, 1.2),
    phase: random.between(0, Math.PI * 2),
    share: octave === 0 ? 1 : octave === 1 ? 0.5 : rough / octave,
  }));
  return Array.from({ length: 61 }, (_, index) => {
    const t = (index - 2) / 56;
    const lift = waves.reduce((sum, wave) => sum + Math.sin(t * Math.PI * wave.frequency + wave.phase) * wave.share, 0);
    return { x: t * stage.width, y: base - lift * swing };
  });
}

/** Everything below an edge. */
export function below(stage: Stage, edge: readonly Point[], fill: string): string {
  return path(
    `${smooth(edge)}L${n(stage.width * 1.05)} ${n(stage.height + 5)}L${n(-stage.width * 0.05)} ${n(stage.height + 5)}Z`,
    fill,
  );
}

/** Broken lines under an edge, as a gouge leaves them. */
export function carved(
  stage: Stage,
  edge: readonly Point[],
  colour: string,
  rows: number,
  spacing: number,
  random: Random,
): string {
  return Array.from({ length: rows }, (_, row) => {
    const down = spacing * (row + 1) * (1 + row * 0.12);
    const dashes = Array.from({ length: 8 }, () => n(stage.unit * random.between(6, 90) * (1 - row / (rows + 2)))).join(
      ' ',
    );
    return line(
      smooth(edge.map(({ x, y }) => ({ x, y: y + down + Math.sin(x / (stage.unit * 60) + row) * stage.unit * 2 }))),
      colour,
      stage.unit * 2.6,
      { 'stroke-dasharray': dashes, opacity: 0.55 - (row / rows) * 0.35 },
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
  stage: Stage,
  edge: readonly Point[],
  count: number,
  height: number,
  fill: string,
  random: Random,
): string {
  return Array.from({ length: count }, () => edge[random.integer(2, edge.length - 3)])
    .map((point) =>
      point === undefined
        ? ''
        : conifer(
            point.x + random.between(-10, 10) * stage.unit,
            point.y + height * 0.12,
            height * random.between(0.6, 1.15),
            fill,
            stage.palette.ink,
          ),
    )
    .join('');
}

/** A flock far away. */
export function flock(stage: Stage, count: number): string {
  const random = stage.random.fork('flock');
  const x0 = random.between(0.15, 0.6) * stage.width;
  const y0 = random.between(stage.titleShare + 0.06, stage.titleShare + 0.2) * stage.height;
  return Array.from({ length: count }, (_, index) => {
    const s = stage.unit * random.between(9, 17);
    const x = x0 + index * stage.unit * 42 + random.between(-14, 14) * stage.unit;
    const y = y0 + Math.abs(index - count / 2) * stage.unit * 14 + random.between(-8, 8) * stage.unit;
    return line(
      `M${n(x - s)} ${n(y - s * 0.35)}Q${n(x - s * 0.4)} ${n(y - s * 0.6)} ${n(x)} ${n(y)}Q${n(x + s * 0.4)} ${n(y - s * 0.6)} ${n(x + s)} ${n(y - s * 0.35)}`,
      stage.palette.ink,
      stage.unit * 3,
    );
  }).join('');
}
