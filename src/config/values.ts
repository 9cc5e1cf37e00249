/** Schemas for environment variables. Each error message says what is expected and what was given. */
import * as v from 'valibot';

/** A string that must pass `isValid`. The error message says what is `expected`. */
export function text(isValid: (value: string) => boolean, { expected }: { expected: string }) {
  return v.pipe(
    v.string(),
    v.check(isValid, ({ input }) => problem(expected, input)),
  );
}

export function integer(least: number, most: number) {
  const digits = text((value) => /^\d+$/u.test(value) && Number(value) >= least && Number(value) <= most, {
    expected: `a whole number from ${least} to ${most}`,
  });
  return v.pipe(digits, v.transform(Number));
}

export function integerOr(fallback: number, least: number, most: number) {
  return v.optional(integer(least, most), String(fallback));
}

export function oneOf<const Word extends string>(words: readonly Word[], fallback: NoInfer<Word>) {
  return v.optional(
    v.picklist(words, ({ input }) => problem(`one of ${words.join(', ')}`, input)),
    fallback,
  );
}

/** Null when the variable is not set. */
export function orNull<Schema extends v.GenericSchema>(schema: Schema) {
  return v.optional(v.nullable(schema), null);
}

export const httpUrl = v.pipe(
  text((value) => URL.canParse(value) && /^https?:$/u.test(new URL(value).protocol), {
    expected: 'an http or https URL such as "https://pictures.example.com"',
  }),
  v.transform((value) => value.replace(/\/+$/u, '')),
);

/** A variable for something that is planned: it must not be set yet. */
export function unsupported(instead: string) {
  return v.optional(text(() => false, { expected: `unset: only ${instead} is supported so far` }));
}

export function problem(expected: string, input: unknown): string {
  return `must be ${expected}; it is ${JSON.stringify(input)}`;
}
