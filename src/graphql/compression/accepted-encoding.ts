/** Which encoding of a body the client prefers (RFC 9110, section 12.5.3). */

export type Encoding = 'zstd' | 'br' | 'gzip';

/**
 * @param header `Accept-Encoding`
 * @param offered in our order, which decides between encodings that the client likes equally
 * @returns null when the body has to be sent as it is
 */
export function acceptedEncoding<Offered extends Encoding>(
  header: string | undefined,
  offered: readonly Offered[],
): Offered | null {
  if (header === undefined) return null;
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((text) => text.startsWith('q='))?.slice('q='.length);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  let best: Offered | null = null;
  let bestWeight = 0;
  for (const encoding of offered) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    // False for what is no number.
    if (weight > bestWeight) [best, bestWeight] = [encoding, weight];
  }
  return best;
}
