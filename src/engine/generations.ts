/**
 * What a client may start: checked, stored with its first event, and handed to the queue. When one of these resolves,
 * the call is accepted: it is durable and will end in one terminal event.
 */
import { findCalls } from '../db/calls.ts';
import { insertConversation } from '../db/conversations.ts';
import type { Database } from '../db/database.ts';
import { findIdempotencyKey, insertIdempotencyKey } from '../db/idempotency-keys.ts';
import { findImages, findImagesOfCalls, findSourcesOfCalls, insertCallSources } from '../db/images.ts';
import { titleFromPrompt } from '../domain/conversation.ts';
import { type FieldError, IdempotencyConflictError, NotFoundError, NotRetryableError } from '../domain/errors.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import { refuseIfAny } from '../domain/generation-input.ts';
import { hashOf } from './idempotency.ts';
import {
  type CheckedRequest,
  type GenerateInput,
  type InputChecks,
  keyErrors,
  type RefineInput,
} from './input-checks.ts';
import type { Transitions } from './transitions.ts';
import type { WorkQueue } from './work-queue.ts';

export interface RetryInput {
  readonly callId: string;
  readonly idempotencyKey: string | null;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface Generations {
  /**
   * @throws {InvalidInputError} naming each wrong field · {NotFoundError} no such conversation or image ·
   * {UnsupportedOptionError} the model cannot do that · {IdempotencyConflictError} the key was used with another input
   */
  generate(principal: string, input: GenerateInput): Promise<GenerationCall>;
  /** @throws as `generate` */
  refine(principal: string, input: RefineInput): Promise<GenerationCall>;
  /**
   * Asks for what a call did not bring, in a new call that is linked to it: the log of the old one is closed and stays so.
   * @throws {InvalidInputError} {NotFoundError} {UnsupportedOptionError} {IdempotencyConflictError} as `generate` ·
   * {NotRetryableError} it is under way, or brought everything
   */
  retry(principal: string, input: RetryInput): Promise<GenerationCall>;
}

export interface GenerationsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly checks: InputChecks;
  readonly queue: WorkQueue;
  readonly now: () => string;
  readonly newId: () => string;
}

export function createGenerations({ db, transitions, checks, queue, now, newId }: GenerationsOptions): Generations {
  /** The call that this principal's key stands for, if it was used with the same input. */
  async function earlierCall(principal: string, key: string, inputHash: string): Promise<GenerationCall | null> {
    const used = await findIdempotencyKey(db, principal, key);
    if (used === null) return null;
    if (used.inputHash !== inputHash) throw new IdempotencyConflictError();
    return callOf(principal, used.callId);
  }

  async function callOf(principal: string, callId: string): Promise<GenerationCall> {
    const [call] = await findCalls(db, principal, [callId]);
    if (call === undefined) throw new Error(`call ${callId} was accepted and is not there`);
    return call;
  }

  async function start(principal: string, request: CheckedRequest, retryOf: string | null): Promise<GenerationCall> {
    const { kind, prompt, verbatim, count, requested, sources, idempotencyKey: key } = request;
    const maskImageId = request.mask?.id ?? null;
    const inputHash = hashOf({
      kind,
      prompt,
      // A refinement goes into its picture's conversation: that is no part of what was asked.
      conversationId: kind === 'REFINE' ? null : request.conversationId,
      sourceIds: sources.map(({ id }) => id),
      settings: requested,
      more: { count, verbatim, maskImageId, retryOf },
    });
    if (key !== null) {
      const earlier = await earlierCall(principal, key, inputHash);
      if (earlier !== null) return earlier;
    }

    const createdAt = now();
    const callId = newId();
    const conversationId = request.conversationId ?? newId();
    const call = { id: callId, principal, conversationId, kind, prompt, verbatim, count, maskImageId, retryOf };
    try {
      await transitions.accept(
        { ...call, requested, createdAt },
        {
          before: async (transaction) => {
            if (request.conversationId !== null) return;
            const title = titleFromPrompt(prompt);
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
    } catch (error) {
      // The same key came twice at the same time; the other one was first, and nothing of this one was stored.
      if (!(error instanceof KeyTakenError) || key === null) throw error;
      const earlier = await earlierCall(principal, key, inputHash);
      if (earlier === null) throw error;
      return earlier;
    }
    queue.enqueue({ callId, principal, notBefore: null });
    return callOf(principal, callId);
  }

  /** What a call did not bring, as it was asked for. */
  async function unfinished(principal: string, call: GenerationCall): Promise<CheckedRequest> {
    const { kind, prompt, verbatim, requested, conversationId, maskImageId } = call;
    const made = await findImagesOfCalls(db, principal, [call.id]);
    const count = call.count - made.length;
    if (call.completedAt === null || count < 1) throw new NotRetryableError(call.status);
    const sources = (await findSourcesOfCalls(db, principal, [call.id])).map(({ image }) => image);
    const [mask = null] = maskImageId === null ? [] : await findImages(db, principal, [maskImageId]);
    const request = { kind, prompt, verbatim, count, requested, conversationId, sources, mask, idempotencyKey: null };
    checks.refuseUnsupported(request);
    return request;
  }

  return {
    generate: async (principal, input) => start(principal, await checks.generate(principal, input), null),

    refine: async (principal, input) => start(principal, await checks.refine(principal, input), null),

    async retry(principal, { callId, idempotencyKey, errors }) {
      refuseIfAny([...errors, ...keyErrors('idempotencyKey', idempotencyKey)]);
      const [call] = await findCalls(db, principal, [callId]);
      if (call === undefined) throw new NotFoundError('callId', 'generation call');
      return start(principal, { ...(await unfinished(principal, call)), idempotencyKey }, callId);
    },
  };
}

/** Another request with the same key was stored first. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}
