/** An operator's own prices, from a JSON file: docs/prices.md has its form. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_PRICES, type PriceTable, priceProblem, withOverrides } from './domain/prices.ts';

const price = z.string({ error: 'must be a decimal in quotes, such as "0.75"' }).superRefine((value, context) => {
  const message = priceProblem(value);
  if (message !== null) context.addIssue({ code: 'custom', message: `${message}; it is ${JSON.stringify(value)}` });
});

const PRICES = z.strictObject({
  mainline: z.record(z.string(), z.strictObject({ input: price, cachedInput: price, output: price })).default({}),
  image: z
    .record(
      z.string(),
      z.strictObject({
        textInput: price,
        cachedTextInput: price,
        imageInput: price,
        cachedImageInput: price,
        imageOutput: price,
        textOutput: price.nullable().default(null),
      }),
    )
    .default({}),
});

/**
 * The built-in prices with the file's in the place of those of the same models.
 * @throws {Error} with one line that says what is wrong and where in the file
 */
export function readPricesFile(path: string): PriceTable {
  const parsed = PRICES.safeParse(readJson(path));
  if (parsed.success) return withOverrides(DEFAULT_PRICES, parsed.data);
  const problems = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`);
  throw new Error(`${path} has prices that cannot be used: ${problems.join('; ')}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
