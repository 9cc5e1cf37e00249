/**
 * JSON Web Tokens of an identity provider as bearer tokens, checked by jose. What a token proves is kept for a minute, so
 * that a client does not pay for a signature with every request (docs/decisions/2026-11-28-jwt.md).
 */
import { type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { isPrincipalId } from '../../../domain/access/principal.ts';
import { type Scope, scopeNamed } from '../../../domain/access/scope.ts';
import { callAt } from '../../../lib/call-at.ts';
import { sha256 } from '../../../lib/sha256.ts';
import type { Principal } from '../../authenticate.ts';
import type { BearerDriver } from '../../bearer.ts';
import { claimFault, expired, tokenFault } from './faults.ts';
import type { KeySet } from './key-set.ts';

/** What a token must be like. */
export interface TokenRules {
  readonly issuer: string;
  /** A token must name one of them. */
  readonly audiences: readonly string[];
  readonly principalClaim: string;
  readonly scopeClaim: string;
  /** Of tokens without the scope claim. */
  readonly defaultScopes: readonly Scope[];
  readonly algorithms: readonly string[];
  /** By how many milliseconds the clock of the issuer may be ahead. */
  readonly clockToleranceMs: number;
}

export interface TokensOptions {
  readonly rules: TokenRules;
  readonly getKey: KeySet['getKey'];
  readonly nowMs: () => number;
}

/** What a token proves. */
interface Proof {
  readonly principal: Principal;
  readonly endMs: number;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/u;
const MAX_PROOFS = 10_000;
const PROOF_AGE_MS = 60_000;

export function createJwtDriver({ rules, getKey, nowMs }: TokensOptions): BearerDriver {
  const proofs = new LRUCache<string, Proof>({ max: MAX_PROOFS, ttl: PROOF_AGE_MS });
  const { issuer, audiences, algorithms, clockToleranceMs, principalClaim } = rules;
  const verifyOptions = {
    issuer,
    audience: [...audiences],
    algorithms: [...algorithms],
    // A token without an end could never be withdrawn.
    requiredClaims: ['exp', principalClaim],
    clockTolerance: clockToleranceMs / 1000,
  };

  async function verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, getKey, { ...verifyOptions, currentDate: new Date(nowMs()) });
      return payload;
    } catch (error) {
      throw tokenFault(error) ?? error;
    }
  }

  return async (token) => {
    if (!JWT.test(token)) return null;
    const name = sha256(token);
    const known = proofs.get(name);
    const proof = known ?? proofOf(await verify(token), rules, nowMs);
    // The tolerance is for clocks that are ahead: the end is exact, so that it is the same for requests and subscriptions.
    if (proof.endMs <= nowMs()) throw expired();
    if (known === undefined) proofs.set(name, proof);
    return proof.principal;
  };
}

function proofOf(payload: JWTPayload, rules: TokenRules, nowMs: () => number): Proof {
  const id = payload[rules.principalClaim];
  if (typeof id !== 'string' || !isPrincipalId(id)) throw claimFault(rules.principalClaim);
  // Verification requires it.
  const endMs = (payload.exp ?? 0) * 1000;
  const principal: Principal = {
    id,
    scopes: scopesOf(payload[rules.scopeClaim], rules.defaultScopes),
    credential: 'jwt',
    only: null,
    endsAtMs: endMs,
    watchEnd: (onEnd) => callAt(endMs, nowMs, onEnd),
  };
  return { principal, endMs };
}

/** The known ones among the names in a claim: words in a string (RFC 8693), or a list. */
function scopesOf(claim: unknown, defaults: readonly Scope[]): ReadonlySet<Scope> {
  if (claim === undefined || claim === null) return new Set(defaults);
  const names: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  const scopes = names.map((name) => (typeof name === 'string' ? scopeNamed(name) : null));
  return new Set(scopes.filter((scope) => scope !== null));
}
