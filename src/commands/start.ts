/**
 * What a client may start: checked, stored with its first event, and handed to the queue. When one of these resolves,
 * the call is accepted: it is durable and will end in one terminal event.
 */

import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { findCalls } from '../db/queries/calls.ts';
import { insertConversation } from '../db/queries/conversations.ts';
import { findIdempotencyKey, insertIdempotencyKey } from '../db/queries/idempotency-keys.ts';
import { findImagesOfCalls, findSourcesOfCalls, insertCallSources } from '../db/queries/images.ts';
import { titleFromPrompt } from '../domain/conversation.ts';
import { type FieldError, IdempotencyConflictError, NotFoundError, NotRetryableError } from '../domain/errors.ts';
import { type GenerationCall, type ImplicitContext, missingImages } from '../domain/generation-call.ts';
import { refuseIfAny, requestFromInput } from '../domain/generation-input.ts';
import type { GenerationKind } from '../domain/generation-request.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import { impliedSource } from '../runner/sources.ts';
import type { Transitions } from '../state/transitions.ts';
import { hashOf, hashOfRetry } from './idempotency.ts';
import {
  type CheckedRequest,
  type GenerateInput,
  keyErrors,
  type RefineInput,
  type RequestValidator,
} from './validate.ts';

export interface RetryInput {
  readonly callId: string;
  readonly idempotencyKey: string | null;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface StartCommands {
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

export interface StartCommandsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly validator: RequestValidator;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What may be asked of the upstream, and what a call made again takes over from the one before. */
interface Order extends CheckedRequest {
  readonly context: ImplicitContext;
  readonly retryOf: string | null;
}

/** What makes a request the same as an earlier one. */
interface Identity {
  /** Null where the client gave none, or wrote a wrong request, which cannot have been accepted before. */
  readonly key: string | null;
  readonly inputHash: string;
}

const NEW = { context: { isOpen: true, imageId: null }, retryOf: null } as const;

export function createStartCommands({
  db,
  transitions,
  validator,
  queue,
  now,
  newId,
  logger,
}: StartCommandsOptions): StartCommands {
  async function callOf(principal: string, callId: string): Promise<GenerationCall> {
    const [call] = await findCalls(db, principal, [callId]);
    if (call === undefined) throw new Error(`call ${callId} was accepted and is not there`);
    return call;
  }

  /**
   * The call that this principal's key stands for, if it was used before. It is found before anything else is checked:
   * what was accepted once is not refused when it comes again, whatever has changed meanwhile.
   */
  async function once(
    principal: string,
    { key, inputHash }: Identity,
    check: () => Promise<Order>,
  ): Promise<GenerationCall> {
    const used = key === null ? null : await findIdempotencyKey(db, principal, key);
    if (used?.inputHash === inputHash) return callOf(principal, used.callId);
    const order = await check();
    if (used !== null) throw new IdempotencyConflictError();
    try {
      return await start(principal, order, inputHash);
    } catch (error) {
      // The same key came twice at the same time; the other one was first, and nothing of this one was stored.
      if (!(error instanceof KeyTakenError) || key === null) throw error;
      const other = await findIdempotencyKey(db, principal, key);
      if (other === null) throw error;
      if (other.inputHash !== inputHash) throw new IdempotencyConflictError();
      return callOf(principal, other.callId);
    }
  }

  async function start(principal: string, order: Order, inputHash: string): Promise<GenerationCall> {
    const { request, sources, context, retryOf, idempotencyKey: key } = order;
    const createdAt = now();
    const callId = newId();
    const conversationId = order.conversationId ?? newId();
    await transitions.accept(
      { id: callId, principal, conversationId, request, retryOf, context, createdAt },
      {
        before: async (transaction) => {
          if (order.conversationId !== null) return;
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
    return callOf(principal, callId);
  }

  /** What a call did not bring, as it was asked for. */
  async function unfinished(principal: string, call: GenerationCall): Promise<Omit<Order, 'idempotencyKey'>> {
    const { conversationId, context } = call;
    const count = missingImages(call.request, await findImagesOfCalls(db, principal, [call.id])).length;
    if (call.completedAt === null || count === 0) throw new NotRetryableError(call.status);
    const sources = (await findSourcesOfCalls(db, principal, [call.id])).map(({ image }) => image);
    const request = { ...call.request, count };
    const implied = sources.length > 0 ? null : await impliedSource(db, call);
    validator.refuseUnsupported(request, implied === null ? sources : [implied]);
    return { request, conversationId, sources, context, retryOf: call.id };
  }

  return {
    generate(principal, input) {
      const { conversationId, sourceImageIds: sourceIds } = input;
      return once(principal, identityOf('GENERATE', input, { conversationId, sourceIds }), async () => {
        return { ...(await validator.generate(principal, input)), ...NEW };
      });
    },

    refine(principal, input) {
      // A refinement goes into its picture's conversation: that is no part of what was asked.
      const identity = identityOf('REFINE', input, { conversationId: null, sourceIds: [input.imageId] });
      return once(principal, identity, async () => {
        return { ...(await validator.refine(principal, input)), ...NEW };
      });
    },

    retry(principal, { callId, idempotencyKey, errors }) {
      const key = errors.length > 0 ? null : idempotencyKey;
      return once(principal, { key, inputHash: hashOfRetry(callId) }, async () => {
        refuseIfAny([...errors, ...keyErrors('idempotencyKey', idempotencyKey)]);
        const [call] = await findCalls(db, principal, [callId]);
        if (call === undefined) throw new NotFoundError('callId', 'generation call');
        return { ...(await unfinished(principal, call)), idempotencyKey };
      });
    },
  };
}

function identityOf(
  kind: GenerationKind,
  { request, idempotencyKey, errors }: GenerateInput | RefineInput,
  of: { readonly conversationId: string | null; readonly sourceIds: readonly string[] },
): Identity {
  const inputHash = hashOf({ ...of, request: requestFromInput(kind, request) });
  return { key: errors.length > 0 ? null : idempotencyKey, inputHash };
}

/** Another request with the same key was stored first. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}
