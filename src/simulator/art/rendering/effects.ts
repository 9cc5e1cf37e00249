/**
 * The visible effect of a change, on a drawing or on a given image: weather, light, colour. Every change is visible: for
 * words without a known effect, their hash rotates the hues.
 */
import { NAMED_COLOURS } from '../named-colours.ts';
import type { Palette } from '../palette.ts';
import { Random } from '../random.ts';
import type { Mood, Reading } from '../reading.ts';
import { circle, line, mix, n, path, rect } from '../svg.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly unit: number;
}

export interface Effect {
  /** SVG filter primitives for everything below the overlay. */
  readonly grade: string;
  /** SVG drawn on top. */
  readonly overlay: string;
  /** The gradients that the overlay refers to. */
  readonly definitions: string;
}

const SEPIA = '0.45 0.68 0.17 0 0 0.36 0.6 0.14 0 0 0.25 0.45 0.12 0 0 0 0 0 1 0';
const GRADES: Partial<Record<Mood, string>> = {
  mono: saturate(0.04) + scale(1.06, 1.06, 1.06),
  sepia: matrix(SEPIA),
  warm: scale(1.08, 1.0, 0.82),
  cold: scale(0.84, 0.98, 1.12),
  night: saturate(0.75) + scale(0.42, 0.5, 0.78),
  dark: scale(0.62, 0.62, 0.68),
  bright: saturate(1.4) + scale(1.06, 1.06, 1.04),
  sunset: scale(1.1, 0.88, 0.74),
  autumn: hueRotate(-22) + scale(1.1, 0.96, 0.78),
  winter: saturate(0.55) + scale(0.97, 1.02, 1.1),
  snow: saturate(0.7) + scale(0.97, 1.01, 1.07),
  rain: saturate(0.7) + scale(0.82, 0.87, 0.94),
  fog: saturate(0.65),
  neon: saturate(1.5) + scale(0.95, 0.72, 1.15),
  realistic: `${saturate(0.88)}${matrix('1.16 0 0 0 -0.08 0 1.14 0 0 -0.075 0 0 1.1 0 -0.07 0 0 0 1 0')}<feGaussianBlur stdDeviation="0.7"/>`,
};

function matrix(values: string): string {
  return `<feColorMatrix type="matrix" values="${values}"/>`;
}
function scale(r: number, g: number, b: number): string {
  return matrix(`${r} 0 0 0 0 0 ${g} 0 0 0 0 0 ${b} 0 0 0 0 0 1 0`);
}
function saturate(amount: number): string {
  return `<feColorMatrix type="saturate" values="${amount}"/>`;
}
function hueRotate(degrees: number): string {
  return `<feColorMatrix type="hueRotate" values="${degrees}"/>`;
}

/** The weather in the first prompt of a scene. */
export function weather(reading: Reading, area: Area, palette: Palette, random: Random): Effect {
  const overlay: string[] = [];
  if (reading.moods.has('snow') || reading.moods.has('winter')) overlay.push(snowfall(area, random));
  if (reading.moods.has('rain')) overlay.push(rainfall(area, palette, random));
  if (reading.moods.has('fog')) overlay.push(fog(area, palette, random));
  return { grade: '', overlay: overlay.join(''), definitions: '' };
}

/** The effect of one change. `index` makes the ids of its gradients unique. */
export function changeEffect(reading: Reading, words: string, area: Area, palette: Palette, index: number): Effect {
  const random = new Random(`change\u0000${words}`);
  const moods = [...reading.moods];
  let grade = moods.map((mood) => GRADES[mood] ?? '').join('');
  const overlay: string[] = [];
  const definitions: string[] = [];
  for (const mood of moods) {
    if (mood === 'snow' || mood === 'winter') overlay.push(drift(area, random), snowfall(area, random));
    if (mood === 'rain') overlay.push(rainfall(area, palette, random));
    if (mood === 'fog') overlay.push(fog(area, palette, random));
    if (mood === 'night' || mood === 'stars') overlay.push(nightSky(area, palette, random));
    if (mood === 'sunset') veil('#ff8a3c', 0.32);
    if (mood === 'neon') veil('#ff2fa0', 0.22);
    if (mood === 'realistic') light();
  }
  const isNamed = reading.colour !== null && reading.figures.length === 0;
  if (isNamed && reading.colour !== null)
    overlay.push(
      rect(area.x, area.y, area.width, area.height, reading.colour, { opacity: 0.5, style: 'mix-blend-mode:color' }),
    );
  if (grade === '' && overlay.length === 0 && reading.figures.length === 0) {
    grade = hueRotate((random.chance(0.5) ? 1 : -1) * random.between(24, 58));
    veil(random.pick([palette.accent, palette.sun, NAMED_COLOURS['teal'] ?? palette.mid]), 0.14);
  }
  return { grade, overlay: overlay.join(''), definitions: definitions.join('') };

  function veil(colour: string, opacity: number): void {
    const id = `veil${index}-${definitions.length}`;
    definitions.push(
      `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colour}" stop-opacity="0.2"/><stop offset="0.55" stop-color="${colour}"/><stop offset="1" stop-color="${colour}" stop-opacity="0.3"/></linearGradient>`,
    );
    overlay.push(
      rect(area.x, area.y, area.width, area.height, `url(#${id})`, { opacity, style: 'mix-blend-mode:soft-light' }),
      rect(area.x, area.y, area.width, area.height, `url(#${id})`, { opacity: opacity * 0.6 }),
    );
  }
  /** Light from one side and dark corners, like a photograph. */
  function light(): void {
    const from = random.between(0.15, 0.4);
    definitions.push(
      `<radialGradient id="sunlight${index}" cx="${n(from)}" cy="0.1" r="0.95"><stop offset="0" stop-color="#fff3d0" stop-opacity="0.62"/><stop offset="0.6" stop-color="#fff3d0" stop-opacity="0"/></radialGradient>`,
      `<radialGradient id="vignette${index}" cx="0.5" cy="0.46" r="0.78"><stop offset="0.45" stop-color="#0a0c14" stop-opacity="0"/><stop offset="1" stop-color="#0a0c14" stop-opacity="0.72"/></radialGradient>`,
    );
    overlay.push(
      rect(area.x, area.y, area.width, area.height, `url(#sunlight${index})`, { style: 'mix-blend-mode:soft-light' }),
      rect(area.x, area.y, area.width, area.height, `url(#sunlight${index})`, { opacity: 0.4 }),
      rect(area.x, area.y, area.width, area.height, `url(#vignette${index})`),
    );
  }
}

function snowfall(area: Area, random: Random): string {
  const own = random.fork('snow');
  return Array.from({ length: 260 }, () => {
    const near = own.next() ** 2.4;
    return circle(
      area.x + own.next() * area.width,
      area.y + own.next() * area.height,
      area.unit * (1.6 + near * 7),
      '#ffffff',
      { opacity: 0.6 + near * 0.38 },
    );
  }).join('');
}

/** Snow along the lower edge. */
function drift(area: Area, random: Random): string {
  const own = random.fork('drift');
  const bottom = area.y + area.height;
  const lying = (height: number, fill: string, opacity: number) => {
    let d = `M${n(area.x)} ${n(bottom)}V${n(bottom - height)}`;
    for (let x = 0; x < 5; x += 1)
      d += `q${n(area.width / 10)} ${n(-height * own.between(0.3, 0.9))} ${n(area.width / 5)} ${n(height * own.between(-0.12, 0.12))}`;
    return path(`${d}V${n(bottom)}Z`, fill, { opacity });
  };
  return lying(area.unit * 74, '#dfe9f0', 0.95) + lying(area.unit * 40, '#ffffff', 1);
}

function rainfall(area: Area, palette: Palette, random: Random): string {
  const own = random.fork('rain');
  const strokes = (count: number, width: number, long: number, opacity: number) => {
    let d = '';
    for (let index = 0; index < count; index += 1) {
      const drop = long * own.between(0.5, 1.2);
      d += `M${n(area.x + own.between(-0.05, 1.1) * area.width)} ${n(area.y + own.between(-0.05, 0.97) * area.height)}l${n(-drop * 0.27)} ${n(drop)}`;
    }
    return line(d, mix(palette.pale, '#9fc4e0', 0.35), width, { opacity });
  };
  return strokes(150, area.unit * 1.5, area.unit * 46, 0.5) + strokes(60, area.unit * 2.6, area.unit * 84, 0.62);
}

function fog(area: Area, palette: Palette, random: Random): string {
  const own = random.fork('fog');
  return Array.from({ length: 9 }, (_, index) => {
    const y = area.y + area.height * (0.3 + index * 0.072);
    const thick = area.unit * own.between(40, 76);
    const long = area.width * own.between(0.6, 1.1);
    return rect(area.x + own.between(-0.3, 0.5) * area.width, y, long, thick, palette.pale, {
      rx: thick / 2,
      opacity: own.between(0.2, 0.42),
    });
  }).join('');
}

function nightSky(area: Area, palette: Palette, random: Random): string {
  const own = random.fork('night');
  const points = Array.from({ length: 70 }, () =>
    circle(
      area.x + own.next() * area.width,
      area.y + own.next() ** 1.6 * area.height * 0.5,
      area.unit * own.between(1, 3),
      '#fff6da',
      { opacity: own.between(0.4, 1) },
    ),
  ).join('');
  const x = area.x + area.width * own.between(0.72, 0.86);
  const y = area.y + area.height * 0.14;
  const r = area.unit * 46;
  const moon = path(
    `M${n(x)} ${n(y - r)}A${n(r)} ${n(r)} 0 1 1 ${n(x - r * 0.9)} ${n(y + r * 0.45)}A${n(r * 0.8)} ${n(r * 0.8)} 0 0 0 ${n(x)} ${n(y - r)}Z`,
    mix('#fff3c9', palette.pale, 0.3),
  );
  return points + circle(x, y, r * 1.7, '#fff3c9', { opacity: 0.12 }) + moon;
}
