/** The environment variables that say what one request, one principal and one address may ask for. */
import type * as v from 'valibot';
import type { OperationLimits } from '../domain/limits/operation-limits.ts';
import { integerOr } from './values.ts';

export interface LimitsConfig {
  /** What one operation may ask for. */
  readonly operation: OperationLimits;
  /** How many calls of a principal may be open at a time: waiting, running, or awaiting approval. */
  readonly maxOpenCalls: number;
}

export const LIMITS_ENVIRONMENT = {
  // The introspection of GraphiQL has 300.
  MAX_QUERY_TOKENS: integerOr(4_000, 100, 100_000),
  MAX_QUERY_SELECTIONS: integerOr(2_000, 50, 100_000),
  MAX_QUERY_DEPTH: integerOr(20, 5, 100),
  MAX_QUERY_COST: integerOr(20_000, 100, 10_000_000),
  MAX_ROOT_FIELDS: integerOr(50, 1, 1_000),
  MAX_MUTATIONS: integerOr(10, 1, 1_000),
  MAX_DATA_URI_BYTES: integerOr(8_388_608, 65_536, 104_857_600),
  MAX_ANSWER_BYTES: integerOr(16_777_216, 65_536, 268_435_456),
  EXECUTION_TIMEOUT_MS: integerOr(10_000, 100, 600_000),
  MAX_OPEN_CALLS: integerOr(100, 1, 1_000_000),
};

type Values = v.InferOutput<v.ObjectSchema<typeof LIMITS_ENVIRONMENT, undefined>>;

export function limitsConfig(values: Values): LimitsConfig {
  return {
    operation: {
      maxQueryTokens: values.MAX_QUERY_TOKENS,
      maxQuerySelections: values.MAX_QUERY_SELECTIONS,
      maxQueryDepth: values.MAX_QUERY_DEPTH,
      maxQueryCost: values.MAX_QUERY_COST,
      maxRootFields: values.MAX_ROOT_FIELDS,
      maxMutations: values.MAX_MUTATIONS,
      maxDataUriBytes: values.MAX_DATA_URI_BYTES,
      maxAnswerBytes: values.MAX_ANSWER_BYTES,
      executionTimeoutMs: values.EXECUTION_TIMEOUT_MS,
    },
    maxOpenCalls: values.MAX_OPEN_CALLS,
  };
}
