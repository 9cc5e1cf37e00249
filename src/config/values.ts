/** The forms that a variable of the environment can have, each with what would be right for when it has not. */
import * as v from 'valibot';

/** A string that must pass `isRight`; the message says what would be `right`. */
export function text(isRight: (value: string) => boolean, { right }: { right: string }) {
  return v.pipe(
    v.string(),
    v.check(isRight, ({ input }) => problem(right, input)),
  );
}

export function integer(least: number, most: number) {
  const digits = text((value) => /^\d+$/u.test(value) && Number(value) >= least && Number(value) <= most, {
    right: `a whole number from ${least} to ${most}`,
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

/** Null where it is not given. */
export function orNull<Schema extends v.GenericSchema>(schema: Schema) {
  return v.optional(v.nullable(schema), null);
}

export const httpUrl = v.pipe(
  text((value) => URL.canParse(value) && /^https?:$/u.test(new URL(value).protocol), {
    right: 'an http or https URL such as "https://pictures.example.com"',
  }),
  v.transform((value) => value.replace(/\/+$/u, '')),
);

export function unsupported(instead: string) {
  return v.optional(text(() => false, { right: `left out: only ${instead} is built so far` }));
}

export function problem(right: string, input: unknown): string {
  return `must be ${right}; it is ${JSON.stringify(input)}`;
}
