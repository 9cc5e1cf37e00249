/** The environment variables that say which hosts are served, and how long connections may take. */
import type * as v from 'valibot';

export type NetworkConfig = Record<never, never>;

export const NETWORK_ENVIRONMENT = {};

type Values = v.InferOutput<v.ObjectSchema<typeof NETWORK_ENVIRONMENT, undefined>>;

/** Problems with combinations of variables that are valid one by one. */
export function networkProblems(_given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [];
}

export function networkConfig(_values: Values): NetworkConfig {
  return {};
}
