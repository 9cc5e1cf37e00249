/**
 * Stores the images and partial images of one request, each in one transaction with its event and with how far the
 * upstream's stream was read.
 */
import type { Ledger, LedgerEntry } from '../../billing/ledger.ts';
import type { AttemptKey } from '../../db/queries/attempts.ts';
import { type AttemptChange, updateAttempt } from '../../db/queries/engine/attempts.ts';
import { insertImage } from '../../db/queries/images/images.ts';
import { insertPartialImage } from '../../db/queries/images/partial-images.ts';
import { deletionOfConversation } from '../../db/queries/trash.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Image, Picture } from '../../domain/images/image.ts';
import { type ProviderApi, ProviderError, type ProviderEventData } from '../../provider/image-provider.ts';
import type { Writer } from '../../state/transitions.ts';
import { timestamp } from '../clock.ts';
import { NOT_A_PICTURE } from '../endings/failures.ts';
import type { RunnerContext } from '../options.ts';
import { generatedImage } from './generated-image.ts';
import type { TaskProgress } from './task-progress.ts';

export type EventOf<Type extends string> = Extract<ProviderEventData<Picture | null>, { readonly type: Type }>;

export interface RecorderContext extends RunnerContext {
  readonly ledger: Ledger;
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

/** One request, and how far it is recorded. */
export interface Recording {
  readonly context: RecorderContext;
  readonly request: RecordedRequest;
  readonly progress: TaskProgress;
}

/** The new position in the upstream's stream; null when it has not moved. It is stored together with what was read. */
export type Position = Pick<AttemptChange, 'upstream_sequence'> | null;

/** @returns whether the position was stored with it: false for what is stored already, and for what is no picture */
export async function recordPartial(
  { context, request, progress }: Recording,
  event: EventOf<'partial'>,
  position: Position,
): Promise<boolean> {
  const { picture, partialIndex: index, itemId } = event;
  const { transitions, clock, logger } = context;
  const { call, writer, key } = request;
  const imageIndex = progress.indexInCall(event.imageIndex);
  // A resumed stream may repeat partial images.
  if (progress.hasPartial(imageIndex, index)) return false;
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
  progress.partials.push({ itemId, imageIndex, index });
  return true;
}

/**
 * @returns whether the position was stored with it: false for an image that is stored already
 * @throws {ProviderError} the bytes are not a picture
 */
export async function recordImage(recording: Recording, event: EventOf<'image'>, position: Position): Promise<boolean> {
  const { context, request, progress } = recording;
  const { picture, revisedPrompt } = event;
  const { transitions, clock, onImage, ledger } = context;
  const { call, writer, key, api } = request;
  const imageIndex = progress.indexInCall(event.imageIndex);
  if (progress.hasImage(imageIndex)) return false;
  if (picture === null) {
    progress.imageUnreadable = true;
    throw new ProviderError(NOT_A_PICTURE, 'ENDED');
  }
  const { responseId, reported } = progress;
  const createdAt = timestamp(clock.nowMs());
  const image = generatedImage(call, event, picture, {
    id: clock.newId(),
    createdAt,
    imageIndex,
    api,
    responseId,
    reported,
  });
  await transitions.record(
    call.id,
    { type: 'ImageCompleted', imageId: image.id },
    {
      writer,
      change: revisedPrompt === null ? {} : { revised_prompt: revisedPrompt },
      async also(transaction) {
        // It goes to where its conversation is: an image that was paid for is never lost.
        const deletedAt = await deletionOfConversation(transaction, call.principal, call.conversationId);
        await insertImage(transaction, { ...image, deletedAt });
        if (position !== null) await updateAttempt(transaction, key, position);
        // The image is paid for from now on. What it cost is an estimate until the request ends.
        await ledger.enter(transaction, call, costSoFar(recording, progress.images.length + 1));
      },
    },
  );
  progress.images.push(image);
  onImage(image);
  return true;
}

function costSoFar({ request: { key, api }, progress }: Recording, images: number): LedgerEntry {
  const partials = progress.partials.length;
  return { key, api, usage: progress.usage, requestedImages: images, images, partials, purchase: 'RECEIVED' };
}
