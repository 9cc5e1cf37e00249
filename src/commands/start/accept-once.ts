/**
 * Accepts the call of an idempotency key once. The key is looked up before the input is validated: an input that was
 * accepted before is not rejected when it is repeated, whatever has changed in between.
 */

import { findIdempotencyKey } from '../../db/queries/idempotency-keys.ts';
import { BudgetExceededError, IdempotencyConflictError, RateLimitedError } from '../../domain/errors.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import { requestFromInput } from '../../domain/generation-input.ts';
import type { GenerationKind } from '../../domain/generation-request.ts';
import type { Spender } from '../../domain/limits/budget.ts';
import { type AcceptCallOptions, acceptCall, acceptedCall, KeyTakenError } from './accept-call.ts';
import { hashOf, hashOfRetry, type RequestIdentity } from './idempotency.ts';
import type { CommonInput, NewCall, RetryInput } from './inputs.ts';

/** Tells a repeated request from a new one. */
export interface Identity {
  /** Null when the client sent none. Also null for an input with errors, which cannot have been accepted before. */
  readonly key: string | null;
  readonly inputHash: string;
}

/**
 * The call that the key stands for, or a new call.
 * @param validate returns the new call, or throws why the input is rejected
 * @throws {IdempotencyConflictError} the key was used before with a different input · {RateLimitedError}
 * {BudgetExceededError} a new call exceeds a limit
 */
export async function acceptOnce(
  options: AcceptCallOptions,
  spender: Spender,
  { key, inputHash }: Identity,
  validate: () => Promise<NewCall>,
): Promise<GenerationCall> {
  const { db } = options;
  const { id: principal } = spender;
  const used = key === null ? null : await findIdempotencyKey(db, principal, key);
  if (used?.inputHash === inputHash) return acceptedCall(db, principal, used.callId);
  const newCall = await validate();
  if (used !== null) throw new IdempotencyConflictError();
  try {
    return await acceptCall(options, spender, newCall, inputHash);
  } catch (error) {
    // The same key may have arrived twice at the same time: the other request was stored first, and may have used up
    // what the limits allow.
    if (!OTHER_MAY_BE_STORED.some((type) => error instanceof type) || key === null) throw error;
    const other = await findIdempotencyKey(db, principal, key);
    if (other === null) throw error;
    if (other.inputHash !== inputHash) throw new IdempotencyConflictError();
    return acceptedCall(db, principal, other.callId);
  }
}

const OTHER_MAY_BE_STORED = [KeyTakenError, RateLimitedError, BudgetExceededError];

/** The identity of a `generate` or `refine` input. */
export function identityOf(
  kind: GenerationKind,
  { request, idempotencyKey, errors }: CommonInput,
  references: Omit<RequestIdentity, 'request'>,
): Identity {
  const inputHash = hashOf({ ...references, request: requestFromInput(kind, request) });
  return { key: errors.length > 0 ? null : idempotencyKey, inputHash };
}

export function identityOfRetry({ callId, idempotencyKey, errors }: RetryInput): Identity {
  return { key: errors.length > 0 ? null : idempotencyKey, inputHash: hashOfRetry(callId) };
}
