/** The forms that a variable of the environment can have, each with what would be right for when it has not. */
import { z } from 'zod';

/** A string that must pass `isRight`; the message says what would be `right`. */
export function text(isRight: (value: string) => boolean, { right }: { right: string }) {
  return z.string().refine(isRight, { error: ({ input }) => problem(right, input) });
}

export function integer(least: number, most: number, fallback: number) {
  return text((value) => /^\d+$/u.test(value) && Number(value) >= least && Number(value) <= most, {
    right: `a whole number from ${least} to ${most}`,
  })
    .transform(Number)
    .default(fallback);
}

export function oneOf<const Word extends string>(words: readonly Word[], fallback: NoInfer<Word>) {
  const right = `one of ${words.join(', ')}`;
  // Zod's enum wants a tuple of at least one word, which a list of words is.
  const all = words as readonly [Word, ...Word[]];
  return z.enum(all, { error: ({ input }) => problem(right, input) }).default(() => fallback);
}

export const httpUrl = text((value) => URL.canParse(value) && /^https?:$/u.test(new URL(value).protocol), {
  right: 'an http or https URL such as "https://pictures.example.com"',
}).transform((value) => value.replace(/\/+$/u, ''));

export function unsupported(instead: string) {
  return text(() => false, { right: `left out: only ${instead} is built so far` }).optional();
}

export function problem(right: string, input: unknown): string {
  return `must be ${right}; it is ${JSON.stringify(input)}`;
}
