/** Helpers to write SVG: short numbers, attributes, shapes, colour mixing. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A number with as few digits as a drawing needs. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) =>
      value === undefined
        ? ''
        : ` ${name}="${typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : value}"`,
    )
    .join('');
}

export function path(d: string, fill: string, more: Attributes = {}): string {
  return `<path d="${d}" fill="${fill}"${attributesOf(more)}/>`;
}

export function line(d: string, stroke: string, width: number, more: Attributes = {}): string {
  return path(d, 'none', {
    stroke,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    ...more,
  });
}

export function circle(cx: number, cy: number, r: number, fill: string, more: Attributes = {}): string {
  return `<circle cx="${n(cx)}" cy="${n(cy)}" r="${n(r)}" fill="${fill}"${attributesOf(more)}/>`;
}

export function ellipse(cx: number, cy: number, rx: number, ry: number, fill: string, more: Attributes = {}): string {
  return `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"${attributesOf(more)}/>`;
}

export function rect(x: number, y: number, width: number, height: number, fill: string, more: Attributes = {}): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}"${attributesOf(more)}/>`;
}

export function group(content: string, attributes: Attributes): string {
  return `<g${attributesOf(attributes)}>${content}</g>`;
}

/** Mixes two `#rrggbb` colours; 0 gives the first, 1 the second. */
export function mix(from: string, to: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const hex = [1, 3, 5].map((at) => {
    const value = channel(from, at) + (channel(to, at) - channel(from, at)) * share;
    return Math.round(value).toString(16).padStart(2, '0');
  });
  return `#${hex.join('')}`;
}

/** The perceived lightness of a colour, 0 to 1. */
export function lightness(colour: string): number {
  const channel = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16) / 255;
  return 0.3 * channel(1) + 0.59 * channel(3) + 0.11 * channel(5);
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A smooth line through points (quadratic curves through the midpoints). */
export function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let d = `M${n(first.x)} ${n(first.y)}`;
  let before = first;
  for (const point of rest) {
    d += `Q${n(before.x)} ${n(before.y)} ${n((before.x + point.x) / 2)} ${n((before.y + point.y) / 2)}`;
    before = point;
  }
  return `${d}L${n(before.x)} ${n(before.y)}`;
}
