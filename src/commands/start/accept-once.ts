/**
 * Accepts the call of an idempotency key once, and one retry of a call at a time. The key is looked up before the input is
 * validated: an input that was accepted before is not rejected when it is repeated, whatever has changed in between.
 */

import { findOpenRetry } from '../../db/queries/calls.ts';
import { findIdempotencyKey, type IdempotencyKey, insertIdempotencyKey } from '../../db/queries/idempotency-keys.ts';
import { BudgetExceededError, IdempotencyConflictError, RateLimitedError } from '../../domain/errors.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import { requestFromInput } from '../../domain/generation/generation-input.ts';
import type { GenerationKind } from '../../domain/generation/generation-request.ts';
import type { Spender } from '../../domain/limits/budget.ts';
import { type AcceptCallOptions, acceptCall, acceptedCall, KeyTakenError, RetryUnderWayError } from './accept-call.ts';
import { hashOf, hashOfRetry, type RequestIdentity } from './idempotency.ts';
import type { CommonInput, NewCall, RetryInput } from './inputs.ts';

/** Tells a repeated request from a new one. */
export interface Identity {
  /** Null when the client sent none. Also null for an input with errors, which cannot have been accepted before. */
  readonly key: string | null;
  readonly inputHash: string;
  /** The call to retry; null for other requests. */
  readonly retryOf: string | null;
}

/**
 * The call that the key stands for, the retry that is under way, or a new call.
 * @param validate returns the new call, or throws why the input is rejected
 * @throws {IdempotencyConflictError} the key was used before with a different input · {RateLimitedError}
 * {BudgetExceededError} a new call exceeds a limit
 */
export async function acceptOnce(
  options: AcceptCallOptions,
  spender: Spender,
  identity: Identity,
  validate: () => Promise<NewCall>,
): Promise<GenerationCall> {
  const { db } = options;
  const { id: principal } = spender;
  const { key, inputHash } = identity;
  const used = key === null ? null : await findIdempotencyKey(db, principal, key);
  if (used?.inputHash === inputHash) return acceptedCall(db, principal, used.callId);
  try {
    const newCall = await validate();
    if (used !== null) throw new IdempotencyConflictError();
    return await acceptCall(options, spender, newCall, inputHash);
  } catch (error) {
    const callId = await storedBefore(options, principal, identity, error);
    if (callId === null) throw error;
    return acceptedCall(db, principal, callId);
  }
}

/**
 * The call that answers a request which was refused because of another one. Requests that arrive at the same time may carry
 * the same key, or retry the same call: one of them is stored first, and may use up what the limits allow.
 */
async function storedBefore(
  options: Pick<AcceptCallOptions, 'db' | 'now'>,
  principal: string,
  { key, inputHash, retryOf }: Identity,
  error: unknown,
): Promise<string | null> {
  const { db } = options;
  if (error instanceof RetryUnderWayError) return joinRetry(options, principal, { key, inputHash }, error.callId);
  if (!OTHER_MAY_BE_STORED.some((type) => error instanceof type)) return null;
  const other = key === null ? null : await findIdempotencyKey(db, principal, key);
  if (other !== null) return sameInput(other, inputHash);
  const callId = retryOf === null ? null : await findOpenRetry(db, principal, retryOf);
  return callId === null ? null : joinRetry(options, principal, { key, inputHash }, callId);
}

const OTHER_MAY_BE_STORED = [KeyTakenError, RateLimitedError, BudgetExceededError];

/**
 * Makes the key stand for the retry that is under way: a request that is repeated is answered with the same call.
 * @returns the call that the key stands for
 */
async function joinRetry(
  { db, now }: Pick<AcceptCallOptions, 'db' | 'now'>,
  principal: string,
  { key, inputHash }: Pick<Identity, 'key' | 'inputHash'>,
  callId: string,
): Promise<string> {
  if (key === null || (await insertIdempotencyKey(db, { principal, key, inputHash, callId }, now()))) return callId;
  const other = await findIdempotencyKey(db, principal, key);
  return other === null ? callId : sameInput(other, inputHash);
}

function sameInput({ inputHash, callId }: IdempotencyKey, expected: string): string {
  if (inputHash !== expected) throw new IdempotencyConflictError();
  return callId;
}

/** The identity of a `generate` or `refine` input. */
export function identityOf(
  kind: GenerationKind,
  { request, idempotencyKey, errors }: CommonInput,
  references: Omit<RequestIdentity, 'request'>,
): Identity {
  const inputHash = hashOf({ ...references, request: requestFromInput(kind, request) });
  return { key: errors.length > 0 ? null : idempotencyKey, inputHash, retryOf: null };
}

export function identityOfRetry({ callId, idempotencyKey, errors }: RetryInput): Identity {
  return { key: errors.length > 0 ? null : idempotencyKey, inputHash: hashOfRetry(callId), retryOf: callId };
}
