/** The environment variables that say what one request, one principal and one address may ask for. */
import type * as v from 'valibot';
import { integerOr } from './values.ts';

export interface LimitsConfig {
  /** How many calls of a principal may be open at a time: waiting, running, or awaiting approval. */
  readonly maxOpenCalls: number;
}

export const LIMITS_ENVIRONMENT = {
  MAX_OPEN_CALLS: integerOr(100, 1, 1_000_000),
};

type Values = v.InferOutput<v.ObjectSchema<typeof LIMITS_ENVIRONMENT, undefined>>;

/** Problems with combinations of variables that are valid one by one. */
export function limitsProblems(_given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [];
}

export function limitsConfig(values: Values): LimitsConfig {
  return { maxOpenCalls: values.MAX_OPEN_CALLS };
}
