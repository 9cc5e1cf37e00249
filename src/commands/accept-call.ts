/**
 * Accepts a call: stores it with its first event and hands it to the queue. Once accepted, the call is durable and will
 * end with one terminal event.
 */

import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { insertConversation } from '../db/queries/conversations.ts';
import { insertIdempotencyKey } from '../db/queries/idempotency-keys.ts';
import { insertCallSources } from '../db/queries/images.ts';
import { titleFromPrompt } from '../domain/conversation.ts';
import type { GenerationCall, ImplicitContext } from '../domain/generation-call.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { Transitions } from '../state/transitions.ts';
import type { CheckedRequest } from './inputs.ts';

/** A valid request for a new call. */
export interface NewCall extends CheckedRequest {
  readonly context: ImplicitContext;
  /** The call that this one retries. */
  readonly retryOf: string | null;
}

export interface AcceptCallOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  /** Counts the images of a new call. @throws {RateLimitedError} */
  readonly admit: (principal: string, images: number) => Promise<void>;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * @param inputHash stored with the idempotency key, see idempotency.ts
 * @throws {RateLimitedError} the principal has started too many images · {KeyTakenError} another request with the same key was stored first; nothing of this one is stored
 */
export async function acceptCall(
  { db, transitions, queue, admit, now, newId, logger }: AcceptCallOptions,
  principal: string,
  newCall: NewCall,
  inputHash: string,
): Promise<GenerationCall> {
  const { request, sources, context, retryOf, idempotencyKey: key } = newCall;
  await admit(principal, request.count);
  const createdAt = now();
  const callId = newId();
  const conversationId = newCall.conversationId ?? newId();
  await transitions.accept(
    { id: callId, principal, conversationId, request, retryOf, context, createdAt },
    {
      before: async (transaction) => {
        if (newCall.conversationId !== null) return;
        const title = titleFromPrompt(request.prompt);
        const conversation = { id: conversationId, principal, title, createdAt, updatedAt: createdAt };
        await insertConversation(transaction, conversation);
      },
      after: async (transaction) => {
        await insertCallSources(transaction, principal, callId, sources);
        if (key === null) return;
        const isFirst = await insertIdempotencyKey(transaction, { principal, key, inputHash, callId }, createdAt);
        if (!isFirst) throw new KeyTakenError();
      },
    },
  );
  await queue.enqueue({ callId, principal, images: request.count, notBefore: null }).catch((error: unknown) => {
    // The call is stored, so the mutation must not fail. The worker finds it at its next scan.
    logger.warn({ err: error, callId }, 'an accepted call could not be enqueued; it will be found in the database');
  });
  return acceptedCall(db, principal, callId);
}

/** Reads a call that was accepted. */
export async function acceptedCall(db: Database, principal: string, callId: string): Promise<GenerationCall> {
  const [call] = await findCalls(db, principal, [callId]);
  if (call === undefined) throw new Error(`the accepted call ${callId} does not exist`);
  return call;
}

/** Another request with the same idempotency key was stored first. */
export class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}
