/** Reads when a request may be tried again: from the headers of an answer, or from its words. */

/** A longer wait is a mistake of the upstream, or of its clock. */
const MAX_WAIT_MS = 7 * 24 * 60 * 60 * 1000;

/** An answer that is an error, or an error inside a stream. */
export interface RefusedForNow {
  /** Null inside a stream, where only the words are left. */
  readonly status: number | null;
  readonly headers: Headers | null;
  /** What the upstream said. */
  readonly words: string;
}

/**
 * @returns the moment as RFC 3339, or null when nothing names one.
 * Source: RFC 9110, 10.2.3 Retry-After (seconds or an HTTP date); `retry-after-ms` and `x-ratelimit-reset-*` are OpenAI's own
 * headers, which it describes in its guide to rate limits.
 */
export function retryAfter({ status, headers, words }: RefusedForNow, nowMs: number): string | null {
  // Every answer has the headers of the rate limits, so they mean a wait only where a limit is reached.
  const isLimited = status === null || status === 429;
  const waits = [
    headers === null ? null : headerWait(headers, nowMs),
    isLimited || status === 503 ? wordsWait(words) : null,
    headers !== null && isLimited ? limitWait(headers, nowMs) : null,
  ];
  const waitMs = waits.find((wait) => wait !== null && Number.isFinite(wait) && wait <= MAX_WAIT_MS);
  return waitMs == null ? null : new Date(nowMs + Math.max(0, Math.ceil(waitMs))).toISOString();
}

function headerWait(headers: Headers, nowMs: number): number | null {
  const milliseconds = decimal(headers.get('retry-after-ms'));
  if (milliseconds !== null) return milliseconds;
  const header = headers.get('retry-after')?.trim();
  if (header === undefined || header === '') return null;
  const seconds = decimal(header);
  return seconds === null ? Date.parse(header) - nowMs : seconds * 1000;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AMOUNT = String.raw`\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)(?![a-z])`;
const DURATION = String.raw`${AMOUNT}(?:\s*(?:,|and)?\s*${AMOUNT})*`;
/** "Please try again in 51.84 s", "retry after 20 seconds", "wait 1 minute", "resets in 1m30s". */
const WAIT_WORDS = new RegExp(
  String.raw`\b(?:try|retry|retrying|wait|again|resets?|available)\b[^.!?\d]{0,60}?\b(${DURATION})`,
  'iu',
);

function wordsWait(words: string): number | null {
  const duration = WAIT_WORDS.exec(words)?.[1];
  return duration === undefined ? null : durationMs(duration);
}

/** Null when the text is no duration such as `6m0s` or `1 minute 30 seconds`. */
function durationMs(text: string): number | null {
  const amounts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/giu)];
  const parts = amounts.map(([, amount, unit = '']) => Number(amount) * (UNIT_MS[unitOf(unit.toLowerCase())] ?? NaN));
  return parts.length === 0 || parts.some(Number.isNaN) ? null : parts.reduce((sum, part) => sum + part, 0);
}

function unitOf(word: string): string {
  return word.startsWith('ms') || word.startsWith('mil') ? 'ms' : word.slice(0, 1);
}

/**
 * The wait until the limits that are used up are full again. Where none says so, the shortest: the request was larger than
 * what was left of one of them.
 */
function limitWait(headers: Headers, nowMs: number): number | null {
  const limits = [...headers]
    .map(([name, value]) => ({ match: /^((?:x-)?ratelimit-)reset(.*)$/u.exec(name), value }))
    .flatMap(({ match, value }) => {
      const waitMs = match === null ? null : resetWait(value, nowMs);
      if (match === null || waitMs === null || !(waitMs >= 0)) return [];
      return [{ waitMs, remaining: headers.get(`${match[1]}remaining${match[2]}`) }];
    });
  const usedUp = limits.filter(({ remaining }) => remaining === null || Number(remaining) <= 0);
  if (limits.length === 0) return null;
  return usedUp.length > 0
    ? Math.max(...usedUp.map(({ waitMs }) => waitMs))
    : Math.min(...limits.map(({ waitMs }) => waitMs));
}

/** Larger numbers are moments, in seconds or milliseconds since the epoch. */
const FIRST_MOMENT = 1_000_000_000;

function resetWait(value: string, nowMs: number): number | null {
  const number = decimal(value);
  if (number === null) return durationMs(value) ?? Date.parse(value) - nowMs;
  if (number < FIRST_MOMENT) return number * 1000;
  return (number < FIRST_MOMENT * 1000 ? number * 1000 : number) - nowMs;
}

function decimal(text: string | null): number | null {
  return text !== null && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}
