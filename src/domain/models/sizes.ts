/** Image sizes: their notation, and whether they follow the rules of a model. */
import type { SizeRules } from './table.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

const SIZE = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/u;

/** Parses `1536x1024`; null for anything else, including `auto`. */
export function parseSize(size: string): Size | null {
  const [, width, height] = SIZE.exec(size) ?? [];
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) };
}

/** The problem with the notation of a size, or null. */
export function sizeProblem(size: string): string | null {
  if (size === 'auto' || parseSize(size) !== null) return null;
  return `must be "auto" or "<width>x<height>" in pixels, for example "1024x1536", not ${JSON.stringify(size)}.`;
}

/** The rule that a size breaks, and the nearest size that follows all rules. */
export interface SizeFault {
  readonly rule: string;
  readonly nearest: string;
}

/** @param size a size with a valid notation */
export function sizeFault(size: string, rules: SizeRules): SizeFault | null {
  const requested = parseSize(size);
  const rule = requested === null ? null : brokenRule(requested, rules);
  return requested === null || rule === null ? null : { rule, nearest: nearestSize(requested, rules) };
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
  return `it must have ${leastPixels} to ${mostPixels} pixels in total, not ${pixels}`;
}

/** The size that follows the rules and whose edges differ the least from the requested ones; of two, the larger. */
function nearestSize(requested: Size, rules: SizeRules): string {
  const { edgeStep, longestEdge, leastPixels, mostPixels, mostRatio } = rules;
  let nearest = { width: 0, height: 0, distance: Number.POSITIVE_INFINITY };
  for (let width = edgeStep; width <= longestEdge; width += edgeStep) {
    const min = Math.ceil(Math.max(width / mostRatio, leastPixels / width) / edgeStep) * edgeStep;
    const max = Math.floor(Math.min(width * mostRatio, mostPixels / width, longestEdge) / edgeStep) * edgeStep;
    if (min > max) continue;
    const height = Math.min(max, Math.max(min, Math.round(requested.height / edgeStep) * edgeStep));
    const distance = Math.hypot(width - requested.width, height - requested.height);
    if (distance <= nearest.distance) nearest = { width, height, distance };
  }
  return `${nearest.width}x${nearest.height}`;
}
