/** The ids of principals: any text that people can read in logs and lists. Whoever has credentials for an id is that principal. */

/** In UTF-16 code units. */
export const PRINCIPAL_MAX_LENGTH = 255;

/** Whether the text can be the id of a principal. */
export function isPrincipalId(text: string): boolean {
  return isName(text, PRINCIPAL_MAX_LENGTH);
}

/** Whether the text is not empty, not too long, and without control characters and outer spaces. */
export function isName(text: string, maxLength: number): boolean {
  return text.length > 0 && text.length <= maxLength && text.trim() === text && !/\p{C}/u.test(text);
}
