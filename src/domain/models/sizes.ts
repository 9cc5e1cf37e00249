/** Sizes of pictures: how they are written, and what the rules of a model make of one. */
import type { SizeRules } from './table.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

const SIZE = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/u;

/** `1536x1024` in pixels; null for anything else, `auto` included. */
function parseSize(size: string): Size | null {
  const [, width, height] = SIZE.exec(size) ?? [];
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) };
}

/** What is wrong with the form of a size, or null. */
export function sizeProblem(size: string): string | null {
  if (size === 'auto' || parseSize(size) !== null) return null;
  return `must be "auto" or "<width>x<height>" in pixels, for example "1024x1536", not ${JSON.stringify(size)}.`;
}

/** Which rule a size breaks, and the nearest one that keeps to all of them. */
export interface SizeFault {
  readonly rule: string;
  readonly nearest: string;
}

/** @param size whose form is right */
export function sizeFault(size: string, rules: SizeRules): SizeFault | null {
  const asked = parseSize(size);
  const rule = asked === null ? null : brokenRule(asked, rules);
  return asked === null || rule === null ? null : { rule, nearest: nearestSize(asked, rules) };
}

function brokenRule({ width, height }: Size, rules: SizeRules): string | null {
  const { edgeStep, longestEdge, leastPixels, mostPixels, mostRatio } = rules;
  if (width % edgeStep !== 0 || height % edgeStep !== 0) return `both edges must be divisible by ${edgeStep}`;
  if (Math.max(width, height) > longestEdge) return `no edge may be longer than ${longestEdge} pixels`;
  if (Math.max(width, height) > mostRatio * Math.min(width, height)) {
    return `the ratio must be between 1:${mostRatio} and ${mostRatio}:1`;
  }
  const pixels = width * height;
  if (pixels >= leastPixels && pixels <= mostPixels) return null;
  return `it must have ${leastPixels} to ${mostPixels} pixels in all, not ${pixels}`;
}

/** Of all sizes that keep to the rules, the one whose edges differ the least from what was asked; of two, the larger. */
function nearestSize(asked: Size, rules: SizeRules): string {
  const { edgeStep, longestEdge, leastPixels, mostPixels, mostRatio } = rules;
  let nearest = { width: 0, height: 0, distance: Number.POSITIVE_INFINITY };
  for (let width = edgeStep; width <= longestEdge; width += edgeStep) {
    const least = Math.ceil(Math.max(width / mostRatio, leastPixels / width) / edgeStep) * edgeStep;
    const most = Math.floor(Math.min(width * mostRatio, mostPixels / width, longestEdge) / edgeStep) * edgeStep;
    if (least > most) continue;
    const height = Math.min(most, Math.max(least, Math.round(asked.height / edgeStep) * edgeStep));
    const distance = Math.hypot(width - asked.width, height - asked.height);
    if (distance <= nearest.distance) nearest = { width, height, distance };
  }
  return `${nearest.width}x${nearest.height}`;
}
