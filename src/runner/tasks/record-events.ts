/**
 * What the upstream tells of one request, written down: pictures with their events, and how far the upstream was read.
 * Knows what is stored already, so that being told again changes nothing.
 */
import type { Logger } from 'pino';
import type { Database } from '../../db/database.ts';
import { type AttemptChange, type AttemptPlace, updateAttempt } from '../../db/queries/attempts.ts';
import { nameResponse } from '../../db/queries/calls.ts';
import { findImagesOfCalls, insertImage } from '../../db/queries/images.ts';
import { insertPartialImage, partialPlacesOfCall } from '../../db/queries/partial-images.ts';
import type { TokenUsage } from '../../domain/cost/usage.ts';
import type { GenerationCall } from '../../domain/generation-call.ts';
import type { Image, Picture } from '../../domain/image.ts';
import type { ImageSettings } from '../../domain/options.ts';
import {
  type KnownImage,
  type ProviderApi,
  ProviderError,
  type ProviderEvent,
  type ProviderEventData,
  type RetrievedEvent,
} from '../../provider/image-provider.ts';
import { assertClaim, moveAttempt, type Transitions, type Writer } from '../../state/transitions.ts';
import { NOT_A_PICTURE } from '../endings/failures.ts';
import { generatedImage } from './generated-image.ts';

/** What a run of the upstream tells, or one look at it. */
export type UpstreamEvent =
  | ProviderEvent<Picture | null>
  | Exclude<RetrievedEvent<Picture | null>, { type: 'running' }>;

export interface EventRecorder {
  /** Resolves when it is durable. */
  take(event: UpstreamEvent): Promise<void>;
  /** The finished pictures that are stored. */
  readonly images: readonly Image[];
  /** How many stages are stored. */
  readonly partials: number;
  /** The response that the upstream named, once it did. */
  readonly responseId: string | null;
  /** Behind which to resume. */
  readonly upstreamSequence: number | null;
  /** The upstream has ended and says that it made a picture, whose bytes never came. */
  readonly imagesMissing: boolean;
  /** What the upstream says that was used, once it did. */
  readonly usage: TokenUsage | null;
  /** What the mainline model said, once the upstream has ended well; null when it said nothing. */
  readonly text: string | null;
  /** What is stored, as the provider wants to know it. */
  known(): readonly KnownImage[];
}

export interface EventRecorderOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Logger;
  /** Is told of each finished picture once it is stored; nobody waits. */
  readonly onImage: (image: Image) => void;
}

/** The request that is told of. */
export interface RecordedTask {
  readonly call: GenerationCall;
  readonly writer: Writer;
  /** The first of its pictures, by its number in the call. */
  readonly task: number;
  /** Its pictures are every so many-th of the call: requests that are made side by side share the numbers. */
  readonly step: number;
  readonly api: ProviderApi;
  /** Is told when the upstream has named its response and the name is stored. */
  readonly onAccepted: () => void;
}

/** How far an earlier process came with a request. */
export interface Begun {
  readonly responseId: string | null;
  readonly upstreamSequence: number | null;
  readonly reported: ImageSettings | null;
}

/** @param begun null for a request that begins now */
export async function openEventRecorder(
  options: EventRecorderOptions,
  of: RecordedTask,
  begun: Begun | null,
): Promise<EventRecorder> {
  const { db, transitions, now, newId, logger, onImage } = options;
  const { call, writer, task, step, api, onAccepted } = of;
  const place: AttemptPlace = { callId: call.id, attempt: writer.attempt, task };
  const isOurs = ({ imageIndex }: { readonly imageIndex: number }) => imageIndex % step === task % step;
  const inCall = (index: number) => task + index * step;
  const inRequest = (index: number) => (index - task) / step;

  const images =
    begun === null ? [] : (await findImagesOfCalls(db, call.principal, [call.id])).filter((image) => isOurs(image));
  const stages = begun === null ? [] : (await partialPlacesOfCall(db, call.id)).filter((stage) => isOurs(stage));
  let { responseId, upstreamSequence, reported } = begun ?? NOT_BEGUN;
  let imagesMissing = false;
  let usage: TokenUsage | null = null;
  let text: string | null = null;

  async function takePartial(
    news: Extract<ProviderEventData<Picture | null>, { type: 'partial' }>,
    mark: Mark,
  ): Promise<boolean> {
    const { picture, partialIndex: index, itemId } = news;
    const imageIndex = inCall(news.imageIndex);
    // A resumed stream may tell the stages again.
    if (stages.some((stage) => stage.imageIndex === imageIndex && stage.index === index)) return false;
    if (picture === null) {
      logger.warn({ callId: call.id, index }, 'a partial image is not a picture; it is left out');
      return false;
    }
    const partial = { ...picture, id: newId(), imageIndex, index };
    await transitions.record(
      call.id,
      { type: 'PartialImageReceived', partial },
      {
        writer,
        async also(transaction, at) {
          await insertPartialImage(transaction, { principal: call.principal, callId: call.id, itemId, at }, partial);
          if (mark !== null) await updateAttempt(transaction, place, mark);
        },
      },
    );
    stages.push({ itemId, imageIndex, index });
    return true;
  }

  async function takeImage(
    news: Extract<ProviderEventData<Picture | null>, { type: 'image' }>,
    mark: Mark,
  ): Promise<boolean> {
    const { picture, revisedPrompt } = news;
    const imageIndex = inCall(news.imageIndex);
    if (images.some((image) => image.imageIndex === imageIndex)) return false;
    if (picture === null) throw new ProviderError(NOT_A_PICTURE, 'ENDED');
    const facts = { id: newId(), createdAt: now(), imageIndex, api, responseId, reported };
    const image = generatedImage(call, news, picture, facts);
    await transitions.record(
      call.id,
      { type: 'ImageCompleted', imageId: image.id },
      {
        writer,
        change: revisedPrompt === null ? {} : { revised_prompt: revisedPrompt },
        async also(transaction) {
          await insertImage(transaction, image);
          if (mark !== null) await updateAttempt(transaction, place, mark);
        },
      },
    );
    images.push(image);
    onImage(image);
    return true;
  }

  async function takeAccepted(news: Extract<ProviderEventData<unknown>, { type: 'accepted' }>): Promise<void> {
    const change = {
      response_id: news.responseId,
      request_id: news.requestId,
      reported: news.reported === null ? null : JSON.stringify(news.reported),
    };
    await db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, call.id, writer);
      await nameResponse(transaction, call.id, news.responseId);
      await moveAttempt(transaction, place, 'accepted', change);
    });
    ({ responseId, reported } = news);
    onAccepted();
  }

  async function note(change: AttemptChange): Promise<void> {
    await db.transaction().execute(async (transaction) => {
      await assertClaim(transaction, call.id, writer);
      await updateAttempt(transaction, place, change);
    });
  }

  /** Resolves with whether the mark was written with it. */
  async function write(event: UpstreamEvent, mark: Mark): Promise<boolean> {
    switch (event.type) {
      case 'accepted':
        await takeAccepted(event);
        return false;
      case 'partial':
        return takePartial(event, mark);
      case 'image':
        return takeImage(event, mark);
      case 'completed':
        ({ imagesMissing, text } = event);
        usage = event.usage?.tokens ?? usage;
        if (event.usage === null) return false;
        await note({ ...mark, usage: JSON.stringify(event.usage) });
        return true;
      case 'progress':
        // Not worth a write: resuming a little earlier only tells again what is known.
        return true;
    }
  }

  return {
    get images() {
      return images;
    },
    get partials() {
      return stages.length;
    },
    get responseId() {
      return responseId;
    },
    get upstreamSequence() {
      return upstreamSequence;
    },
    get imagesMissing() {
      return imagesMissing;
    },
    get usage() {
      return usage;
    },
    get text() {
      return text;
    },
    known() {
      const stored = images.map(({ itemId, imageIndex }) => ({
        itemId,
        imageIndex: inRequest(imageIndex),
        stored: true,
      }));
      const finished = new Set(images.map(({ imageIndex }) => imageIndex));
      const begunOnly = stages.filter(({ imageIndex, index }) => index === 0 && !finished.has(imageIndex));
      return [
        ...stored,
        ...begunOnly.map(({ itemId, imageIndex }) => ({ itemId, imageIndex: inRequest(imageIndex), stored: false })),
      ];
    },
    async take(event) {
      // A null says nothing: what was read up to before stays read.
      const reached = ('upstreamSequence' in event ? event.upstreamSequence : null) ?? upstreamSequence;
      const mark = reached === upstreamSequence ? null : { upstream_sequence: reached };
      const isMarked = await write(event, mark);
      upstreamSequence = reached;
      if (mark !== null && !isMarked) await note(mark);
    },
  };
}

/** How far the upstream was read, where that is news; written with what was read, where anything is. */
type Mark = Pick<AttemptChange, 'upstream_sequence'> | null;

const NOT_BEGUN: Begun = { responseId: null, upstreamSequence: null, reported: null };
