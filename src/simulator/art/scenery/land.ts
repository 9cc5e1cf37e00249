/** Scenes on land: hills, mountains, forest, desert. */
import {
  below,
  type Canvas,
  carved,
  clouds,
  conifer,
  flock,
  ridge,
  type SceneDrawing,
  sky,
  sun,
  treesOn,
} from '../canvas.ts';
import { circle, ellipse, line, mix, n, type Point, path, rect, smooth } from '../svg.ts';

export function hills(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit } = canvas;
  const top = canvas.titleShare;
  const sunX = random.fork('sun').between(0.25, 0.75) * width;
  let art =
    sky(canvas) +
    sun(canvas, { x: sunX, y: height * (top + (1 - top) * 0.33), r: unit * 125 }) +
    clouds(canvas, 3, top + 0.04, top + 0.25) +
    flock(canvas, 5);
  const layers = [
    palette.far,
    mix(palette.far, palette.mid, 0.5),
    palette.mid,
    mix(palette.mid, palette.near, 0.55),
    palette.near,
  ];
  for (const [index, fill] of layers.entries()) {
    const own = random.fork(`hill${index}`);
    const at = top + (1 - top) * (0.46 + index * 0.105);
    const edge = ridge(canvas, own, height * at, unit * (46 - index * 4), 0.15);
    const light = mix(fill, palette.pale, 0.4);
    if (index === 1 || index === 3)
      art += treesOn(canvas, edge, index === 1 ? 14 : 9, unit * (34 + index * 26), mix(fill, palette.ink, 0.35), own);
    art += below(canvas, edge, fill) + carved(canvas, edge, light, 5 + index, unit * 13, own);
  }
  return { art, floor: height * 0.95 };
}

interface Peak {
  readonly x: number;
  readonly top: number;
  readonly half: number;
}

function peak(canvas: Canvas, { x, top, half }: Peak, base: number, index: number): string {
  const { palette, unit } = canvas;
  const random = canvas.random.fork(`peak${index}`);
  const tall = base - top;
  const side = (sign: number) =>
    Array.from(
      { length: 9 },
      (_, i): Point => ({
        x: x + sign * half * ((i + 1) / 9) + random.between(-1, 1) * half * 0.05,
        y: top + tall * ((i + 1) / 9) ** 1.08,
      }),
    );
  const points = (list: readonly Point[]) => list.map((point) => `L${n(point.x)} ${n(point.y)}`).join('');
  const left = side(-1);
  const right = side(1);
  const spine = Array.from(
    { length: 7 },
    (_, i): Point => ({ x: x + (i % 2 ? 1 : -0.6) * half * 0.09 * (1 + i / 3), y: top + (tall * (i + 1)) / 7 }),
  );
  const light = mix(palette.far, palette.pale, 0.25);
  const shade = mix(palette.far, palette.mid, 0.75);
  const snowLine = (list: readonly Point[], count: number) => list.slice(0, count);
  const zigzag = [0.6, 0.25, -0.1, -0.45]
    .map((t, i) => `L${n(x + half * 0.42 * t)} ${n(top + tall * (0.42 - (i % 2) * 0.13))}`)
    .join('');
  const lines = Array.from({ length: 9 }, (_, i) => {
    const t = random.between(0.35, 0.9);
    const from = { x: x + half * t * random.between(0.15, 0.8), y: top + tall * t };
    return line(
      `M${n(from.x)} ${n(from.y)}l${n(unit * random.between(14, 46))} ${n(unit * random.between(34, 70))}`,
      i % 3 ? palette.ink : light,
      unit * 2.6,
      { opacity: 0.35 },
    );
  }).join('');
  return [
    path(`M${n(x)} ${n(top)}${points(left)}L${n(x + half)} ${n(base)}${points([...right].reverse())}Z`, light),
    path(`M${n(x)} ${n(top)}${points(right)}L${n(x)} ${n(base)}${points([...spine].reverse())}Z`, shade),
    lines,
    path(
      `M${n(x)} ${n(top)}${points(snowLine(right, 4))}${zigzag}${points(snowLine(left, 4).reverse())}Z`,
      palette.pale,
    ),
    path(
      `M${n(x)} ${n(top)}${points(snowLine(right, 4))}L${n(x + half * 0.2)} ${n(top + tall * 0.3)}${points(spine.slice(0, 2).reverse())}Z`,
      mix(palette.pale, palette.mid, 0.32),
    ),
  ].join('');
}

export function mountains(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit } = canvas;
  const top = canvas.titleShare;
  const base = height * 0.78;
  const place = random.fork('peaks');
  const main = place.between(0.34, 0.66);
  const summit = height * (top + 0.1);
  const peaks: Peak[] = [
    { x: width * (main - 0.33), top: summit + height * place.between(0.13, 0.2), half: width * 0.34 },
    { x: width * (main + 0.34), top: summit + height * place.between(0.1, 0.18), half: width * 0.36 },
    { x: width * main, top: summit, half: width * 0.44 },
  ];
  let art =
    sky(canvas) +
    sun(canvas, { x: width * (main > 0.5 ? 0.2 : 0.8), y: height * (top + 0.11), r: unit * 74 }) +
    clouds(canvas, 2, top + 0.05, top + 0.16);
  for (const [index, each] of peaks.entries()) art += peak(canvas, each, base, index);
  art += clouds(canvas, 2, 0.5, 0.58);
  const foot = ridge(canvas, random.fork('foot'), height * 0.7, unit * 22, 0.2);
  art +=
    below(canvas, foot, palette.mid) +
    treesOn(canvas, foot, 30, unit * 62, mix(palette.mid, palette.ink, 0.4), random.fork('wood'));
  const lakeTop = height * 0.76;
  art += rect(-5, lakeTop, width + 10, height - lakeTop, mix(palette.skyLow, palette.mid, 0.35));
  const shine = random.fork('shine');
  for (let index = 0; index < 26; index += 1) {
    const y = lakeTop + (height - lakeTop) * (index / 26);
    const long = unit * shine.between(50, 260);
    art += rect(
      shine.between(-0.05, 0.95) * width,
      y,
      long,
      unit * shine.between(2.5, 5.5),
      shine.chance(0.55) ? palette.pale : palette.mid,
      { rx: unit * 3, opacity: 0.55 },
    );
  }
  const shore = ridge(canvas, random.fork('shore'), height * 0.935, unit * 20, 0.3);
  art +=
    below(canvas, shore, palette.near) +
    carved(canvas, shore, mix(palette.near, palette.pale, 0.4), 4, unit * 12, random.fork('cut'));
  for (const [index, x] of [0.05, 0.13, 0.9, 0.97].entries())
    art += conifer(
      width * x,
      height * 0.97,
      unit * (150 + (index % 2) * 70),
      mix(palette.near, palette.ink, 0.45),
      palette.ink,
    );
  return { art, floor: height * 0.955 };
}

export function forest(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit } = canvas;
  const top = canvas.titleShare;
  let art =
    sky(canvas) +
    sun(canvas, {
      x: width * random.fork('sun').between(0.35, 0.65),
      y: height * (top + (1 - top) * 0.36),
      r: unit * 150,
    });
  const layers = [mix(palette.skyLow, palette.far, 0.6), palette.far, palette.mid, palette.near];
  for (const [index, fill] of layers.entries()) {
    const own = random.fork(`wood${index}`);
    const floor = height * (0.66 + index * 0.085);
    const edge = ridge(canvas, own, floor, unit * 14, 0.2);
    const count = 17 - index * 3;
    for (let tree = 0; tree < count; tree += 1) {
      const x = ((tree + own.between(0.1, 0.9)) / count) * width;
      // A clearing in the middle of the front rows leaves room for light and figures.
      if (index > 1 && Math.abs(x / width - 0.5) < 0.16 + index * 0.06) continue;
      art += conifer(x, floor + unit * 12, unit * (190 + index * 90) * own.between(0.8, 1.25), fill, palette.ink);
    }
    art +=
      below(canvas, edge, mix(fill, palette.near, 0.35)) +
      carved(canvas, edge, mix(fill, palette.pale, 0.5), 4, unit * 12, own);
  }
  const own = random.fork('ferns');
  for (let index = 0; index < 34; index += 1) {
    const x = own.next() * width;
    const y = height * own.between(0.945, 1.0);
    const s = unit * own.between(18, 36);
    art += line(
      `M${n(x)} ${n(y)}q${n(-s * 0.4)} ${n(-s * 0.9)} ${n(-s)} ${n(-s)}M${n(x)} ${n(y)}q0 ${n(-s)} ${n(s * 0.15)} ${n(-s * 1.3)}M${n(x)} ${n(y)}q${n(s * 0.4)} ${n(-s * 0.9)} ${n(s)} ${n(-s)}`,
      own.chance(0.3) ? palette.accent : mix(palette.near, palette.pale, 0.3),
      unit * 4,
    );
  }
  return { art, floor: height * 0.955 };
}

export function desert(canvas: Canvas): SceneDrawing {
  const { palette, random, width, height, unit } = canvas;
  const top = canvas.titleShare;
  let art =
    sky(canvas) +
    sun(canvas, {
      x: width * random.fork('sun').between(0.28, 0.72),
      y: height * (top + (1 - top) * 0.38),
      r: unit * 140,
    });
  const mesa = random.fork('mesa');
  const mx = width * mesa.between(0.05, 0.55);
  art += path(
    `M${n(mx)} ${n(height * 0.66)}l${n(unit * 40)} ${n(-unit * 150)}h${n(unit * 220)}l${n(unit * 26)} ${n(unit * 70)}h${n(unit * 50)}l${n(unit * 30)} ${n(unit * 90)}Z`,
    palette.far,
  );
  const tones = [
    mix(palette.far, palette.skyLow, 0.35),
    mix(palette.far, palette.accent, 0.35),
    mix(palette.mid, palette.accent, 0.4),
    palette.mid,
  ];
  for (const [index, fill] of tones.entries()) {
    const own = random.fork(`dune${index}`);
    const edge = ridge(canvas, own, height * (0.62 + index * 0.1), unit * 38, 0.02);
    art += below(canvas, edge, fill) + carved(canvas, edge, mix(fill, palette.pale, 0.45), 7, unit * 11, own);
    const crest = own.integer(12, 46);
    const tail = edge.slice(crest, crest + 16);
    const first = tail[0];
    if (first)
      art += path(`${smooth(tail)}L${n(first.x + unit * 60)} ${n(first.y + unit * 130)}Z`, palette.ink, {
        opacity: 0.16,
      });
  }
  for (const [x, tall] of [
    [0.1, 200],
    [0.88, 260],
  ] as const) {
    const cx = width * x;
    const y = height * 0.965;
    const t = unit * tall;
    art +=
      line(
        `M${n(cx)} ${n(y)}v${n(-t)}M${n(cx)} ${n(y - t * 0.4)}h${n(-t * 0.22)}v${n(-t * 0.28)}M${n(cx)} ${n(y - t * 0.55)}h${n(t * 0.22)}v${n(-t * 0.24)}`,
        palette.near,
        unit * 30,
      ) +
      line(`M${n(cx - unit * 5)} ${n(y)}v${n(-t)}`, mix(palette.near, palette.pale, 0.4), unit * 2.6, {
        'stroke-dasharray': `${n(unit * 9)} ${n(unit * 7)}`,
      });
    art +=
      circle(cx, y - t - unit * 16, unit * 9, palette.sun) +
      ellipse(cx, y, unit * 60, unit * 8, palette.ink, { opacity: 0.3 });
  }
  return { art, floor: height * 0.95 };
}
