/**
 * Expected failures: requests that cannot be fulfilled. Each has a code, a message for people and its own GraphQL object
 * type, which mutations return in their result union (schema/errors.ts). Any other thrown error is a defect: it is logged
 * with an id and masked.
 */

import type { Scope } from './access/scope.ts';
import { fromPicodollars } from './cost/cost.ts';
import type { GenerationStatus } from './generation/generation-call.ts';
import type { BudgetState, ExceededBudgets } from './limits/budget.ts';
import { partsOf, remainingOf } from './limits/budget.ts';
import type { LimitName } from './limits/operation-limits.ts';
import type { Unsupported } from './models/catalogue.ts';

export const ERROR_CODES = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'IN_TRASH',
  'IDEMPOTENCY_CONFLICT',
  'NOT_CANCELLABLE',
  'NOT_RETRYABLE',
  'UNSUPPORTED_OPTION',
  'FORBIDDEN',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'BUDGET_EXCEEDED',
  'NOT_AWAITING_APPROVAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
}

/** One invalid field of an input, and what is valid instead. */
export interface FieldError {
  /** The path of the field inside the input, `options.size` for example. */
  readonly field: string;
  readonly message: string;
}

export class InvalidInputError extends DomainError {
  override readonly name = 'InvalidInputError';
  override readonly code = 'INVALID_INPUT';
  readonly fields: readonly FieldError[];

  constructor(fields: readonly FieldError[]) {
    super(fields.map(({ field, message }) => `${field}: ${message}`).join(' '));
    this.fields = fields;
  }
}

/** Objects of other principals are reported as not found, too (promise 10 of PROTOCOL.md). */
export class NotFoundError extends DomainError {
  override readonly name = 'NotFoundError';
  override readonly code = 'NOT_FOUND';
  readonly field: string;

  constructor(field: string, what: string) {
    super(`There is no ${what} with this id.`);
    this.field = field;
  }
}

/** The object was deleted and can be restored: nothing is changed, made from or added to what is in the trash. */
export class InTrashError extends DomainError {
  override readonly name = 'InTrashError';
  override readonly code = 'IN_TRASH';
  readonly field: string;
  /** What to restore first: a conversation is restored with everything that went into the trash with it. */
  readonly restore: { readonly type: 'Image' | 'Conversation'; readonly id: string };

  constructor(field: string, restore: InTrashError['restore']) {
    super(
      restore.type === 'Image'
        ? 'The image is in the trash. Restore it first.'
        : 'The conversation is in the trash, with everything in it. Restore it first.',
    );
    this.field = field;
    this.restore = restore;
  }
}

/** The key was used before with a different input. */
export class IdempotencyConflictError extends DomainError {
  override readonly name = 'IdempotencyConflictError';
  override readonly code = 'IDEMPOTENCY_CONFLICT';

  constructor() {
    super('This idempotency key was used before with a different input. Use a new key for a new request.');
  }
}

/** The call has already ended. */
export class NotCancellableError extends DomainError {
  override readonly name = 'NotCancellableError';
  override readonly code = 'NOT_CANCELLABLE';
  readonly status: 'COMPLETED' | 'FAILED';

  constructor(status: 'COMPLETED' | 'FAILED') {
    super(
      status === 'COMPLETED'
        ? 'The image was finished first: there is nothing left to cancel.'
        : 'The call has already failed: there is nothing left to cancel.',
    );
    this.status = status;
  }
}

/** The call is still running, all of its images exist, or what it was made from was deleted for good. */
export class NotRetryableError extends DomainError {
  override readonly name = 'NotRetryableError';
  override readonly code = 'NOT_RETRYABLE';
  readonly status: GenerationStatus;

  constructor(status: GenerationStatus, isInputDeleted = false) {
    super(isInputDeleted ? INPUT_DELETED : reasonNotToRetry(status));
    this.status = status;
  }
}

const INPUT_DELETED = 'A source image, the mask or the markup of this call was deleted for good: start a new call.';

function reasonNotToRetry(status: GenerationStatus): string {
  return status === 'QUEUED' || status === 'IN_PROGRESS' || status === 'AWAITING_APPROVAL'
    ? 'The call has not ended yet: wait for it to end, or cancel it first.'
    : 'Every image of this call exists: there is nothing to retry.';
}

const SUBJECTS = { IMAGE_API: 'The Image API', SERVER: 'This server' } as const;

/** The model, the API or this server is known not to support an option. No request was sent and nothing was spent. */
export class UnsupportedOptionError extends DomainError {
  override readonly name = 'UnsupportedOptionError';
  override readonly code = 'UNSUPPORTED_OPTION';
  readonly model: string | null;
  readonly option: string;
  readonly allowed: readonly string[];

  constructor({ by, model, option, value, allowed, rule }: Unsupported) {
    const subject = by === 'MODEL' ? `The model ${model}` : SUBJECTS[by];
    const instead = allowed.length === 0 ? 'omit it' : `use ${allowed.join(', ')}`;
    super(
      option === 'options.model'
        ? `The model ${model} was shut down.${allowed.length === 0 ? '' : ` Use ${allowed.join(' or ')} instead.`}`
        : `${subject} does not support ${value} for ${option}: ${rule ?? instead}.`,
    );
    this.model = model;
    this.option = option;
    this.allowed = allowed;
  }
}

/** The credentials lack a scope. */
export class ForbiddenError extends DomainError {
  override readonly name = 'ForbiddenError';
  override readonly code = 'FORBIDDEN';
  readonly scope: Scope;

  constructor(scope: Scope) {
    super(`Your credentials do not have the scope ${scope}.`);
    this.scope = scope;
  }
}

/** The credentials are limited to one conversation or one call, and this is about everything of their principal. */
export class RestrictedError extends DomainError {
  override readonly name = 'RestrictedError';
  override readonly code = 'FORBIDDEN';
  /** The field to use instead. */
  readonly instead: string;

  constructor(what: string, { limitedTo, instead }: { readonly limitedTo: string; readonly instead: string }) {
    super(
      `${what} shows everything of its principal, and your credentials are limited to one ${limitedTo}. Use ${instead}.`,
    );
    this.instead = instead;
  }
}

/** The principal, its credentials or its address did too much in too little time, or has too much open at once. */
export class RateLimitedError extends DomainError {
  override readonly name = 'RateLimitedError';
  override readonly code = 'RATE_LIMITED';
  /** When the same request can succeed, RFC 3339 in UTC; null when that depends on other calls or subscriptions. */
  readonly retryAfter: string | null;

  constructor(message: string, retryAfter: string | null) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/**
 * One operation asks for more than a limit allows. Not a member of any union: nothing of the operation was done, or no more,
 * or it is a mutation that was carried out and whose answer is too much.
 */
export class LimitExceededError extends DomainError {
  override readonly name = 'LimitExceededError';
  override readonly code = 'LIMIT_EXCEEDED';
  readonly limit: LimitName;
  readonly max: number;
  /** The root field of a mutation that was carried out although the answer has no data; null otherwise. */
  readonly executed: string | null;

  constructor(limit: LimitName, max: number, message: string, executed: string | null = null) {
    super(executed === null ? message : `${message} ${executedNote(executed)}`);
    this.limit = limit;
    this.max = max;
    this.executed = executed;
  }

  /** The same error for a client that would otherwise send the mutation again. */
  afterExecuting(field: string): LimitExceededError {
    return new LimitExceededError(this.limit, this.max, this.message, field);
  }
}

function executedNote(field: string): string {
  return (
    `"${field}" was carried out, and only its answer is missing: do not send it again without its idempotencyKey. With ` +
    'the same key and fewer fields it returns the same call; otherwise query what it made or changed.'
  );
}

/** The value of the header `Retry-After`; null when the error does not say when the request can succeed. */
export function secondsUntilRetry({ retryAfter }: RateLimitedError, nowMs: number): number | null {
  return retryAfter === null ? null : Math.max(0, Math.ceil((Date.parse(retryAfter) - nowMs) / 1000));
}

/** What the request may cost does not fit into a budget. */
export class BudgetExceededError extends DomainError {
  override readonly name = 'BudgetExceededError';
  override readonly code = 'BUDGET_EXCEEDED';
  /** The budget with the least left. */
  readonly budget: BudgetState;
  /** When all budgets are reset that the request does not fit into, RFC 3339 in UTC. */
  readonly resetsAt: string;
  /** What the request would have reserved, in picodollars. */
  readonly required: bigint;

  constructor({ tightest, resetsAt }: ExceededBudgets, required: bigint) {
    const name = tightest.period === 'DAY' ? 'daily budget' : 'monthly budget';
    const whose = partsOf(tightest.subject).kind === 'KEY' ? `The ${name} of this API key` : `Your ${name}`;
    super(
      `${whose} is ${fromPicodollars(tightest.limit)} USD, of which ${fromPicodollars(remainingOf(tightest))} USD ` +
        `are left. This request may cost up to ${fromPicodollars(required)} USD. The budget is reset at ${tightest.resetsAt}.`,
    );
    this.budget = tightest;
    this.resetsAt = resetsAt;
    this.required = required;
  }
}

/** The call does not wait for approval: it never did, or somebody has decided, or it was cancelled. */
export class NotAwaitingApprovalError extends DomainError {
  override readonly name = 'NotAwaitingApprovalError';
  override readonly code = 'NOT_AWAITING_APPROVAL';
  readonly status: GenerationStatus;

  constructor(status: GenerationStatus) {
    super(`The call does not wait for approval: it is ${status}.`);
    this.status = status;
  }
}
