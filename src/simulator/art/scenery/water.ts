/** Scenes with water: the sea, and a river in a valley. */

import { below, type Canvas, carved, clouds, flock, ridge, type SceneDrawing, sky, sun, treesOn } from '../canvas.ts';
import type { MotifName } from '../reading.ts';
import { group, line, mix, n, path, rect } from '../svg.ts';

const AFLOAT: ReadonlySet<MotifName> = new Set(['boat', 'fish', 'lighthouse', 'balloon', 'bird']);

export function sea(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit } = canvas;
  const top = canvas.titleShare;
  const horizon = height * (top + (1 - top) * 0.44);
  const sunX = width * random.fork('sun').between(0.3, 0.7);
  let art =
    sky(canvas) +
    clouds(canvas, 3, top + 0.03, top + 0.22) +
    sun(canvas, { x: sunX, y: horizon - unit * 60, r: unit * 130 }) +
    flock(canvas, 6);
  const islands = random.fork('islands');
  const islandX = sunX > width / 2 ? width * 0.16 : width * 0.84;
  art += path(
    `M${n(islandX - unit * 230)} ${n(horizon + 4)}q${n(unit * 90)} ${n(-unit * 60)} ${n(unit * 160)} ${n(-unit * islands.between(80, 130))}q${n(unit * 50)} ${n(-unit * 16)} ${n(unit * 110)} ${n(unit * 60)}q${n(unit * 90)} ${n(unit * 50)} ${n(unit * 200)} ${n(unit * 66)}Z`,
    palette.far,
  );
  art += rect(-5, horizon, width + 10, height - horizon + 5, palette.mid);
  art += glitter(canvas, sunX, horizon);
  art += waves(canvas, horizon);
  const afloat = canvas.reading.figures.every((each) => AFLOAT.has(each.motif));
  return afloat ? { art, floor: height * 0.86 } : { art: art + shore(canvas), floor: height * 0.945 };
}

/** Ground for figures that do not float. */
function shore(canvas: Canvas): string {
  const { palette, random, height, unit } = canvas;
  const own = random.fork('shore');
  const edge = ridge(canvas, own, height * 0.87, unit * 16, 0.1);
  const sand = mix(palette.skyLow, palette.sun, 0.14);
  const foam = edge.map(({ x, y }) => ({ x, y: y - unit * 9 }));
  return (
    below(canvas, foam, palette.pale) +
    below(canvas, edge, sand) +
    carved(canvas, edge, mix(sand, palette.near, 0.5), 5, unit * 15, own)
  );
}

/** The reflection of the sun on the water: bars that get wider toward the viewer. */
function glitter(canvas: Canvas, x: number, horizon: number): string {
  const random = canvas.random.fork('glitter');
  const { palette, height, unit } = canvas;
  return Array.from({ length: 20 }, (_, index) => {
    const t = index / 20;
    const y = horizon + (height - horizon) * t * 0.8 + unit * 8;
    const half = unit * (60 + t * 110) * random.between(0.5, 1);
    return rect(
      x - half + random.between(-20, 20) * unit,
      y,
      half * 2,
      unit * (4 + t * 6),
      index % 3 === 1 ? palette.pale : palette.sun,
      { rx: unit * 5, opacity: 0.85 - t * 0.4 },
    );
  }).join('');
}

/** Rows of scalloped waves, larger and darker toward the viewer. */
function waves(canvas: Canvas, horizon: number): string {
  const { palette, width, height, unit } = canvas;
  const random = canvas.random.fork('waves');
  const rows = 9;
  let art = '';
  for (let row = 1; row < rows; row += 1) {
    const t = row / rows;
    const y = horizon + (height - horizon) * t ** 1.35;
    const long = unit * (46 + t * 120);
    const rise = unit * (7 + t * 30);
    const fill = mix(palette.mid, palette.near, t);
    let d = `M${n(-long * random.next() - long)} ${n(y)}`;
    const count = Math.ceil(width / long) + 3;
    for (let index = 0; index < count; index += 1) d += `q${n(long * 0.5)} ${n(rise)} ${n(long)} 0`;
    const crest = d;
    art += path(`${d}V${n(height + 9)}H${n(-long * 2)}Z`, fill, { opacity: t < 0.35 ? 0.55 : 0.94 });
    art += line(crest, mix(fill, palette.pale, 0.75), unit * (2 + t * 4.5), {
      'stroke-dasharray': `${n(long * 0.62)} ${n(long * 0.3)}`,
    });
    if (t > 0.3)
      art += group(
        line(crest, mix(fill, palette.pale, 0.35), unit * 2.4, {
          'stroke-dasharray': `${n(long * 0.3)} ${n(long * 0.5)}`,
        }),
        { transform: `translate(0 ${n(unit * (10 + t * 12))})` },
      );
  }
  return art;
}

export function river(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit, reading } = canvas;
  const top = canvas.titleShare;
  const far = height * (top + (1 - top) * 0.4);
  let art =
    sky(canvas) +
    sun(canvas, {
      x: width * random.fork('sun').between(0.3, 0.7),
      y: height * (top + (1 - top) * 0.24),
      r: unit * 90,
    }) +
    clouds(canvas, 3, top + 0.02, top + 0.16);
  for (const [index, fill] of [palette.far, mix(palette.far, palette.mid, 0.5)].entries()) {
    const own = random.fork(`range${index}`);
    const edge = ridge(canvas, own, far - unit * (26 - index * 40), unit * (70 - index * 34), 0.7);
    art += below(canvas, edge, fill) + carved(canvas, edge, mix(fill, palette.pale, 0.5), 6, unit * 13, own);
    if (index === 1) art += treesOn(canvas, edge, 26, unit * 50, mix(fill, palette.ink, 0.35), own);
  }
  const ground = far + unit * 58;
  const land = reading.moods.has('feathers') ? palette.mid : mix(palette.far, palette.accent, 0.22);
  art += rect(-5, ground, width + 10, height - ground + 5, land);
  const lean = random.fork('bend').chance(0.5) ? 1 : -1;
  const course = bends(canvas, ground, lean);
  art += banks(canvas, ground, land);
  art += path(ribbon(course, 1.16), mix(palette.near, palette.ink, 0.25));
  art += path(ribbon(course, 1), reading.moods.has('feathers') ? palette.pale : mix(palette.mid, palette.skyLow, 0.12));
  art += reading.moods.has('feathers') ? plumage(canvas, course) : ripples(canvas, course);
  const own = random.fork('near');
  const edge = ridge(canvas, own, height * 0.965, unit * 14, 0.3);
  art +=
    below(canvas, edge, palette.near) + carved(canvas, edge, mix(palette.near, palette.pale, 0.4), 3, unit * 11, own);
  return { art, floor: height * 0.96 };
}

interface Bend {
  readonly x: number;
  readonly y: number;
  readonly half: number;
}

/** The centre line and the width of the river, from far to near. */
function bends(canvas: Canvas, from: number, lean: number): readonly Bend[] {
  const { width, height, unit } = canvas;
  return Array.from({ length: 41 }, (_, index) => {
    const t = index / 40;
    const sway = Math.sin(t ** 0.62 * Math.PI * 2.6) * lean;
    return {
      x: width * (0.5 + sway * (0.07 + t * 0.17)),
      y: from + (height - from) * t ** 1.5 * 1.05,
      half: unit * (9 + t ** 1.45 * 250),
    };
  });
}

function ribbon(course: readonly Bend[], wide: number): string {
  const left = course.map(({ x, y, half }) => `L${n(x - half * wide)} ${n(y)}`).join('');
  const right = [...course]
    .reverse()
    .map(({ x, y, half }) => `L${n(x + half * wide)} ${n(y)}`)
    .join('');
  return `M${left.slice(1)}${right}Z`;
}

function ripples(canvas: Canvas, course: readonly Bend[]): string {
  const random = canvas.random.fork('ripples');
  const { palette, unit } = canvas;
  return Array.from({ length: 70 }, () => {
    const at = course[random.integer(3, 39)];
    if (at === undefined) return '';
    const long = at.half * random.between(0.2, 0.6);
    const x = at.x + at.half * random.between(-0.85, 0.6);
    return line(
      `M${n(x)} ${n(at.y)}q${n(long * 0.25)} ${n(-unit * 6)} ${n(long * 0.5)} 0t${n(long * 0.5)} 0`,
      random.chance(0.7) ? palette.pale : palette.near,
      unit * (1.4 + at.half / (unit * 90)),
      { opacity: 0.8 },
    );
  }).join('');
}

/** Feathers along the river, small in the distance and large in front. */
function plumage(canvas: Canvas, course: readonly Bend[]): string {
  const random = canvas.random.fork('plumage');
  const { palette, unit } = canvas;
  let art = '';
  for (let index = 4; index < 41; index += 1) {
    const at = course[index];
    const next = course[Math.min(40, index + 1)];
    if (at === undefined || next === undefined) continue;
    const flow = (Math.atan2(next.y - at.y, next.x - at.x) * 180) / Math.PI;
    for (let each = 0; each < 4 + index / 8; each += 1) {
      const long = Math.max(unit * 16, at.half * random.between(0.42, 0.74));
      const turn = flow + random.between(-38, 38);
      const tone = random.next();
      const fill = tone < 0.6 ? palette.pale : mix(palette.pale, palette.mid, tone < 0.85 ? 0.22 : 0.4);
      art += group(feather(fill, mix(palette.mid, palette.ink, 0.35)), {
        transform: `translate(${n(at.x + at.half * random.between(-0.8, 0.8))} ${n(at.y)}) rotate(${n(turn)}) scale(${Math.round((long / 100) * 1000) / 1000})`,
      });
    }
  }
  return art;
}

/** A feather of length 100 along the x axis, centred on the origin. */
function feather(fill: string, ink: string): string {
  return (
    path('M-50 0C-34-16 14-22 44-4C48-2 50 0 48 2C20 18-26 16-50 0Z', fill, {
      stroke: ink,
      'stroke-width': 1.6,
      'stroke-opacity': 0.55,
    }) +
    line('M-62 1Q-10-4 44-1M-28-1l10-8M-12-2l12-9M6-3l12-8M22-3l10-6M-24 1l12 8M-6 0l13 8M12-1l12 7', ink, 1.5, {
      opacity: 0.55,
    })
  );
}

function banks(canvas: Canvas, ground: number, land: string): string {
  const random = canvas.random.fork('banks');
  const { palette, width, height, unit } = canvas;
  let art = '';
  for (let row = 0; row < 5; row += 1) {
    const t = (row + 0.4) / 5;
    const own = random.fork(`bank${row}`);
    const edge = ridge(canvas, own, ground + (height - ground) * t ** 1.5, unit * (8 + t * 16), 0.2);
    art +=
      below(canvas, edge, mix(land, palette.near, t * 0.4)) +
      carved(canvas, edge, mix(land, palette.pale, 0.45), 4, unit * (9 + t * 8), own);
    art += treesOn(
      canvas,
      edge.filter(({ x }) => Math.abs(x / width - 0.5) > 0.26 + t * 0.14),
      7,
      unit * (60 + t * 120),
      mix(palette.near, palette.ink, 0.3),
      own,
    );
  }
  return art;
}
