/** The names of options and their values, and amounts, as people read them. */
const NAMES: Readonly<Record<string, string>> = {
  AUTO: 'Auto',
  NONE: 'None',
  MINIMAL: 'Minimal',
  LOW: 'Low',
  MEDIUM: 'Medium',
  HIGH: 'High',
  XHIGH: 'Higher',
  MAX: 'Highest',
  TRANSPARENT: 'Transparent',
  OPAQUE: 'Opaque',
  SOONEST: 'As soon as possible',
  WITHIN_2_HOURS: 'Within 2 hours, cheaper',
  WITHIN_8_HOURS: 'Within 8 hours, cheapest',
  auto: 'Auto',
};

export function labelOf(value: string | number): string {
  return NAMES[value] ?? String(value).replace(/^(\d+)x(\d+)$/, '$1 × $2');
}

/** An amount of money, as precise as it is large. */
export function money(amount: string, currency: string): string {
  const value = Number(amount);
  const digits = value > 0 && value < 0.1 ? { maximumSignificantDigits: 2 } : {};
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...digits })
    .format(value)
    .trim();
}

/** A duration in words, such as `12 s` or `3 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return '1 s';
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** `1 picture`, `2 pictures`. */
export function pictures(count: number): string {
  return count === 1 ? '1 picture' : `${count} pictures`;
}
