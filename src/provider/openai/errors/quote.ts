/** The upstream's own words, made fit to stand in a sentence of ours: no secrets, one line, a bounded length. */

const SECRET = /\b(?:sk|sess|rk|pk|ek)-[\w*.-]{4,}|\bBearer\s+\S+/gi;
const DATA_URL = /data:[\w/+.-]+;base64,[\w+/=-]*/gi;
// Line ends and other control characters could forge a log line or a terminal's commands.
const BLANK = /[\s\p{Cc}]+/gu;

/** @param maxLength in characters; what is longer ends in an ellipsis. */
export function quote(text: string, maxLength: number): string {
  // Cut generously before the expressions run, so that their cost is bounded as well.
  const clean = text
    .slice(0, maxLength * 16)
    .replace(DATA_URL, '[picture]')
    .replace(SECRET, '[key]')
    .replace(BLANK, ' ')
    .trim();
  const characters = Array.from(clean);
  return characters.length <= maxLength
    ? clean
    : `${characters
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`;
}
