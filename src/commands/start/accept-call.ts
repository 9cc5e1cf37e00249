/**
 * Accepts a call: stores it with its first event and hands it to the queue. Once accepted, the call is durable and will
 * end with one terminal event.
 */

import type { Logger } from 'pino';
import type { Database } from '../../db/database.ts';
import { findCalls, findOpenRetry } from '../../db/queries/calls.ts';
import { insertConversation } from '../../db/queries/conversations.ts';
import { insertIdempotencyKey } from '../../db/queries/idempotency-keys.ts';
import { insertCallSources, insertImpliedSource } from '../../db/queries/images/call-sources.ts';
import { titleFromPrompt } from '../../domain/conversation.ts';
import { NotFoundError } from '../../domain/errors.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Spender } from '../../domain/limits/budget.ts';
import { appendArchiveEvent } from '../../events/log.ts';
import type { Work, WorkQueue } from '../../queue/work-queue.ts';
import type { Transitions } from '../../state/transitions.ts';
import { lockOpenConversation } from '../references.ts';
import type { Admission, Admitted } from './admission.ts';
import type { NewCall } from './inputs.ts';

export interface AcceptCallOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly admission: Admission;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  /** Counts the images of a new call for its minute. @throws {RateLimitedError} */
  readonly countImages: (spender: Spender, images: number) => Promise<void>;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * @param inputHash stored with the idempotency key, see idempotency.ts
 * @throws {KeyTakenError} another request with the same key was stored first · {RetryUnderWayError} another retry of the
 * same call is open · {RateLimitedError} {BudgetExceededError} it exceeds a limit · {NotFoundError} {InTrashError} its
 * conversation was deleted meanwhile. Nothing is stored then.
 */
export async function acceptCall(
  { db, transitions, admission, queue, countImages, now, newId, logger }: AcceptCallOptions,
  spender: Spender,
  newCall: NewCall,
  inputHash: string,
): Promise<GenerationCall> {
  const { id: principal } = spender;
  const { request, sources, context, retryOf, idempotencyKey: key } = newCall;
  await countImages(spender, request.count);
  const createdAt = now();
  const callId = newId();
  const conversationId = newCall.conversationId ?? newId();
  let admitted: Admitted | undefined;
  const { type } = await transitions.accept(
    { id: callId, principal, conversationId, request, retryOf, context, createdAt },
    {
      before: async (transaction) => {
        admitted = await admission.admit(transaction, spender, newCall, createdAt);
        // Behind the admission, which makes other requests of the principal wait for this one.
        if (retryOf !== null) await refuseSecondRetry(transaction, principal, retryOf);
        if (newCall.conversationId !== null) {
          // Asked before, too; it may have been deleted since.
          await lockOpenConversation(transaction, principal, newCall.conversationId);
        } else {
          const title = titleFromPrompt(request.prompt);
          const conversation = {
            id: conversationId,
            principal,
            title,
            createdAt,
            updatedAt: createdAt,
            deletedAt: null,
          };
          await insertConversation(transaction, conversation);
          await appendArchiveEvent(
            transaction,
            { principal, conversationId },
            { type: 'ConversationCreated' },
            createdAt,
          );
        }
        return admitted.firstEvent;
      },
      after: async (transaction) => {
        await admitted?.storeReservation(transaction, callId);
        await insertCallSources(transaction, principal, callId, sources);
        // A retry goes on from what the first call went on from.
        if (sources.length === 0 && context.imageId !== null) {
          await insertImpliedSource(transaction, principal, callId, context.imageId);
        }
        if (key === null) return;
        const isFirst = await insertIdempotencyKey(transaction, { principal, key, inputHash, callId }, createdAt);
        if (!isFirst) throw new KeyTakenError();
      },
    },
  );
  if (type === 'GenerationQueued') await enqueue({ queue, logger }, { callId, principal, images: request.count });
  return acceptedCall(db, principal, callId);
}

/** Hands a queued call to the queue; never rejects, because the call is stored. The worker finds it at its next scan. */
export async function enqueue(
  { queue, logger }: Pick<AcceptCallOptions, 'queue' | 'logger'>,
  work: Omit<Work, 'notBefore'>,
): Promise<void> {
  await queue.enqueue({ ...work, notBefore: null }).catch((error: unknown) => {
    const { callId } = work;
    logger.warn({ err: error, callId }, 'an accepted call could not be enqueued; it will be found in the database');
  });
}

/** Reads a call that was accepted. @throws {NotFoundError} it is being deleted for good */
export async function acceptedCall(db: Database, principal: string, callId: string): Promise<GenerationCall> {
  const [call] = await findCalls(db, principal, [callId]);
  if (call === undefined) throw new NotFoundError('idempotencyKey', 'generation call');
  return call;
}

/**
 * A call is retried once at a time: a double click buys nothing twice.
 * @throws {RetryUnderWayError}
 */
export async function refuseSecondRetry(db: Database, principal: string, retriedId: string): Promise<void> {
  const callId = await findOpenRetry(db, principal, retriedId);
  if (callId !== null) throw new RetryUnderWayError(callId);
}

/** Another request with the same idempotency key was stored first. */
export class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

/** The call is being retried already, by the call with this id. */
export class RetryUnderWayError extends Error {
  override readonly name = 'RetryUnderWayError';
  readonly callId: string;

  constructor(callId: string) {
    super(`the call ${callId} is under way`);
    this.callId = callId;
  }
}
