/**
 * `?w=` and `?format=` of an image URL. Each variant has one address, which is signed: the fixed width, and the format unless
 * it is the default. Other spellings of it are answered as well.
 */
import {
  DEFAULT_VARIANT_FORMAT,
  fixedWidth,
  isVariantFormat,
  VARIANT_FORMATS,
  type Variant,
  type VariantFormat,
} from '../../domain/images/variant.ts';

export interface RequestedVariant {
  /** Null for the image itself. */
  readonly variant: Variant | null;
  /** Whether a width was asked for that is not one of the fixed ones; `variant` has the one that stands for it. */
  readonly isOtherWidth: boolean;
  /** What is wrong with the query, for the client; null when nothing is. */
  readonly problem: string | null;
}

const WIDTH = /^[1-9]\d{0,5}$/u;

/** The query of the one address, with its question mark. */
export function variantQuery({ width, format }: Variant): string {
  const parts = [
    ...(width === null ? [] : [`w=${width}`]),
    ...(width !== null && format === DEFAULT_VARIANT_FORMAT ? [] : [`format=${format.toLowerCase()}`]),
  ];
  return `?${parts.join('&')}`;
}

/** @param url the target of a request */
export function readVariantQuery(url: string): RequestedVariant {
  const start = url.indexOf('?');
  if (start === -1) return ORIGINAL;
  const query = new URLSearchParams(url.slice(start));
  const [widths, formats] = [query.getAll('w'), query.getAll('format')];
  if (widths.length === 0 && formats.length === 0) return ORIGINAL;
  if (widths.length > 1 || formats.length > 1) return wrong('`w` and `format` can be given once.');
  const [width] = widths;
  if (width !== undefined && !WIDTH.test(width)) return wrong('`w` must be a width in pixels: a whole number from 1.');
  const format = formats.length === 0 ? DEFAULT_VARIANT_FORMAT : formatNamed(formats[0] ?? '');
  if (format === null) return wrong(`\`format\` must be one of ${VARIANT_FORMATS.join(', ').toLowerCase()}.`);
  const fixed = width === undefined ? null : fixedWidth(Number(width));
  const isOtherWidth = width !== undefined && Number(width) !== fixed;
  return { variant: { width: fixed, format }, isOtherWidth, problem: null };
}

/** The target of the same request with the fixed width. */
export function withFixedWidth(url: string, width: number): string {
  const start = url.indexOf('?');
  const query = new URLSearchParams(url.slice(start));
  query.set('w', String(width));
  return `${url.slice(0, start)}?${query}`;
}

const ORIGINAL: RequestedVariant = { variant: null, isOtherWidth: false, problem: null };

function wrong(problem: string): RequestedVariant {
  return { ...ORIGINAL, problem };
}

function formatNamed(name: string): VariantFormat | null {
  const format = name.toUpperCase() === 'JPG' ? 'JPEG' : name.toUpperCase();
  return isVariantFormat(format) ? format : null;
}
