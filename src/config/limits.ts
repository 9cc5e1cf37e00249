/** The environment variables that say what one request, one principal and one address may ask for. */
import type * as v from 'valibot';

export type LimitsConfig = Record<never, never>;

export const LIMITS_ENVIRONMENT = {};

type Values = v.InferOutput<v.ObjectSchema<typeof LIMITS_ENVIRONMENT, undefined>>;

/** Problems with combinations of variables that are valid one by one. */
export function limitsProblems(_given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [];
}

export function limitsConfig(_values: Values): LimitsConfig {
  return {};
}
