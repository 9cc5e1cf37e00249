/**
 * Which fields need which scope: `authScopes` on every field of Query, Mutation and Subscription, and on every field that
 * shows what was spent. What a root field returns needs nothing more, so that a page of images costs no checks.
 */
import { type AuthFailure, AuthScopeFailureType, RequestCache } from '@pothos/plugin-scope-auth';
import { ALL_SCOPES, SCOPES, type Scope } from '../src/domain/access/scope.ts';
import { ForbiddenError } from '../src/domain/errors.ts';

/** By the set of scopes, which is the same object for all requests with the same key. */
const known = new WeakMap<ReadonlySet<Scope>, Record<Scope, boolean>>();

/** Says of each scope whether it is there. */
export function authScopesOf(scopes: ReadonlySet<Scope>): Record<Scope, boolean> {
  const found = known.get(scopes) ?? recordOf(scopes);
  known.set(scopes, found);
  return found;
}

function recordOf(scopes: ReadonlySet<Scope>): Record<Scope, boolean> {
  const entries = SCOPES.map((scope) => [scope, scopes.has(scope)]);
  // The list has every scope.
  return Object.fromEntries(entries) as Record<Scope, boolean>;
}

/**
 * Forgets the checks of an operation that has ended. The plugin keeps them in a WeakMap, where they refer to their own key:
 * V8 then moves every operation to the old generation, and collecting it from there costs half as much as a page of images
 * (docs/decisions/2026-11-28-cost-of-limits.md).
 */
export function forgetChecks(context: object): void {
  // Checks are found by the identity of the context, whose type does not matter here.
  RequestCache.clearForContext(context as never);
}

/** The error that names the first scope that is missing. */
export function forbidden(failure: AuthFailure): ForbiddenError {
  const scope = missingIn(failure);
  if (scope === null) throw new Error('a check failed that is not about a scope');
  return new ForbiddenError(scope);
}

function missingIn(failure: AuthFailure): Scope | null {
  if (failure.kind === AuthScopeFailureType.AuthScope) {
    return [...ALL_SCOPES].find((scope) => scope === failure.scope) ?? null;
  }
  if (!('failures' in failure)) return null;
  return failure.failures.map(missingIn).find((scope) => scope !== null) ?? null;
}
