/** Quantiles, medians and least squares. */

/** The `q` quantile (0 to 1) of the values, interpolated between neighbours. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error('no values to take a quantile of');
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export interface Slope {
  readonly perUnit: number;
  /** Half the width of the 95 % confidence interval, from the residuals. */
  readonly noise: number;
}

/** Fits a line through points (x, y) by least squares. */
export function slope(points: readonly (readonly [number, number])[]): Slope {
  const count = points.length;
  if (count < 3) throw new Error('too few points for a slope');
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spreadX = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const perUnit = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spreadX;
  const residuals = points.reduce((sum, [x, y]) => sum + (y - meanY - perUnit * (x - meanX)) ** 2, 0);
  // 2 approximates the 97.5 % point of the t distribution for more than a few points.
  return { perUnit, noise: 2 * Math.sqrt(residuals / (count - 2) / spreadX) };
}
