/** Makes upstream text safe to quote in a message: no secrets, no ids of accounts, one line, a limited length. */

const SECRET = /\b(?:sk|sess|rk|pk|ek)-[\w*.-]{4,}|\bBearer\s+\S+/gi;
/** Ids of organizations and projects, in OpenAI's form. */
const ACCOUNT = /\b(?:org|proj)[-_][A-Za-z0-9]{6,}/gu;
const DATA_URL = /data:[\w/+.-]+;base64,[\w+/=-]*/gi;
// Line ends and control characters could forge log lines or terminal commands.
const BLANK = /[\s\p{Cc}]+/gu;

/** @param maxLength in characters; longer text is cut and ends in an ellipsis. */
export function quote(text: string, maxLength: number): string {
  // Cut before the expressions run, so that their cost is bounded. Sixteen times leaves room for what they remove.
  const clean = text
    .slice(0, maxLength * 16)
    .replace(DATA_URL, '[picture]')
    .replace(SECRET, '[key]')
    .replace(ACCOUNT, '[account]')
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
