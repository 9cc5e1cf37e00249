/** Recognises the format of a file by its first bytes: a client may claim any name and media type. */
import type { ImageFormat } from '../domain/generation/options.ts';

/** How many first bytes are needed. */
export const SIGNATURE_BYTES = 12;

/** What can be uploaded: formats that browsers show, and that the upstream accepts or that are converted for it. */
export type UploadFormat = Exclude<ImageFormat, 'SVG'>;

const SIGNATURES: readonly (readonly [UploadFormat, (text: string) => boolean])[] = [
  ['PNG', (text) => text.startsWith('\x89PNG\r\n\x1a\n')],
  ['JPEG', (text) => text.startsWith('\xff\xd8\xff')],
  ['GIF', (text) => /^GIF8[79]a/u.test(text)],
  ['WEBP', (text) => text.startsWith('RIFF') && text.startsWith('WEBP', 8)],
];

/** Null for anything else. */
export function formatFromSignature(head: Uint8Array): UploadFormat | null {
  const text = latin1(head);
  return SIGNATURES.find(([, isOf]) => isOf(text))?.[0] ?? null;
}

/** For first bytes that `formatFromSignature` does not know: what is wrong with the file, and what would be right. */
export function signatureProblem(head: Uint8Array): string {
  const text = latin1(head);
  const right = 'Send it as PNG, WEBP, JPEG or GIF.';
  if (/^(\xef\xbb\xbf)?\s*<(svg|\?xml|!DOCTYPE\s*svg)/iu.test(text)) {
    return `is an SVG or another XML file; the upstream accepts pixels only. ${right}`;
  }
  if (/^.{4}ftyp(hei|hev|mif|msf|avi)/su.test(text)) return `is a HEIC or AVIF picture. ${right}`;
  if (/^(II\*\0|MM\0\*)/u.test(text)) return `is a TIFF picture. ${right}`;
  if (/^BM/u.test(text)) return `is a BMP picture. ${right}`;
  return 'is not a PNG, WEBP, JPEG or GIF picture, whatever its name says: its first bytes are those of another kind of file.';
}

function latin1(head: Uint8Array): string {
  return String.fromCharCode(...head.subarray(0, SIGNATURE_BYTES));
}
