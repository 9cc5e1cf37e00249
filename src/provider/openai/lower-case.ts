/** The values of our enums are the upstream's in upper case. */
export function lowerCase<W extends string>(word: W): Lowercase<W> {
  // `toLowerCase` is typed as giving any string; on a literal it gives the literal in lower case.
  return word.toLowerCase() as Lowercase<W>;
}
