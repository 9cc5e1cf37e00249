/** Short texts of clients that are shown on one line: titles and tags. */

/** The one form of a text: composed (NFC), without outer spaces, and with single spaces within. */
export function oneLine(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/**
 * Whether a text in that form can be shown: something in it is visible, and nothing is a control character.
 * @param maxLength in characters (Unicode code points)
 */
export function isLine(text: string, maxLength: number): boolean {
  return [...text].length <= maxLength && /[^\s\p{C}\p{M}]/u.test(text) && !/\p{Cc}/u.test(text);
}
