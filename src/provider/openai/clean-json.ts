/**
 * Everything that the upstream says passes here, as it is read: without the secrets of this server, without control
 * characters, as well-formed Unicode, and of limited length. So no message, id, text or model name that is stored, logged or
 * shown needs another look.
 */
import type { Scrub } from '../../lib/scrubber.ts';
import type { JsonObject } from './json-values.ts';

/** In UTF-16 units. A prompt has at most 32,000, and a revised prompt and a text are of that kind. */
const MAX_TEXT_LENGTH = 32_000;
/** Where less is enough. OpenAI's ids have 60 characters; those of proxies, which encrypt theirs, several hundred. */
const MAX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['id', 1024],
  ['item_id', 1024],
  ['model', 128],
  ['size', 32],
  ['code', 128],
  ['type', 128],
  ['param', 256],
  ['message', 2_000],
  ['moderation_stage', 64],
  ['categories', 128],
  ['safety_violations', 128],
]);
const MAX_KEY_LENGTH = 128;
const MAX_ENTRIES = 1_000;
const MAX_DEPTH = 32;
/** All but line ends and tabs. They could forge lines of a log, or commands of a terminal. */
const CONTROL_CHARACTERS = /(?![\n\t])\p{Cc}/gu;

/** A string of the upstream, such as a header. @param maxLength in UTF-16 units; the rest is cut off */
export function cleanText(text: string, scrub: Scrub, maxLength = MAX_TEXT_LENGTH): string {
  // Without control characters first: they could divide a secret. Cut last: half a secret is not found.
  const clean = scrub(text.replace(CONTROL_CHARACTERS, ''));
  const short = clean.length <= maxLength ? clean : clean.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
  return short.toWellFormed();
}

/** The same object with clean strings and keys. Whatever is nested too deeply becomes null. */
export function cleanObject(value: JsonObject, scrub: Scrub, depth = 0): JsonObject {
  const entries = Object.entries(value).slice(0, MAX_ENTRIES);
  return Object.fromEntries(
    entries.map(([key, held]) => [cleanText(key, scrub, MAX_KEY_LENGTH), clean(held, scrub, key, depth + 1)]),
  );
}

function clean(value: unknown, scrub: Scrub, key: string, depth: number): unknown {
  if (typeof value === 'string') return cleanText(value, scrub, MAX_LENGTHS.get(key));
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => clean(entry, scrub, key, depth + 1));
  // An object that is no array is a record of unknown values, but TypeScript narrows it only to `object`.
  return cleanObject(value as JsonObject, scrub, depth);
}
