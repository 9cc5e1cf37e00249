/**
 * What a client may start: checks it, stores it with its first event, and hands it to the queue. When one of these
 * resolves, the call is accepted: it is durable and will end in one terminal event.
 */
import { findCalls } from '../db/calls.ts';
import { findConversations, insertConversation } from '../db/conversations.ts';
import type { Database } from '../db/database.ts';
import { findImages, insertCallSources } from '../db/images.ts';
import { titleFromPrompt } from '../domain/conversation.ts';
import { type FieldError, NotFoundError } from '../domain/errors.ts';
import type { GenerationCall, GenerationKind } from '../domain/generation-call.ts';
import {
  type ImageOptions,
  optionErrors,
  promptErrors,
  refuseIfAny,
  settingsFromOptions,
} from '../domain/generation-input.ts';
import type { Image } from '../domain/image.ts';
import type { Transitions } from './transitions.ts';
import type { WorkQueue } from './work-queue.ts';

export interface GenerateInput {
  readonly prompt: string;
  readonly conversationId: string | null;
  readonly options: ImageOptions;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface RefineInput {
  readonly imageId: string;
  readonly prompt: string;
  readonly options: ImageOptions;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface Generations {
  /** @throws {InvalidInputError} naming each wrong field · {NotFoundError} no such conversation */
  generate(principal: string, input: GenerateInput): Promise<GenerationCall>;
  /** @throws {InvalidInputError} naming each wrong field · {NotFoundError} no such image */
  refine(principal: string, input: RefineInput): Promise<GenerationCall>;
}

export interface GenerationsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly queue: WorkQueue;
  readonly now: () => string;
  readonly newId: () => string;
}

export function createGenerations({ db, transitions, queue, now, newId }: GenerationsOptions): Generations {
  async function start(
    principal: string,
    kind: GenerationKind,
    asked: { prompt: string; options: ImageOptions; conversationId: string | null; sources: readonly Image[] },
  ): Promise<GenerationCall> {
    const { prompt, sources } = asked;
    const createdAt = now();
    const callId = newId();
    const conversationId = asked.conversationId ?? newId();
    const isNew = asked.conversationId === null;
    await transitions.accept(
      { id: callId, principal, conversationId, kind, prompt, requested: settingsFromOptions(asked.options), createdAt },
      {
        before: async (transaction) => {
          if (!isNew) return;
          const title = titleFromPrompt(prompt);
          await insertConversation(transaction, {
            id: conversationId,
            principal,
            title,
            createdAt,
            updatedAt: createdAt,
          });
        },
        after: (transaction) => insertCallSources(transaction, principal, callId, sources),
      },
    );
    queue.enqueue(callId);
    const [call] = await findCalls(db, principal, [callId]);
    if (call === undefined) throw new Error(`call ${callId} was accepted and is not there`);
    return call;
  }

  return {
    async generate(principal, { prompt, conversationId, options, errors }) {
      refuseIfAny([...errors, ...promptErrors('prompt', prompt), ...optionErrors('options', options)]);
      if (conversationId !== null) {
        const [conversation] = await findConversations(db, principal, [conversationId]);
        if (conversation === undefined) throw new NotFoundError('conversationId', 'conversation');
      }
      return start(principal, 'GENERATE', { prompt, options, conversationId, sources: [] });
    },

    async refine(principal, { imageId, prompt, options, errors }) {
      refuseIfAny([...errors, ...promptErrors('prompt', prompt), ...optionErrors('options', options)]);
      const [image] = await findImages(db, principal, [imageId]);
      if (image === undefined) throw new NotFoundError('imageId', 'image');
      return start(principal, 'REFINE', { prompt, options, conversationId: image.conversationId, sources: [image] });
    },
  };
}
