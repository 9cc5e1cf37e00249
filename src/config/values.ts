/** Schemas for environment variables. Each error message says what is expected and what was given. */
import * as v from 'valibot';

/** A string that must pass `isValid`. The error message says what is `expected`. */
export function text(isValid: (value: string) => boolean, { expected }: { expected: string }) {
  return v.pipe(
    v.string(),
    v.check(isValid, ({ input }) => problem(expected, input)),
  );
}

/** A whole number in decimal digits, from `min` to `max`. */
export function integer(min: number, max: number) {
  const digits = text((value) => /^\d+$/u.test(value) && Number(value) >= min && Number(value) <= max, {
    expected: `a whole number from ${min} to ${max}`,
  });
  return v.pipe(digits, v.transform(Number));
}

/** The same, with a default for an unset variable. */
export function integerOr(fallback: number, min: number, max: number) {
  return v.optional(integer(min, max), String(fallback));
}

/** A number of days, or null for `off`. */
export function daysOr(fallback: number) {
  const days = text((value) => value === 'off' || (/^\d+$/u.test(value) && Number(value) <= MAX_DAYS), {
    expected: `a whole number of days from 0 to ${MAX_DAYS}, or off`,
  });
  return v.optional(
    v.pipe(
      days,
      v.transform((value) => (value === 'off' ? null : Number(value))),
    ),
    String(fallback),
  );
}

/** A hundred years. */
const MAX_DAYS = 36_500;

/** One of some values, with a default for an unset variable. */
export function oneOf<const Value extends string>(values: readonly Value[], fallback: NoInfer<Value>) {
  return v.optional(
    v.picklist(values, ({ input }) => problem(`one of ${values.join(', ')}`, input)),
    fallback,
  );
}

/** Values separated by commas, each without the spaces around it. The error message says what is `expected`. */
export function listOf(isValid: (part: string) => boolean, options: { readonly expected: string }) {
  return v.pipe(
    text((value) => partsOf(value).every(isValid), options),
    v.transform(partsOf),
  );
}

export function partsOf(value: string): readonly string[] {
  return value.split(',').map((part) => part.trim());
}

/** Null when the variable is not set. */
export function orNull<Schema extends v.GenericSchema>(schema: Schema) {
  return v.optional(v.nullable(schema), null);
}

/**
 * What an HTTP header can hold (RFC 9110, 5.5): visible characters of Latin-1, spaces and tabs. fetch refuses everything
 * else with an error that repeats the value.
 */
const HEADER_VALUE = /^[\t\x20-\x7e\xa0-\xff]*$/u;

export function isHeaderValue(value: string): boolean {
  return HEADER_VALUE.test(value);
}

/**
 * A value that is sent in a header. Blanks around it, such as the line end of the file that it comes from, are left out. The
 * error message does not repeat it: it may be a secret.
 */
export const headerText = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (value) => value !== '' && isHeaderValue(value),
    'must not be blank, and must have no line breaks, no control characters and nothing outside of Latin-1, because no ' +
      'HTTP header can hold them',
  ),
);

/** The error message does not repeat the URL where it may contain credentials. */
export const httpUrl = v.pipe(
  v.string(),
  v.check(
    (value) => URL.canParse(value) && /^https?:$/u.test(new URL(value).protocol),
    ({ input }) => {
      const expected = 'an http or https URL such as "https://pictures.example.com"';
      return String(input).includes('@') ? `must be ${expected}` : problem(expected, input);
    },
  ),
  // URL parsers drop line breaks without a word, and RFC 7617 allows no control characters in a user and a password.
  v.check(
    (value) => !URL.canParse(value) || !hasControlCharacters(value),
    'must have no line breaks or other control characters, also not in its user and password',
  ),
  v.transform((value) => value.replace(/\/+$/u, '')),
);

function hasControlCharacters(url: string): boolean {
  const { username, password } = new URL(url);
  return [url, percentDecoded(username), percentDecoded(password)].some((part) => /\p{Cc}/u.test(part));
}

/** Percent-decoded, or as it is where that is not possible. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A variable for something that is planned: it must not be set yet. */
export function unsupported(instead: string) {
  return v.optional(text(() => false, { expected: `unset: only ${instead} is supported so far` }));
}

/** The error message of a variable. It follows the name of the variable. */
export function problem(expected: string, input: unknown): string {
  return `must be ${expected}; it is ${JSON.stringify(input)}`;
}
