/**
 * Conditional and range requests (RFC 9110, sections 13 and 14) for content that has a strong ETag and no modification date.
 * Only single ranges are supported; several that adjoin or overlap count as one.
 */
import type { IncomingMessage } from 'node:http';
import fresh from 'fresh';
import parseRange from 'range-parser';
import type { ByteRange } from '../../blobs/blob-store.ts';

/** The status to answer with; `range` is the part to send, null for everything. */
export type RequestedContent =
  | { readonly status: 200; readonly range: null }
  | { readonly status: 206; readonly range: ByteRange }
  | { readonly status: 304 | 412 | 416; readonly range: null };

/** @param etag with its quotes */
export function requestedContent(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  etag: string,
  byteSize: number,
): RequestedContent {
  const ifMatch = headers['if-match'];
  if (ifMatch && !matches(ifMatch, etag)) return { status: 412, range: null };
  // Without Cache-Control: `fresh` would send everything for no-cache, which `fetch` adds to every request with If-None-Match.
  // It asks caches to check, and a 304 is the result of that (RFC 9111, section 5.2.1.4).
  if (fresh({ 'if-none-match': headers['if-none-match'] }, { etag })) return { status: 304, range: null };
  const { range } = headers;
  // A range is defined for GET only (section 14.2).
  if (method !== 'GET' || range === undefined || !BYTES_UNIT.test(range)) return WHOLE;
  const ifRange = headers['if-range'];
  // A date never matches, because there is no modification date.
  if (typeof ifRange === 'string' && !ifRange.includes(etag)) return WHOLE;
  return satisfiedRange(range, byteSize);
}

const WHOLE: RequestedContent = { status: 200, range: null };
const BYTES_UNIT = /^ *bytes=/;
const UNSATISFIABLE = -1;

/** Invalid and multiple ranges get the whole content. */
function satisfiedRange(header: string, byteSize: number): RequestedContent {
  const ranges = parseRange(byteSize, header, { combine: true });
  if (ranges === UNSATISFIABLE) return { status: 416, range: null };
  if (typeof ranges === 'number') return WHOLE;
  const [range, ...more] = ranges;
  return range === undefined || more.length > 0 ? WHOLE : { status: 206, range };
}

/** Weak comparison: proxies that compress make ETags weak. */
function matches(ifMatch: string, etag: string): boolean {
  return ifMatch.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
}
