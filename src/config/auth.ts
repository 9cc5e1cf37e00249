/** The environment variables that say who can use the server, and how it signs image URLs. */
import type * as v from 'valibot';

export type AuthConfig = Record<never, never>;

export const AUTH_ENVIRONMENT = {};

type Values = v.InferOutput<v.ObjectSchema<typeof AUTH_ENVIRONMENT, undefined>>;

/** Problems with combinations of variables that are valid one by one. */
export function authProblems(_given: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [];
}

export function authConfig(_values: Values): AuthConfig {
  return {};
}
