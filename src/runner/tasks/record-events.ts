/**
 * Records what the upstream tells of one request: images with their events, and how far its stream was read. What is
 * stored already is not stored again, so events may be repeated.
 */

import { commitUnsynced } from '../../db/durability.ts';
import { type AttemptChange, updateAttempt } from '../../db/queries/engine/attempts.ts';
import { nameResponse } from '../../db/queries/engine/calls.ts';
import type { Durability } from '../../domain/durability.ts';
import type { Picture } from '../../domain/images/image.ts';
import type { ProviderEvent, RetrievedEvent } from '../../provider/image-provider.ts';
import { assertClaim, moveAttempt } from '../../state/transitions.ts';
import { type EventOf, type Position, type Recording, recordImage, recordPartial } from './record-images.ts';
import type { TaskProgress } from './task-progress.ts';

/** What the upstream tells, in a stream or when its response is retrieved. */
export type UpstreamEvent = ProviderEvent<Picture | null> | RetrievedEvent<Picture | null>;

export class EventRecorder {
  readonly #recording: Recording;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  get progress(): TaskProgress {
    return this.#recording.progress;
  }

  /**
   * Resolves when the event is stored: synced, unless it is only a preview.
   * @throws {ProviderError} the image is not a picture · {TransitionRefusedError} another server has the call
   */
  async record(event: UpstreamEvent): Promise<void> {
    const { progress } = this;
    // An event without a position leaves the position where it was.
    const reached = ('upstreamSequence' in event ? event.upstreamSequence : null) ?? progress.upstreamSequence;
    const position = reached === progress.upstreamSequence ? null : { upstream_sequence: reached };
    const isPositionStored = await this.#write(event, position);
    progress.upstreamSequence = reached;
    // Reading on from an earlier position only repeats what is stored.
    if (position !== null && !isPositionStored) await this.#update(position, 'UNSYNCED');
  }

  /** @returns whether the position was stored with the event */
  async #write(event: UpstreamEvent, position: Position): Promise<boolean> {
    switch (event.type) {
      case 'accepted':
        await this.#recordAccepted(event);
        return false;
      case 'partial':
        return recordPartial(this.#recording, event, position);
      case 'image':
        return recordImage(this.#recording, event, position);
      case 'completed':
        return this.#recordCompleted(event, position);
      case 'progress':
      case 'running':
        // Not worth a write: resuming a little earlier only repeats what is stored.
        return true;
    }
  }

  async #recordAccepted({ responseId, requestId, reported }: EventOf<'accepted'>): Promise<void> {
    const { context, progress } = this.#recording;
    const { call, writer, key, onResponseNamed } = this.#recording.request;
    const change = {
      response_id: responseId,
      request_id: requestId,
      reported: reported === null ? null : JSON.stringify(reported),
    };
    await context.db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, call.id, writer);
      await nameResponse(transaction, call.id, responseId);
      await moveAttempt(transaction, key, 'accepted', change);
    });
    progress.responseId = responseId;
    progress.reported = reported;
    onResponseNamed();
  }

  async #recordCompleted({ imagesMissing, text, usage }: EventOf<'completed'>, position: Position): Promise<boolean> {
    const { progress } = this;
    progress.imagesMissing = imagesMissing;
    progress.text = text;
    if (usage === null) return false;
    progress.usage = usage.tokens;
    await this.#update({ ...position, usage: JSON.stringify(usage) });
    return true;
  }

  async #update(change: AttemptChange, durability: Durability = 'SYNCED'): Promise<void> {
    const { context, request } = this.#recording;
    const { call, writer, key } = request;
    await context.db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, call.id, writer);
      await updateAttempt(transaction, key, change);
      if (durability === 'UNSYNCED') await commitUnsynced(transaction);
    });
  }
}
