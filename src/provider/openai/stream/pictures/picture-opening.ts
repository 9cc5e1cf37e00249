/**
 * Reads how the string of a picture begins: some services prefix the base64 as in a data URL, and some send a link in place
 * of the bytes. No base64 contains a colon, so the first one decides.
 */

/** What is wrong with a picture that the string does not hold. */
export type OpeningDefect = 'damaged' | 'link';

export type Opening =
  /** More characters are needed. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'base64'; readonly from: number }
  | { readonly kind: 'defect'; readonly defect: OpeningDefect };

const UNDECIDED: Opening = { kind: 'undecided' };
const DAMAGED: Opening = { kind: 'defect', defect: 'damaged' };
const LINK: Opening = { kind: 'defect', defect: 'link' };

/** More than the longest scheme in use, with blanks before it. */
const MAX_SCHEME_LENGTH = 32;
const SCHEME = /^\s*([a-z][a-z0-9+.-]*)$/iu;
/** Far more than a media type with its parameters has. */
const MAX_HEADER_LENGTH = 1024;
/** Some services do not say which format they encoded. */
const MEDIA_TYPES = /^$|^image\/|^(?:application|binary)\/octet-stream$/u;

/**
 * @param text the beginning of the string
 * @param isWhole whether it is all of the string
 */
export function readOpening(text: string, isWhole: boolean): Opening {
  const colon = text.slice(0, MAX_SCHEME_LENGTH).indexOf(':');
  if (colon === -1) return isWhole || text.length >= MAX_SCHEME_LENGTH ? { kind: 'base64', from: 0 } : UNDECIDED;
  const scheme = SCHEME.exec(text.slice(0, colon))?.[1]?.toLowerCase();
  if (scheme === undefined) return DAMAGED;
  if (scheme !== 'data') return LINK;
  const comma = text.slice(0, MAX_HEADER_LENGTH).indexOf(',', colon);
  if (comma === -1) return isWhole || text.length >= MAX_HEADER_LENGTH ? DAMAGED : UNDECIDED;
  const header = text
    .slice(colon + 1, comma)
    .toLowerCase()
    .split(';');
  const [mediaType = '', ...parameters] = header.map((part) => part.trim());
  const isBase64 = parameters.at(-1) === 'base64';
  return isBase64 && MEDIA_TYPES.test(mediaType) ? { kind: 'base64', from: comma + 1 } : DAMAGED;
}
