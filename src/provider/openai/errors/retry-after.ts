/** Reads from the headers of an answer when the request may be tried again. */

/** A longer wait is a mistake of the upstream, or of its clock. */
const MAX_WAIT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * @returns the moment as RFC 3339, or null when the headers name none.
 * Source: RFC 9110, 10.2.3 Retry-After (seconds or an HTTP date); `retry-after-ms` is OpenAI's own header.
 */
export function retryAfter(headers: Headers | null, nowMs: number): string | null {
  const waitMs = headers === null ? null : waitOf(headers, nowMs);
  if (waitMs === null || !Number.isFinite(waitMs) || waitMs > MAX_WAIT_MS) return null;
  return new Date(nowMs + Math.max(0, waitMs)).toISOString();
}

function waitOf(headers: Headers, nowMs: number): number | null {
  const milliseconds = decimal(headers.get('retry-after-ms'));
  if (milliseconds !== null) return milliseconds;
  const header = headers.get('retry-after')?.trim();
  if (header === undefined || header === '') return null;
  const seconds = decimal(header);
  return seconds === null ? Date.parse(header) - nowMs : seconds * 1000;
}

function decimal(text: string | null): number | null {
  return text !== null && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}
