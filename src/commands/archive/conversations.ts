/** Starts, renames, deletes and restores conversations. A conversation goes into the trash with everything in it. */
import type { Logger } from 'pino';
import type { DatabaseTransaction } from '../../db/database.ts';
import { requestCancelOfWaiting } from '../../db/queries/calls.ts';
import { insertConversation, setTitle } from '../../db/queries/conversations.ts';
import {
  lockCallsOfConversation,
  lockConversations,
  newestDeletion,
  setConversationDeleted,
} from '../../db/queries/trash.ts';
import { type Conversation, titleErrors } from '../../domain/conversation.ts';
import { type FieldError, NotCancellableError } from '../../domain/errors.ts';
import { refuseIfAny } from '../../domain/generation/generation-input.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { Archive, ArchiveChange } from '../../state/archive.ts';
import type { Cancellations } from '../cancel.ts';
import { conversationInTrash, conversationNotFound } from '../references.ts';

export interface ConversationCommands {
  /** Starts a conversation without calls. @throws {InvalidInputError} the title */
  create(principal: string, title: string): Promise<Conversation>;
  /**
   * Gives it another title, which does not move it to the top of its list.
   * @param errors invalid fields found while the input was read
   * @throws {InvalidInputError} · {NotFoundError} no such conversation · {InTrashError}
   */
  rename(principal: string, id: string, title: string, errors: readonly FieldError[]): Promise<Conversation>;
  /**
   * Moves it into the trash with its calls and images. Calls that wait are cancelled. Calls that run go on, because they are
   * paid for, and their images go into the trash. Does nothing to a conversation that is there.
   * @throws {NotFoundError} no such conversation
   */
  delete(principal: string, id: string): Promise<Conversation>;
  /**
   * Takes it out of the trash with what went there with it. Does nothing to a conversation that is not there.
   * @throws {NotFoundError} no such conversation
   */
  restore(principal: string, id: string): Promise<Conversation>;
}

export interface ConversationCommandsOptions {
  readonly archive: Archive;
  readonly cancellations: Cancellations;
  readonly newId: () => string;
  readonly logger: Pick<Logger, 'warn'>;
}

type Work = (change: ArchiveChange, conversation: Conversation) => Promise<Conversation>;

export function createConversationCommands(options: ConversationCommandsOptions): ConversationCommands {
  const { archive, newId } = options;

  /** Changes a conversation that is locked meanwhile. */
  const change = (principal: string, id: string, work: Work) =>
    archive.change(principal, (changing) => changeOne(changing, principal, id, work));

  /** The same with its calls: calls before their conversation, as everything does that locks both. */
  const move = (principal: string, id: string, work: Work) =>
    archive.change(principal, async (changing) => {
      await lockCallsOfConversation(changing.transaction, principal, id);
      return changeOne(changing, principal, id, work);
    });

  return {
    async create(principal, title) {
      refuseIfAny(titleErrors('title', title));
      return archive.change(principal, async ({ transaction, at, append }) => {
        const conversation = {
          id: newId(),
          principal,
          title: oneLine(title),
          createdAt: at,
          updatedAt: at,
          deletedAt: null,
          lastPosition: 0,
        };
        await insertConversation(transaction, conversation);
        return appendTo(conversation, append, 'ConversationCreated');
      });
    },

    async rename(principal, id, given, errors) {
      refuseIfAny([...errors, ...titleErrors('title', given)]);
      const title = oneLine(given);
      return change(principal, id, async ({ transaction, append }, conversation) => {
        if (conversation.deletedAt !== null) throw conversationInTrash('conversationId', id);
        if (conversation.title === title) return conversation;
        await setTitle(transaction, principal, id, title);
        return appendTo({ ...conversation, title }, append, 'ConversationUpdated');
      });
    },

    async delete(principal, id) {
      let waiting: readonly string[] = [];
      const deleted = await move(principal, id, async ({ transaction, at, append }, conversation) => {
        if (conversation.deletedAt !== null) return conversation;
        const deletedAt = await timeOfDeletion(transaction, conversation, at);
        // Stored with the deletion, so that a server that is killed now does not start them later.
        waiting = await requestCancelOfWaiting(transaction, principal, id, at);
        await setConversationDeleted(transaction, conversation, deletedAt);
        return appendTo({ ...conversation, deletedAt }, append, 'ConversationDeleted');
      });
      await Promise.all(waiting.map((callId) => cancelWaiting(options, principal, callId)));
      return deleted;
    },

    restore: (principal, id) =>
      move(principal, id, async ({ transaction, append }, conversation) => {
        if (conversation.deletedAt === null) return conversation;
        await setConversationDeleted(transaction, conversation, null);
        return appendTo({ ...conversation, deletedAt: null }, append, 'ConversationRestored');
      }),
  };
}

async function changeOne(changing: ArchiveChange, principal: string, id: string, work: Work): Promise<Conversation> {
  const [conversation] = await lockConversations(changing.transaction, principal, [id]);
  if (conversation === undefined) throw conversationNotFound();
  return work(changing, conversation);
}

/** Records a change of the conversation. @returns the conversation, whose cursor is that of the change */
async function appendTo(
  conversation: Conversation,
  append: ArchiveChange['append'],
  type: 'ConversationCreated' | 'ConversationUpdated' | 'ConversationDeleted' | 'ConversationRestored',
): Promise<Conversation> {
  const { position } = await append(conversation.id, { type });
  return { ...conversation, lastPosition: position ?? conversation.lastPosition };
}

/** A time that no image has that was deleted before: those stay in the trash when the conversation is restored. */
async function timeOfDeletion(
  transaction: DatabaseTransaction,
  { principal, id }: Conversation,
  at: string,
): Promise<string> {
  const newest = await newestDeletion(transaction, principal, id);
  return newest === null || newest < at ? at : new Date(Date.parse(newest) + 1).toISOString();
}

/** Never rejects: the request is stored, and the worker carries it out when this does not. */
async function cancelWaiting(
  { cancellations, logger }: ConversationCommandsOptions,
  principal: string,
  callId: string,
): Promise<void> {
  await cancellations.cancel(principal, callId).catch((error: unknown) => {
    if (error instanceof NotCancellableError) return;
    logger.warn({ err: error, callId }, 'a waiting call of a deleted conversation could not be cancelled yet');
  });
}
