/** The other scenes: city, space, and abstract shapes. */
import { below, type Canvas, carved, clouds, ridge, type SceneDrawing, sky, sun } from '../canvas.ts';
import { circle, ellipse, group, line, mix, n, path, rect } from '../svg.ts';

export function city(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit, reading } = canvas;
  const top = canvas.titleShare;
  const street = height * 0.8;
  let art =
    sky(canvas) +
    sun(canvas, {
      x: width * random.fork('sun').between(0.3, 0.7),
      y: height * (top + (1 - top) * 0.28),
      r: unit * 120,
    }) +
    (reading.moods.has('night') ? '' : clouds(canvas, 3, top + 0.03, top + 0.22));
  const layers = [palette.far, mix(palette.mid, palette.far, 0.3), palette.near];
  for (const [index, fill] of layers.entries()) art += block(canvas, index, fill, street);
  art += rect(-5, street, width + 10, height - street + 5, mix(palette.near, palette.ink, 0.6));
  art += streetLights(canvas, street);
  return { art, floor: height * 0.95 };
}

function block(canvas: Canvas, index: number, fill: string, street: number): string {
  const { palette, width, height, unit, reading } = canvas;
  const random = canvas.random.fork(`block${index}`);
  const isLit = reading.moods.has('night') || reading.moods.has('neon');
  const room = (street - height * canvas.titleShare) * (0.86 - index * 0.17);
  let art = '';
  for (let x = -unit * 20; x < width; ) {
    const wide = unit * random.between(60, 120) * (1 + index * 0.3);
    const middle = 1 - Math.abs((x + wide / 2) / width - 0.5) * (index === 2 ? -0.7 : 0.55);
    const tall = room * random.between(0.45, 0.98) * Math.min(1, middle);
    const y = street - tall;
    art +=
      rect(x, y, wide + 1, tall + 2, fill) +
      rect(x + wide * 0.72, y, wide * 0.28, tall, palette.ink, { opacity: 0.16 });
    art += roof(canvas, random.integer(0, 4), x, y, wide, fill);
    const step = unit * (17 + index * 7);
    for (let wy = y + step; wy < street - step * 1.4; wy += step * 1.25) {
      for (let wx = x + step * 0.7; wx < x + wide - step * 0.9; wx += step) {
        if (random.chance(isLit ? 0.42 : 0.62)) continue;
        const tone = isLit ? (random.chance(0.24) ? palette.accent : palette.sun) : mix(fill, palette.pale, 0.55);
        art += rect(wx, wy, step * 0.46, step * 0.62, tone, { opacity: index === 0 ? 0.6 : 0.92 });
      }
    }
    if (reading.moods.has('neon') && index === 2 && random.chance(0.75))
      art += sign(
        canvas,
        random.chance(0.5) ? palette.accent : palette.sun,
        x + wide * 0.82,
        y + tall * 0.2,
        unit * random.between(100, 170),
      );
    x += wide + unit * random.between(-4, 14);
  }
  return art;
}

function roof(canvas: Canvas, kind: number, x: number, y: number, wide: number, fill: string): string {
  const { unit, palette } = canvas;
  if (kind === 0)
    return (
      line(`M${n(x + wide / 2)} ${n(y)}v${n(-unit * 60)}`, fill, unit * 5) +
      circle(x + wide / 2, y - unit * 62, unit * 4.5, palette.accent)
    );
  if (kind === 1)
    return path(`M${n(x)} ${n(y + 1)}l${n(wide / 2)} ${n(-wide * 0.42)}l${n(wide / 2)} ${n(wide * 0.42)}Z`, fill);
  if (kind === 2)
    return (
      rect(x + wide * 0.2, y - unit * 24, wide * 0.6, unit * 26, fill) +
      rect(x + wide * 0.36, y - unit * 44, wide * 0.28, unit * 22, fill)
    );
  if (kind === 3)
    return path(
      `M${n(x + wide * 0.18)} ${n(y)}v${n(-unit * 16)}l${n(wide * 0.16)} ${n(-unit * 16)}l${n(wide * 0.16)} ${n(unit * 16)}v${n(unit * 16)}Z`,
      mix(fill, palette.ink, 0.35),
    );
  return '';
}

/** A neon sign along a house, with symbols that mean nothing. */
function sign(canvas: Canvas, colour: string, x: number, y: number, tall: number): string {
  const { unit, palette } = canvas;
  const wide = unit * 36;
  const strokes = [0.12, 0.34, 0.56, 0.78]
    .map(
      (t) =>
        `M${n(x + wide * 0.25)} ${n(y + tall * t)}h${n(wide * 0.5)}m${n(-wide * 0.25)} ${n(-tall * 0.04)}v${n(tall * 0.15)}m${n(-wide * 0.2)} 0h${n(wide * 0.42)}`,
    )
    .join('');
  return (
    rect(x - unit * 12, y - unit * 12, wide + unit * 24, tall + unit * 24, colour, { rx: unit * 16, opacity: 0.22 }) +
    rect(x, y, wide, tall, palette.ink, { rx: unit * 6, stroke: colour, 'stroke-width': unit * 4 }) +
    line(strokes, colour, unit * 3.6)
  );
}

/** Reflections of the houses in the street, stronger in the rain. */
function streetLights(canvas: Canvas, street: number): string {
  const { palette, width, height, unit, reading } = canvas;
  const random = canvas.random.fork('street');
  const isWet = reading.moods.has('rain') || reading.moods.has('neon');
  let art = '';
  for (let index = 0; index < (isWet ? 46 : 14); index += 1) {
    const x = random.next() * width;
    const y = street + unit * random.between(4, 40);
    const long = (height - street) * random.between(0.2, isWet ? 0.85 : 0.35);
    const colour = random.pick([palette.sun, palette.accent, palette.pale]);
    const dashes = Array.from({ length: 6 }, () => n(unit * random.between(6, 26))).join(' ');
    art += line(`M${n(x)} ${n(y)}v${n(long)}`, colour, unit * random.between(4, isWet ? 14 : 7), {
      opacity: isWet ? 0.6 : 0.35,
      'stroke-dasharray': dashes,
    });
  }
  art += rect(-5, street - unit * 3, width + 10, unit * 8, palette.pale, { opacity: 0.5 });
  return art;
}

export function space(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit } = canvas;
  const top = canvas.titleShare;
  const own = random.fork('planet');
  const x = width * own.between(0.35, 0.65);
  const y = height * (top + (1 - top) * 0.36);
  const r = unit * 190;
  const bands = [-0.62, -0.3, 0.05, 0.4, 0.66]
    .map((at, index) => {
      const half = Math.sqrt(1 - at * at) * r;
      return path(
        `M${n(x - half)} ${n(y + at * r)}Q${n(x)} ${n(y + at * r + r * 0.16)} ${n(x + half)} ${n(y + at * r)}L${n(x + half * 0.97)} ${n(y + at * r + r * 0.13)}Q${n(x)} ${n(y + at * r + r * 0.33)} ${n(x - half * 0.97)} ${n(y + at * r + r * 0.13)}Z`,
        index % 2 ? palette.sun : palette.pale,
        { opacity: 0.4 },
      );
    })
    .join('');
  const ring = (sweep: 0 | 1) =>
    line(
      `M${n(x - r * 1.75)} ${n(y)}A${n(r * 1.75)} ${n(r * 0.42)} 0 0 ${sweep} ${n(x + r * 1.75)} ${n(y)}`,
      palette.pale,
      unit * 15,
    ) +
    line(
      `M${n(x - r * 1.5)} ${n(y)}A${n(r * 1.5)} ${n(r * 0.34)} 0 0 ${sweep} ${n(x + r * 1.5)} ${n(y)}`,
      palette.accent,
      unit * 9,
    );
  let art = sky(canvas) + group(ring(1), { transform: `rotate(-14 ${n(x)} ${n(y)})` });
  art += circle(x, y, r * 1.25, palette.accent, { opacity: 0.1 }) + circle(x, y, r, palette.accent) + bands;
  art += path(
    `M${n(x)} ${n(y - r)}A${n(r)} ${n(r)} 0 0 1 ${n(x)} ${n(y + r)}A${n(r * 1.25)} ${n(r * 1.25)} 0 0 0 ${n(x)} ${n(y - r)}Z`,
    palette.ink,
    { opacity: 0.35 },
  );
  art += group(ring(0), { transform: `rotate(-14 ${n(x)} ${n(y)})` });
  art +=
    circle(width * 0.14, height * (top + 0.14), unit * 42, palette.sun) +
    circle(width * 0.125, height * (top + 0.13), unit * 9, palette.ink, { opacity: 0.2 });
  for (const [index, fill] of [palette.mid, palette.near].entries()) {
    const hill = random.fork(`crater${index}`);
    const edge = ridge(canvas, hill, height * (0.78 + index * 0.1), unit * 26, 0.5);
    art += below(canvas, edge, fill) + carved(canvas, edge, mix(fill, palette.pale, 0.4), 5, unit * 13, hill);
    for (let crater = 0; crater < 6; crater += 1) {
      const cx = hill.next() * width;
      const cy = height * (0.86 + index * 0.08);
      const cr = unit * hill.between(16, 46);
      art +=
        ellipse(cx, cy, cr, cr * 0.3, palette.ink, { opacity: 0.35 }) +
        line(`M${n(cx - cr)} ${n(cy)}q${n(cr)} ${n(cr * 0.6)} ${n(cr * 2)} 0`, palette.pale, unit * 3, {
          opacity: 0.5,
        });
    }
  }
  return { art, floor: height * 0.95 };
}

export function abstract(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height } = canvas;
  const from = height * canvas.titleShare;
  const own = random.fork('tiles');
  const columns = width > height ? 5 : 4;
  const tile = width / columns;
  const rows = Math.max(2, Math.round((height - from) / tile));
  const tall = (height - from) / rows;
  let art = rect(0, 0, width, height, palette.skyLow);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      art += group(tileArt(canvas, own), {
        transform: `translate(${n(column * tile)} ${n(from + row * tall)}) scale(${Math.round((tile / 100) * 1000) / 1000} ${Math.round((tall / 100) * 1000) / 1000})`,
      });
    }
  }
  return { art, floor: height * 0.94 };
}

function tileArt(canvas: Canvas, own: Canvas['random']): string {
  const { palette } = canvas;
  const inks = [palette.sun, palette.mid, palette.near, palette.accent, palette.pale, palette.skyTop] as const;
  const at = own.integer(0, inks.length - 1);
  const ground = inks[at] ?? palette.pale;
  const first = inks[(at + own.integer(1, inks.length - 1)) % inks.length] ?? palette.ink;
  const second = own.chance(0.5) ? palette.ink : palette.pale;
  const shapes = [
    path('M0 100A100 100 0 0 1 100 0V100Z', first) + path('M50 100A50 50 0 0 1 100 50V100Z', second),
    circle(50, 50, 50, first) + circle(50, 50, 30, ground) + circle(50, 50, 14, second),
    path('M0 0A50 50 0 0 0 100 0Z', first) + path('M0 100A50 50 0 0 1 100 100Z', second),
    path('M0 0L100 100H0Z', first) + path('M0 50L50 100H0Z', second),
    [8, 24, 40, 56, 72, 88].map((y) => rect(0, y - 4, 100, 8, first)).join(''),
    path('M0 50C0 20 20 0 50 0C50 30 30 50 0 50ZM100 50C100 80 80 100 50 100C50 70 70 50 100 50Z', first) +
      path('M50 0C80 0 100 20 100 50C70 50 50 30 50 0ZM50 100C20 100 0 80 0 50C30 50 50 70 50 100Z', second),
    [20, 50, 80].flatMap((x) => [20, 50, 80].map((y) => circle(x, y, 9, first))).join(''),
    path('M0 0H50V50H0ZM50 50H100V100H50Z', first) + circle(75, 25, 16, second) + circle(25, 75, 16, second),
  ];
  const art = shapes[own.integer(0, shapes.length - 1)] ?? '';
  return rect(0, 0, 100.4, 100.4, ground) + group(art, { transform: `rotate(${own.integer(0, 3) * 90} 50 50)` });
}
