/** What moves in an animation. At moment 1 everything is where it was at moment 0, so that the animation repeats. */
import type { Place } from './figures.ts';
import type { Palette } from './palette.ts';
import type { Area } from './rendering/effects.ts';
import { circle, group, line, n } from './svg.ts';

const SWAY_DEGREES = 4;
/** How high a figure hops, as a fraction of its size. */
const HOP = 0.07;
const BIRDS = 3;
const WING_BEATS = 4;

/** Figures that rock from side to side, and hop. */
export function swaying(figures: string, { x, y, size }: Place, moment: number | null): string {
  if (moment === null) return figures;
  const turn = moment * Math.PI * 2;
  const up = ((1 - Math.cos(turn)) / 2) * size * HOP;
  const degrees = n(Math.sin(turn) * SWAY_DEGREES);
  return group(figures, { transform: `translate(0 ${n(-up)}) rotate(${degrees} ${n(x)} ${n(y)})` });
}

/** Birds that cross the picture, or a comet in space. */
export function passingBy(at: { area: Area; palette: Palette }, isSpace: boolean, moment: number): string {
  const { area } = at;
  const id = 'passing';
  const clip = `<clipPath id="${id}"><rect x="${n(area.x)}" y="${n(area.y)}" width="${n(area.width)}" height="${n(area.height)}"/></clipPath>`;
  return clip + group(isSpace ? comet(at, moment) : birds(at, moment), { 'clip-path': `url(#${id})` });
}

function birds({ area, palette }: { area: Area; palette: Palette }, moment: number): string {
  return Array.from({ length: BIRDS }, (_, index) => {
    const way = (moment + index * 0.08) % 1;
    const x = area.x + (way * 1.2 - 0.1) * area.width;
    const y = area.y + area.height * (0.34 - index * 0.05 - Math.sin(way * Math.PI) * 0.1);
    const s = area.unit * (30 - index * 4);
    const wing = Math.sin((moment * WING_BEATS + index * 0.3) * Math.PI * 2) * s * 0.6;
    const d = `M${n(x - s)} ${n(y - wing)}Q${n(x - s * 0.4)} ${n(y - wing - s * 0.2)} ${n(x)} ${n(y)}Q${n(x + s * 0.4)} ${n(y - wing - s * 0.2)} ${n(x + s)} ${n(y - wing)}`;
    // A pale rim, so that they are seen over a dark ground, too.
    return line(d, palette.pale, area.unit * 11) + line(d, palette.ink, area.unit * 6);
  }).join('');
}

function comet({ area, palette }: { area: Area; palette: Palette }, moment: number): string {
  const x = area.x + (moment * 1.4 - 0.1) * area.width;
  const y = area.y + area.height * (0.12 + moment * 0.3);
  const tail = [1, 0.7, 0.4].map((share) =>
    line(
      `M${n(x)} ${n(y)}L${n(x - area.width * 0.22 * share)} ${n(y - area.height * 0.07 * share)}`,
      palette.sun,
      area.unit * (12 - share * 8),
      { opacity: 0.6 },
    ),
  );
  return tail.join('') + circle(x, y, area.unit * 13, palette.pale);
}
