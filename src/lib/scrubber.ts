/**
 * Removes known secrets from text, in every form in which text carries them: as they are, percent-encoded, in base64 at any
 * offset, and escaped for JSON. The secrets are given once. There is no way to add one later, so that no place can forget to.
 */
import { inspect } from 'node:util';

/** A shorter secret is not searched for: it would be found inside ordinary words. */
export const MIN_SECRET_LENGTH = 8;

const REPLACEMENT = '[secret]';

/** Returns the text without the secrets. The same string when it holds none. */
export type Scrub = (text: string) => string;

/** @param secrets those with fewer than MIN_SECRET_LENGTH characters are ignored */
export function createScrubber(secrets: Iterable<string>): Scrub {
  const searched = [...secrets].flatMap(partsOf).filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  const forms = new Set(searched.flatMap(formsOf));
  if (forms.size === 0) return (text) => text;
  // Longest first: one form may begin with another.
  const sorted = [...forms].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(sorted.map((form) => form.replace(/[$()*+./?[\\\]^{|}]/gu, '\\$&')).join('|'), 'giu');
  return (text) => text.replace(pattern, REPLACEMENT);
}

/**
 * The secret, and where it has line breaks or other control characters: each part between them, because an error may quote
 * one line only, and what is left of it where they are removed or become blanks.
 */
function partsOf(secret: string): string[] {
  const trimmed = secret.trim();
  if (!/\p{Cc}/u.test(trimmed)) return [secret, trimmed];
  const parts = trimmed.split(/\p{Cc}+/u);
  return [secret, trimmed, ...parts, parts.join(''), parts.join(' '), inspect(trimmed).slice(1, -1)];
}

function formsOf(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret),
    // As in forms, and as `encodeURIComponent` would be if it left nothing out.
    new URLSearchParams({ '': secret }).toString().slice(1),
    escaped,
    escaped.replaceAll('/', '\\/'),
    // JSON within JSON, such as an error that quotes another answer.
    JSON.stringify(escaped).slice(1, -1),
    ...base64FormsOf(secret),
  ];
}

/**
 * The characters that the base64 of any text around the secret must contain. They depend on where in a group of three
 * bytes the secret begins; those that also depend on its neighbours are left out.
 */
function base64FormsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = Math.ceil((offset * 8) / 6);
    const certain = whole.toString('base64').slice(first, Math.floor((whole.length * 8) / 6));
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
