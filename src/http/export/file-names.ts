/** The names of exported files: safe on every system, and sorted like the images. */

const MAX_WORDS_LENGTH = 40;
/** Devices of Windows, which has no folders and files of these names. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/u;

/** Some words of the text in lower-case ASCII, joined by hyphens; `fallback` when it has none. */
export function safeWords(text: string | null, fallback: string): string {
  const words = (text ?? '')
    .slice(0, 400)
    .normalize('NFKD')
    // Accents, which are characters of their own now.
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .slice(0, MAX_WORDS_LENGTH)
    .replaceAll(/^-+|-+$/gu, '');
  if (words === '') return fallback;
  return DEVICE.test(words) ? `${words}-${fallback}` : words;
}

/** The name without an extension. @param place from 0, of so many */
export function fileNameOf(place: number, count: number, text: string | null): string {
  const number = String(place + 1).padStart(Math.max(3, String(count).length), '0');
  return `${number}-${safeWords(text, 'image')}`;
}
