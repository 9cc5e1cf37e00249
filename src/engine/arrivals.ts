/**
 * What the upstream tells of one attempt, written down: pictures with their events, and how far the upstream was read.
 * Knows what is stored already, so that being told again changes nothing.
 */
import type { Logger } from 'pino';
import { updateAttempt } from '../db/attempts.ts';
import { nameResponse } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import { findImagesOfCalls, insertImage } from '../db/images.ts';
import { insertPartialImage, partialPlacesOfCall } from '../db/partial-images.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image, Picture } from '../domain/image.ts';
import {
  type KnownPicture,
  ProviderError,
  type ProviderEvent,
  type ProviderNews,
  type RetrievedEvent,
} from '../provider/image-provider.ts';
import { NOT_A_PICTURE } from './failures.ts';
import { generatedImage } from './generated-image.ts';
import { moveAttempt, TransitionRefusedError, type Transitions, type Writer } from './transitions.ts';

/** What a run of the upstream tells, or one look at it. */
export type Arrival = ProviderEvent<Picture | null> | Exclude<RetrievedEvent<Picture | null>, { type: 'running' }>;

export interface Arrivals {
  /** Resolves when it is durable. */
  take(arrival: Arrival): Promise<void>;
  /** The finished pictures that are stored. */
  readonly images: readonly Image[];
  /** The response that the upstream named, once it did. */
  readonly responseId: string | null;
  /** Behind which to resume. */
  readonly upstreamSequence: number | null;
  /** The upstream has ended and says that it made a picture, whose bytes never came. */
  readonly picturesMissing: boolean;
  /** What is stored, as the provider wants to know it. */
  known(): readonly KnownPicture[];
}

export interface ArrivalsOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Logger;
  /** Is told of each finished picture once it is stored; nobody waits. */
  readonly onImage: (image: Image) => void;
  /** Is told when the upstream has named its response and the name is stored. */
  readonly onAccepted: () => void;
}

/** How far an earlier process came with an attempt. */
export interface Begun {
  readonly responseId: string | null;
  readonly upstreamSequence: number | null;
}

/** @param begun null for an attempt that begins now */
export async function openArrivals(
  options: ArrivalsOptions,
  call: GenerationCall,
  writer: Writer,
  begun: Begun | null,
): Promise<Arrivals> {
  const { db, transitions, now, newId, logger, onImage, onAccepted } = options;
  const images: Image[] = begun === null ? [] : [...(await findImagesOfCalls(db, call.principal, [call.id]))];
  const stages = begun === null ? [] : [...(await partialPlacesOfCall(db, call.id))];
  let responseId = begun?.responseId ?? null;
  let upstreamSequence = begun?.upstreamSequence ?? null;
  let picturesMissing = false;

  async function takePartial(news: Extract<ProviderNews<Picture | null>, { type: 'partial' }>): Promise<void> {
    const { picture, imageIndex, partialIndex: index, itemId } = news;
    // A resumed stream may tell the stages again.
    if (stages.some((stage) => stage.imageIndex === imageIndex && stage.index === index)) return;
    if (picture === null) {
      logger.warn({ callId: call.id, index }, 'a partial image is not a picture; it is left out');
      return;
    }
    const partial = { ...picture, id: newId(), imageIndex, index };
    await transitions.record(
      call.id,
      { type: 'PartialImageReceived', partial },
      {
        writer,
        also: (transaction, at) =>
          insertPartialImage(transaction, { principal: call.principal, callId: call.id, itemId, at }, partial),
      },
    );
    stages.push({ itemId, imageIndex, index });
  }

  async function takeImage(news: Extract<ProviderNews<Picture | null>, { type: 'image' }>): Promise<void> {
    const { picture, imageIndex, revisedPrompt } = news;
    if (images.some((image) => image.imageIndex === imageIndex)) return;
    if (picture === null) throw new ProviderError(NOT_A_PICTURE, 'ENDED');
    const image = generatedImage(call, news, picture, { id: newId(), createdAt: now() });
    await transitions.record(
      call.id,
      { type: 'ImageCompleted', imageId: image.id },
      {
        writer,
        change: revisedPrompt === null ? {} : { revised_prompt: revisedPrompt },
        also: (transaction) => insertImage(transaction, image),
      },
    );
    images.push(image);
    onImage(image);
  }

  async function takeAccepted(news: Extract<ProviderNews<unknown>, { type: 'accepted' }>): Promise<void> {
    if (!(await nameResponse(db, call.id, writer.instanceId, news.responseId))) {
      throw new TransitionRefusedError(`Call ${call.id} belongs to another writer.`);
    }
    responseId = news.responseId;
    const attempt = { callId: call.id, attempt: writer.attempt };
    await moveAttempt(db, attempt, 'accepted', { response_id: responseId, request_id: news.requestId });
    onAccepted();
  }

  async function write(arrival: Arrival): Promise<void> {
    switch (arrival.type) {
      case 'accepted':
        return takeAccepted(arrival);
      case 'partial':
        return takePartial(arrival);
      case 'image':
        return takeImage(arrival);
      case 'completed': {
        ({ picturesMissing } = arrival);
        const usage = JSON.stringify({ usage: arrival.usage, toolUsage: arrival.toolUsage });
        return updateAttempt(db, call.id, writer.attempt, { usage });
      }
      case 'progress':
        return;
    }
  }

  return {
    get images() {
      return images;
    },
    get responseId() {
      return responseId;
    },
    get upstreamSequence() {
      return upstreamSequence;
    },
    get picturesMissing() {
      return picturesMissing;
    },
    known() {
      const stored = images.map(({ itemId, imageIndex }) => ({ itemId, imageIndex, stored: true }));
      const finished = new Set(images.map(({ imageIndex }) => imageIndex));
      const begunOnly = stages.filter(({ imageIndex, index }) => index === 0 && !finished.has(imageIndex));
      return [...stored, ...begunOnly.map(({ itemId, imageIndex }) => ({ itemId, imageIndex, stored: false }))];
    },
    async take(arrival) {
      await write(arrival);
      // A null says nothing: what was read up to before stays read.
      const reached = 'upstreamSequence' in arrival ? arrival.upstreamSequence : null;
      if (reached === null || reached === upstreamSequence) return;
      upstreamSequence = reached;
      // Bare progress is not worth a write: resuming a little earlier only tells again what is known.
      if (arrival.type === 'progress') return;
      await updateAttempt(db, call.id, writer.attempt, { upstream_sequence: upstreamSequence });
    },
  };
}
