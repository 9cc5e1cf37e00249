/**
 * Reads the token counts of one report. Services leave counts out, name them as the Chat Completions API does, or report
 * sums that contradict their parts. What follows from the other counts is filled in. A count that is not a whole number, or
 * that no request can use, is not believed.
 */
import { asObject, type JsonObject } from '../json-values.ts';

export interface TokenCounts {
  /** 0 when it is not reported and does not follow from the total. */
  readonly input: number;
  readonly output: number;
  readonly inputDetails: JsonObject | null;
  readonly outputDetails: JsonObject | null;
  /** By how much the sums and their parts differ. */
  readonly disputed: number;
}

/** Far more than a request can use, and few enough for the database to store what they cost. */
const MAX_TOKENS = 100_000_000;

const INPUT = ['input_tokens', 'prompt_tokens'];
const OUTPUT = ['output_tokens', 'completion_tokens'];
const INPUT_DETAILS = ['input_tokens_details', 'prompt_tokens_details'];
const OUTPUT_DETAILS = ['output_tokens_details', 'completion_tokens_details'];

/** The number of tokens, which some services report as text; null when it cannot be one. */
export function asTokens(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,9}$/u.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= MAX_TOKENS ? number : null;
}

/** Null when the report has neither the input nor the output. */
export function tokenCounts(report: JsonObject): TokenCounts | null {
  const inputDetails = firstOf(INPUT_DETAILS, report, asObject);
  const outputDetails = firstOf(OUTPUT_DETAILS, report, asObject);
  const input = sumWithParts(firstOf(INPUT, report, asTokens), inputDetails);
  const output = sumWithParts(firstOf(OUTPUT, report, asTokens), outputDetails);
  if (input === null && output === null) return null;
  const counted = withTotal(input?.tokens ?? 0, output?.tokens ?? 0, asTokens(report['total_tokens']) ?? 0);
  const disputed = (input?.disputed ?? 0) + (output?.disputed ?? 0) + counted.disputed;
  return { ...counted, inputDetails, outputDetails, disputed };
}

/** @returns null where no name has a usable value */
function firstOf<Value>(
  names: readonly string[],
  report: JsonObject,
  read: (value: unknown) => Value | null,
): Value | null {
  return names.map((name) => read(report[name])).find((value) => value !== null) ?? null;
}

/** A sum that is smaller than its parts is wrong: the parts were used. */
function sumWithParts(sum: number | null, details: JsonObject | null): { tokens: number; disputed: number } | null {
  const parts = ['text_tokens', 'image_tokens'].map((name) => asTokens(details?.[name]));
  const tokens = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
  if (sum === null) return parts.every((part) => part === null) ? null : { tokens, disputed: 0 };
  return tokens > sum ? { tokens, disputed: tokens - sum } : { tokens: sum, disputed: 0 };
}

/** Tokens that only the total has belong to the side that has none; else to the output, which is the more expensive. */
function withTotal(input: number, output: number, total: number): Pick<TokenCounts, 'input' | 'output' | 'disputed'> {
  const rest = total - input - output;
  if (rest === 0 || total === 0) return { input, output, disputed: 0 };
  if (rest < 0) return { input, output, disputed: -rest };
  if (output === 0) return { input, output: rest, disputed: 0 };
  if (input === 0) return { input: rest, output, disputed: 0 };
  return { input, output: output + rest, disputed: rest };
}
