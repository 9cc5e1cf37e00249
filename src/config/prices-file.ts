/** Reads the operator's own prices from a JSON file. docs/prices.md describes the format. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { DEFAULT_PRICES, type PriceTable, priceProblem, withOverrides } from '../domain/cost/prices.ts';

const price = v.pipe(
  v.string('must be a decimal in quotes, such as "0.75"'),
  v.check(
    (value) => priceProblem(value) === null,
    ({ input }) => `${priceProblem(input)}; it is ${JSON.stringify(input)}`,
  ),
);

/** Valibot's own object schema accepts arrays. */
const object = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/** An object with exactly these keys. */
function entries<Entries extends v.ObjectEntries>(known: Entries) {
  const words = ({ expected }: v.StrictObjectIssue) => (expected === 'never' ? 'is not a known key' : 'is missing');
  return v.pipe(object, v.strictObject(known, words));
}

/** An object with one value for each model. */
function ofModels<Schema extends v.GenericSchema>(value: Schema) {
  return v.optional(v.pipe(object, v.record(v.string(), value)), {});
}

const PRICES = entries({
  mainline: ofModels(entries({ input: price, cachedInput: price, output: price })),
  image: ofModels(
    entries({
      textInput: price,
      cachedTextInput: price,
      imageInput: price,
      cachedImageInput: price,
      imageOutput: price,
      textOutput: v.optional(v.nullable(price), null),
    }),
  ),
});

/**
 * The built-in prices, in which the prices of the file replace those of the same models.
 * @throws {Error} with one line that gives every problem and its place in the file
 */
export function readPricesFile(path: string): PriceTable {
  const parsed = v.safeParse(PRICES, readJson(path));
  if (parsed.success) return withOverrides(DEFAULT_PRICES, parsed.output);
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  throw new Error(`${path} is not a valid prices file: ${problems.join('; ')}`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} cannot be read as JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}
