/** Documents that ask for too much, made from numbers. The limits in them are the defaults of src/config/limits.ts. */

export const repeat = (count: number, make: (index: number) => string, separator = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);

/** Each fragment spreads the next one `width` times. */
export function doublingFragments(count: number, on: string, root: string, leaf: string, width = 2): string {
  const spread = (index: number) => repeat(width, () => `...F${index}`);
  const fragments = repeat(count, (index) => `fragment F${index} on ${on} { ${spread(index + 1)} }`);
  return `${root.replace('…', spread(0))} ${fragments} fragment F${count} on ${on} { ${leaf} }`;
}

/** `open` within itself, with `leaf` in the middle. */
export function nested(levels: number, open: string, leaf: string, close = '}'): string {
  return open.repeat(levels) + leaf + close.repeat(levels);
}

export function generation(n: number): string {
  return `a${n}: generateImage(input: { prompt: "a boat" }) { __typename }`;
}
