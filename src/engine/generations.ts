/**
 * What a client may start: checks it, stores it with its first event, and hands it to the queue. When one of these
 * resolves, the call is accepted: it is durable and will end in one terminal event.
 */
import { findCalls } from '../db/calls.ts';
import { findConversations, insertConversation } from '../db/conversations.ts';
import type { Database } from '../db/database.ts';
import { findIdempotencyKey, insertIdempotencyKey } from '../db/idempotency-keys.ts';
import { findImages, insertCallSources } from '../db/images.ts';
import { titleFromPrompt } from '../domain/conversation.ts';
import { type FieldError, IdempotencyConflictError, NotFoundError } from '../domain/errors.ts';
import type { GenerationCall, GenerationKind } from '../domain/generation-call.ts';
import {
  type ImageOptions,
  optionErrors,
  promptErrors,
  refuseIfAny,
  settingsFromOptions,
} from '../domain/generation-input.ts';
import type { Image } from '../domain/image.ts';
import { hashOf, IDEMPOTENCY_KEY_MAX_LENGTH } from './idempotency.ts';
import type { Transitions } from './transitions.ts';
import type { WorkQueue } from './work-queue.ts';

export interface GenerateInput {
  readonly prompt: string;
  readonly conversationId: string | null;
  readonly options: ImageOptions;
  readonly idempotencyKey: string | null;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface RefineInput {
  readonly imageId: string;
  readonly prompt: string;
  readonly options: ImageOptions;
  readonly idempotencyKey: string | null;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface Generations {
  /**
   * @throws {InvalidInputError} naming each wrong field · {NotFoundError} no such conversation ·
   * {IdempotencyConflictError} the key was used with another input
   */
  generate(principal: string, input: GenerateInput): Promise<GenerationCall>;
  /**
   * @throws {InvalidInputError} naming each wrong field · {NotFoundError} no such image ·
   * {IdempotencyConflictError} the key was used with another input
   */
  refine(principal: string, input: RefineInput): Promise<GenerationCall>;
}

export interface GenerationsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly queue: WorkQueue;
  readonly now: () => string;
  readonly newId: () => string;
}

interface Request {
  readonly kind: GenerationKind;
  readonly prompt: string;
  readonly options: ImageOptions;
  readonly conversationId: string | null;
  readonly sources: readonly Image[];
  readonly idempotencyKey: string | null;
}

export function createGenerations({ db, transitions, queue, now, newId }: GenerationsOptions): Generations {
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

  async function start(principal: string, request: Request): Promise<GenerationCall> {
    const { kind, prompt, sources, idempotencyKey: key } = request;
    const requested = settingsFromOptions(request.options);
    const sourceIds = sources.map(({ id }) => id);
    // A refinement goes into its picture's conversation: that is no part of what was asked.
    const asked = kind === 'REFINE' ? null : request.conversationId;
    const inputHash = hashOf({ kind, prompt, conversationId: asked, sourceIds, settings: requested });
    if (key !== null) {
      const earlier = await earlierCall(principal, key, inputHash);
      if (earlier !== null) return earlier;
    }

    const createdAt = now();
    const callId = newId();
    const conversationId = request.conversationId ?? newId();
    try {
      await transitions.accept(
        { id: callId, principal, conversationId, kind, prompt, requested, createdAt },
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

  return {
    async generate(principal, { prompt, conversationId, options, idempotencyKey, errors }) {
      refuseIfAny([
        ...errors,
        ...promptErrors('prompt', prompt),
        ...optionErrors('options', options),
        ...keyErrors('idempotencyKey', idempotencyKey),
      ]);
      if (conversationId !== null) {
        const [conversation] = await findConversations(db, principal, [conversationId]);
        if (conversation === undefined) throw new NotFoundError('conversationId', 'conversation');
      }
      return start(principal, { kind: 'GENERATE', prompt, options, conversationId, sources: [], idempotencyKey });
    },

    async refine(principal, { imageId, prompt, options, idempotencyKey, errors }) {
      refuseIfAny([
        ...errors,
        ...promptErrors('prompt', prompt),
        ...optionErrors('options', options),
        ...keyErrors('idempotencyKey', idempotencyKey),
      ]);
      const [image] = await findImages(db, principal, [imageId]);
      if (image === undefined) throw new NotFoundError('imageId', 'image');
      const { conversationId } = image;
      return start(principal, { kind: 'REFINE', prompt, options, conversationId, sources: [image], idempotencyKey });
    },
  };
}

/** Another request with the same key was stored first. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

function keyErrors(field: string, key: string | null): FieldError[] {
  if (key === null || (key !== '' && key.length <= IDEMPOTENCY_KEY_MAX_LENGTH)) return [];
  return [{ field, message: `must have 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} characters, not ${key.length}.` }];
}
