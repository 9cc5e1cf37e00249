/**
 * Deletes images and conversations for good, one small transaction after the other, so that generations never wait long.
 * A kill in between leaves nothing half-done that anybody can see: an image goes in one transaction, and a conversation
 * disappears with its first one. The bytes go afterwards, when no row refers to them (blob-garbage.ts).
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Database, DatabaseTransaction } from '../db/database.ts';
import { hasPlace } from '../db/queries/engine/instances.ts';
import {
  callsOfConversation,
  deleteCallRows,
  deleteConversation,
  deleteConversationEvents,
  imagesOfConversation,
  type OwnedRow,
  responsesOfCall,
  startPurge,
} from '../db/queries/engine/purge-conversations.ts';
import {
  deleteImageRows,
  detachFromCalls,
  isUsedByOpenCall,
  lockImage,
  type PurgedImage,
  removeFromLog,
  takeUploadedFiles,
  upstreamOfLastImage,
} from '../db/queries/engine/purge-images.ts';
import { insertUpstreamDeletions } from '../db/queries/engine/upstream-deletions.ts';
import type { UpstreamDeletion } from '../domain/upstream-deletion.ts';
import type { Archive } from '../state/archive.ts';

/** The lease of this server was taken over: another one purges now. Nothing was written. */
export class PurgeStoppedError extends Error {
  override readonly name = 'PurgeStoppedError';
}

export interface RowPurgeOptions {
  readonly db: Database;
  readonly archive: Pick<Archive, 'change'>;
  /** The server that purges. Each transaction checks that it still has its lease. */
  readonly instanceId: string;
  /** Whether what the upstream keeps is to be deleted, too. */
  readonly deletesUpstream: boolean;
  readonly signal: AbortSignal;
}

export interface RowPurge {
  /** False when the image was restored meanwhile, or a call that has not ended works from it. */
  purgeImage(image: OwnedRow, until: string): Promise<boolean>;
  /** False when the conversation was restored meanwhile, or has calls that have not ended. */
  startConversation(conversation: OwnedRow, until: string): Promise<boolean>;
  /** Removes the rows of a conversation that was started. @returns the images removed, and whether nothing is left */
  finishConversation(conversation: OwnedRow): Promise<{ readonly images: number; readonly isDone: boolean }>;
}

/** Ids read at a time. */
const PAGE_SIZE = 100;
/** Events deleted in one transaction: about a millisecond. */
const EVENTS_AT_ONCE = 200;

export function createRowPurge(options: RowPurgeOptions): RowPurge {
  const { db, archive, instanceId, signal } = options;

  /** One step, in one transaction. @throws {PurgeStoppedError} */
  async function step<T>(principal: string, work: Parameters<typeof archive.change<T>>[1]): Promise<T> {
    const result = await archive.change(principal, async (change) => {
      if (signal.aborted || !(await hasPlace(change.transaction, instanceId))) throw new PurgeStoppedError();
      return work(change);
    });
    await turn();
    return result;
  }

  async function purgeImage({ id, principal }: OwnedRow, until: string): Promise<boolean> {
    return step(principal, async ({ transaction, at, append }) => {
      const image = await lockImage(transaction, id);
      if (image === null || image.deletedAt === null || image.deletedAt > until) return false;
      if (await isUsedByOpenCall(transaction, image)) return false;
      await removeImage(transaction, image, { ...options, at });
      await append(null, { type: 'ImagePurged', imageId: id });
      return true;
    });
  }

  /** @returns how many were removed, and whether none is left */
  async function removeImages(conversation: OwnedRow): Promise<{ removed: number; isDone: boolean }> {
    let [removed, kept, after] = [0, 0, ''];
    for (;;) {
      const ids = await imagesOfConversation(db, conversation, after, PAGE_SIZE);
      for (const id of ids) {
        const isRemoved = await step(conversation.principal, async ({ transaction, at }) => {
          const image = await lockImage(transaction, id);
          if (image === null) return true;
          // A call of another conversation may still work from it.
          if (await isUsedByOpenCall(transaction, image)) return false;
          await removeImage(transaction, image, { ...options, at });
          return true;
        });
        if (isRemoved) removed += 1;
        else kept += 1;
        after = id;
      }
      if (ids.length < PAGE_SIZE) return { removed, isDone: kept === 0 };
    }
  }

  async function removeCalls(conversation: OwnedRow): Promise<void> {
    const { principal } = conversation;
    for (;;) {
      const ids = await callsOfConversation(db, conversation, '', PAGE_SIZE);
      for (const id of ids) {
        await step(principal, async ({ transaction, at }) => {
          const call = { id, principal };
          if (options.deletesUpstream) await queueResponses(transaction, call, at);
          await deleteCallRows(transaction, call);
        });
      }
      if (ids.length < PAGE_SIZE) return;
    }
  }

  return {
    purgeImage,

    startConversation: (conversation, until) =>
      step(conversation.principal, async ({ transaction, at, append }) => {
        if (!(await startPurge(transaction, conversation, { until, at }))) return false;
        // Now, and not at the end: its place in the log is then behind everything that goes, so that no later event can get
        // a place that clients have seen before.
        await append(null, { type: 'ConversationPurged', purgedConversationId: conversation.id });
        return true;
      }),

    async finishConversation(conversation) {
      const { removed: images, isDone } = await removeImages(conversation);
      if (!isDone) return { images, isDone };
      await removeCalls(conversation);
      for (;;) {
        const isLast = await step(conversation.principal, async ({ transaction }) => {
          if ((await deleteConversationEvents(transaction, conversation, EVENTS_AT_ONCE)) > 0) return false;
          await deleteConversation(transaction, conversation);
          return true;
        });
        if (isLast) return { images, isDone: true };
      }
    },
  };
}

async function removeImage(
  transaction: DatabaseTransaction,
  image: PurgedImage,
  { deletesUpstream, at }: Pick<RowPurgeOptions, 'deletesUpstream'> & { readonly at: string },
): Promise<void> {
  const { principal, callId, responseId } = image;
  const files = await takeUploadedFiles(transaction, image);
  if (deletesUpstream) {
    const madeBy = await upstreamOfLastImage(transaction, image);
    const ofFiles = files.map(
      ({ upstream, fileId }): UpstreamDeletion => ({ principal, upstream, kind: 'FILE', upstreamId: fileId }),
    );
    const ofResponse: UpstreamDeletion[] =
      madeBy === null || responseId === null
        ? []
        : [{ principal, upstream: madeBy, kind: 'RESPONSE', upstreamId: responseId }];
    await insertUpstreamDeletions(transaction, [...ofFiles, ...ofResponse], at);
  }
  await detachFromCalls(transaction, image);
  if (callId !== null) await removeFromLog(transaction, { ...image, callId });
  await deleteImageRows(transaction, image);
}

async function queueResponses(transaction: DatabaseTransaction, call: OwnedRow, at: string): Promise<void> {
  const { principal } = call;
  const { upstream, responseIds } = await responsesOfCall(transaction, call);
  if (upstream === null) return;
  const deletions = responseIds.map(
    (upstreamId): UpstreamDeletion => ({ principal, upstream, kind: 'RESPONSE', upstreamId }),
  );
  await insertUpstreamDeletions(transaction, deletions, at);
}
