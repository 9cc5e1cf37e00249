/**
 * Calls that wait for the approval of an administrator because a budget asks for it. An administrator decides about the
 * calls of every principal.
 */
import type { Logger } from 'pino';
import { openReservation } from '../billing/reservations.ts';
import type { Database } from '../db/database.ts';
import type { Page } from '../db/lists/page.ts';
import {
  callsAwaitingSince,
  countApprovalRequests,
  findApprovalRequest,
  pageOfApprovalRequests,
} from '../db/queries/approvals.ts';
import { NotAwaitingApprovalError, NotFoundError } from '../domain/errors.ts';
import type { GenerationFailure } from '../domain/generation/failure.ts';
import type { GenerationEventData } from '../domain/generation/generation-event.ts';
import { refuseIfAny } from '../domain/generation/generation-input.ts';
import { type ApprovalRequest, REASON_MAX_LENGTH } from '../domain/limits/approval.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { type RecordOptions, TransitionRefusedError, type Transitions } from '../state/transitions.ts';
import { enqueue } from './start/accept-call.ts';

export interface Approvals {
  /** The calls of all principals that wait. */
  waiting(window: Page): Promise<readonly ApprovalRequest[]>;
  countWaiting(): Promise<number>;
  /**
   * Lets the call start, even if it exceeds a budget. What it may cost is reserved from now on.
   * @throws {NotFoundError} no such call · {NotAwaitingApprovalError} it does not wait
   */
  approve(callId: string): Promise<ApprovalRequest>;
  /**
   * Ends the call.
   * @param reason shown to the principal of the call; null for none
   * @throws {InvalidInputError} the reason is too long · {NotFoundError} {NotAwaitingApprovalError} as `approve`
   */
  refuse(callId: string, reason: string | null): Promise<ApprovalRequest>;
  /** Ends the calls that have waited too long. */
  expire(): Promise<void>;
}

export interface ApprovalsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** How long a call waits, in milliseconds. */
  readonly timeoutMs: number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** How many calls one pass ends. */
const EXPIRED_AT_ONCE = 100;

export function createApprovals(options: ApprovalsOptions): Approvals {
  const { db, nowMs, timeoutMs } = options;

  async function decide(callId: string, data: GenerationEventData, recordOptions: RecordOptions) {
    const request = await find(db, callId);
    if (request.status !== 'AWAITING_APPROVAL') throw new NotAwaitingApprovalError(request.status);
    if (!(await recordIfWaiting(options, callId, data, recordOptions))) {
      throw new NotAwaitingApprovalError((await find(db, callId)).status);
    }
    return find(db, callId);
  }

  return {
    waiting: (window) => pageOfApprovalRequests(db, window),
    countWaiting: () => countApprovalRequests(db),

    async approve(callId) {
      const also: RecordOptions['also'] = (transaction, at) => openReservation(transaction, callId, at);
      const request = await decide(callId, { type: 'GenerationApproved' }, { also });
      await enqueue(options, { callId, principal: request.principal, images: request.count });
      return request;
    },

    async refuse(callId, reason) {
      const message = `must have at most ${REASON_MAX_LENGTH} characters.`;
      refuseIfAny(reason !== null && reason.length > REASON_MAX_LENGTH ? [{ field: 'reason', message }] : []);
      return decide(callId, ...ending(refusedBecause(reason)));
    },

    async expire() {
      const before = new Date(nowMs() - timeoutMs).toISOString();
      for (const callId of await callsAwaitingSince(db, before, EXPIRED_AT_ONCE)) {
        await recordIfWaiting(options, callId, ...ending(EXPIRED));
      }
    },
  };
}

async function find(db: Database, callId: string): Promise<ApprovalRequest> {
  const request = await findApprovalRequest(db, callId);
  if (request === null) throw new NotFoundError('callId', 'call');
  return request;
}

/** False when the call has stopped waiting meanwhile. */
async function recordIfWaiting(
  { transitions }: Pick<ApprovalsOptions, 'transitions'>,
  callId: string,
  data: GenerationEventData,
  recordOptions: RecordOptions,
): Promise<boolean> {
  try {
    await transitions.record(callId, data, { ...recordOptions, onlyFrom: 'AWAITING_APPROVAL' });
    return true;
  } catch (error) {
    if (error instanceof TransitionRefusedError) return false;
    throw error;
  }
}

function ending(failure: GenerationFailure): [GenerationEventData, RecordOptions] {
  return [{ type: 'GenerationFailed', failure }, { change: { failure: JSON.stringify(failure) } }];
}

const REFUSED = {
  code: 'APPROVAL_REFUSED',
  retryable: false,
  retryAfter: null,
  moderation: null,
  requestId: null,
  text: null,
} as const;

function refusedBecause(reason: string | null): GenerationFailure {
  const message = 'An administrator refused this call, so nothing was sent to the upstream.';
  return { ...REFUSED, message: reason === null || reason === '' ? message : `${message} Reason: ${reason}` };
}

const EXPIRED: GenerationFailure = {
  ...REFUSED,
  message: 'No administrator approved this call in time, so nothing was sent to the upstream.',
  retryable: true,
};
