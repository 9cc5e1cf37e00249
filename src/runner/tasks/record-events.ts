/**
 * Records what the upstream tells of one request: images with their events, and how far its stream was read. What is
 * stored already is not stored again, so events may be repeated.
 */
import { type AttemptChange, type AttemptKey, updateAttempt } from '../../db/queries/attempts.ts';
import { nameResponse } from '../../db/queries/calls.ts';
import { insertImage } from '../../db/queries/images.ts';
import { insertPartialImage } from '../../db/queries/partial-images.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import type { Image, Picture } from '../../domain/image.ts';
import {
  type ProviderApi,
  ProviderError,
  type ProviderEvent,
  type ProviderEventData,
  type RetrievedEvent,
} from '../../provider/image-provider.ts';
import { assertClaim, moveAttempt, type Writer } from '../../state/transitions.ts';
import { timestamp } from '../clock.ts';
import { NOT_A_PICTURE } from '../endings/failures.ts';
import type { RunnerContext } from '../options.ts';
import { generatedImage } from './generated-image.ts';
import type { TaskProgress } from './task-progress.ts';

/** What the upstream tells, in a stream or when its response is retrieved. */
export type UpstreamEvent =
  | ProviderEvent<Picture | null>
  | Exclude<RetrievedEvent<Picture | null>, { type: 'running' }>;

type EventOf<Type extends string> = Extract<ProviderEventData<Picture | null>, { readonly type: Type }>;

export interface RecorderContext extends RunnerContext {
  /** Is called with each image once it is stored; nothing waits for it. */
  readonly onImage: (image: Image) => void;
}

/** The request whose events are recorded. */
export interface RecordedRequest {
  readonly call: GenerationCall;
  readonly writer: Writer;
  readonly key: AttemptKey;
  readonly api: ProviderApi;
  /** Is called once the id of its response is stored. */
  readonly onResponseNamed: () => void;
}

/** The new position in the stream, or null when it has not moved. It is written together with what was read, if anything. */
type Position = Pick<AttemptChange, 'upstream_sequence'> | null;

export class EventRecorder {
  readonly progress: TaskProgress;
  readonly #context: RecorderContext;
  readonly #request: RecordedRequest;

  constructor(context: RecorderContext, request: RecordedRequest, progress: TaskProgress) {
    this.#context = context;
    this.#request = request;
    this.progress = progress;
  }

  /**
   * Resolves when the event is durable.
   * @throws {ProviderError} the image is not a picture · {TransitionRefusedError} another server has the call
   */
  async record(event: UpstreamEvent): Promise<void> {
    const { progress } = this;
    // An event without a position leaves the position where it was.
    const reached = ('upstreamSequence' in event ? event.upstreamSequence : null) ?? progress.upstreamSequence;
    const position = reached === progress.upstreamSequence ? null : { upstream_sequence: reached };
    const isPositionStored = await this.#write(event, position);
    progress.upstreamSequence = reached;
    if (position !== null && !isPositionStored) await this.#update(position);
  }

  /** @returns whether the position was stored with the event */
  async #write(event: UpstreamEvent, position: Position): Promise<boolean> {
    switch (event.type) {
      case 'accepted':
        await this.#recordAccepted(event);
        return false;
      case 'partial':
        return this.#recordPartial(event, position);
      case 'image':
        return this.#recordImage(event, position);
      case 'completed':
        return this.#recordCompleted(event, position);
      case 'progress':
        // Not worth a write: resuming a little earlier only repeats what is stored.
        return true;
    }
  }

  async #recordAccepted({ responseId, requestId, reported }: EventOf<'accepted'>): Promise<void> {
    const { call, writer, key, onResponseNamed } = this.#request;
    const change = {
      response_id: responseId,
      request_id: requestId,
      reported: reported === null ? null : JSON.stringify(reported),
    };
    await this.#context.db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, call.id, writer);
      await nameResponse(transaction, call.id, responseId);
      await moveAttempt(transaction, key, 'accepted', change);
    });
    this.progress.responseId = responseId;
    this.progress.reported = reported;
    onResponseNamed();
  }

  async #recordPartial(event: EventOf<'partial'>, position: Position): Promise<boolean> {
    const { picture, partialIndex: index, itemId } = event;
    const { transitions, clock, logger } = this.#context;
    const { call, writer, key } = this.#request;
    const imageIndex = this.progress.indexInCall(event.imageIndex);
    // A resumed stream may repeat partial images.
    if (this.progress.hasPartial(imageIndex, index)) return false;
    if (picture === null) {
      logger.warn({ callId: call.id, index }, 'the bytes of a partial image are not a picture; it is skipped');
      return false;
    }
    const partial = { ...picture, id: clock.newId(), imageIndex, index };
    await transitions.record(
      call.id,
      { type: 'PartialImageReceived', partial },
      {
        writer,
        async also(transaction, at) {
          await insertPartialImage(transaction, { principal: call.principal, callId: call.id, itemId, at }, partial);
          if (position !== null) await updateAttempt(transaction, key, position);
        },
      },
    );
    this.progress.partials.push({ itemId, imageIndex, index });
    return true;
  }

  async #recordImage(event: EventOf<'image'>, position: Position): Promise<boolean> {
    const { picture, revisedPrompt } = event;
    const { transitions, clock, onImage } = this.#context;
    const { call, writer, key, api } = this.#request;
    const { progress } = this;
    const imageIndex = progress.indexInCall(event.imageIndex);
    if (progress.hasImage(imageIndex)) return false;
    if (picture === null) {
      progress.imageUnreadable = true;
      throw new ProviderError(NOT_A_PICTURE, 'ENDED');
    }
    const { responseId, reported } = progress;
    const createdAt = timestamp(clock.nowMs());
    const facts = { id: clock.newId(), createdAt, imageIndex, api, responseId, reported };
    const image = generatedImage(call, event, picture, facts);
    await transitions.record(
      call.id,
      { type: 'ImageCompleted', imageId: image.id },
      {
        writer,
        change: revisedPrompt === null ? {} : { revised_prompt: revisedPrompt },
        async also(transaction) {
          await insertImage(transaction, image);
          if (position !== null) await updateAttempt(transaction, key, position);
        },
      },
    );
    progress.images.push(image);
    onImage(image);
    return true;
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

  async #update(change: AttemptChange): Promise<void> {
    const { call, writer, key } = this.#request;
    await this.#context.db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, call.id, writer);
      await updateAttempt(transaction, key, change);
    });
  }
}
