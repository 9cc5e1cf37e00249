/**
 * What the upstream tells of one request, written down: pictures with their events, and how far the upstream was read.
 * Knows what is stored already, so that being told again changes nothing.
 */
import type { Logger } from 'pino';
import { type AttemptChange, type AttemptPlace, updateAttempt } from '../db/attempts.ts';
import { nameResponse } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import { findImagesOfCalls, insertImage } from '../db/images.ts';
import { insertPartialImage, partialPlacesOfCall } from '../db/partial-images.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image, Picture } from '../domain/image.ts';
import type { ImageSettings } from '../domain/options.ts';
import type { TokenUsage } from '../domain/usage.ts';
import {
  type KnownPicture,
  type ProviderApi,
  ProviderError,
  type ProviderEvent,
  type ProviderNews,
  type RetrievedEvent,
} from '../provider/image-provider.ts';
import { NOT_A_PICTURE } from './failures.ts';
import { generatedImage } from './generated-image.ts';
import { assertClaim, moveAttempt, type Transitions, type Writer } from './transitions.ts';

/** What a run of the upstream tells, or one look at it. */
export type Arrival = ProviderEvent<Picture | null> | Exclude<RetrievedEvent<Picture | null>, { type: 'running' }>;

export interface Arrivals {
  /** Resolves when it is durable. */
  take(arrival: Arrival): Promise<void>;
  /** The finished pictures that are stored. */
  readonly images: readonly Image[];
  /** How many stages are stored. */
  readonly partials: number;
  /** The response that the upstream named, once it did. */
  readonly responseId: string | null;
  /** Behind which to resume. */
  readonly upstreamSequence: number | null;
  /** The upstream has ended and says that it made a picture, whose bytes never came. */
  readonly picturesMissing: boolean;
  /** What the upstream says that was used, once it did. */
  readonly usage: TokenUsage | null;
  /** What the mainline model said, once the upstream has ended well; null when it said nothing. */
  readonly text: string | null;
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
}

/** The request that is told of. */
export interface ArrivalsOf {
  readonly call: GenerationCall;
  readonly writer: Writer;
  /** The first of its pictures, by its number in the call. */
  readonly lane: number;
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
export async function openArrivals(options: ArrivalsOptions, of: ArrivalsOf, begun: Begun | null): Promise<Arrivals> {
  const { db, transitions, now, newId, logger, onImage } = options;
  const { call, writer, lane, step, api, onAccepted } = of;
  const place: AttemptPlace = { callId: call.id, attempt: writer.attempt, lane };
  const isOurs = ({ imageIndex }: { readonly imageIndex: number }) => imageIndex % step === lane % step;
  const inCall = (index: number) => lane + index * step;
  const inRequest = (index: number) => (index - lane) / step;

  const images =
    begun === null ? [] : (await findImagesOfCalls(db, call.principal, [call.id])).filter((image) => isOurs(image));
  const stages = begun === null ? [] : (await partialPlacesOfCall(db, call.id)).filter((stage) => isOurs(stage));
  let { responseId, upstreamSequence, reported } = begun ?? NOT_BEGUN;
  let picturesMissing = false;
  let usage: TokenUsage | null = null;
  let text: string | null = null;

  async function takePartial(news: Extract<ProviderNews<Picture | null>, { type: 'partial' }>): Promise<void> {
    const { picture, partialIndex: index, itemId } = news;
    const imageIndex = inCall(news.imageIndex);
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
    const { picture, revisedPrompt } = news;
    const imageIndex = inCall(news.imageIndex);
    if (images.some((image) => image.imageIndex === imageIndex)) return;
    if (picture === null) throw new ProviderError(NOT_A_PICTURE, 'ENDED');
    const facts = { id: newId(), createdAt: now(), imageIndex, api, responseId, reported };
    const image = generatedImage(call, news, picture, facts);
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

  async function write(arrival: Arrival): Promise<void> {
    switch (arrival.type) {
      case 'accepted':
        return takeAccepted(arrival);
      case 'partial':
        return takePartial(arrival);
      case 'image':
        return takeImage(arrival);
      case 'completed':
        ({ picturesMissing, text } = arrival);
        usage = arrival.usage?.tokens ?? usage;
        if (arrival.usage !== null) await note({ usage: JSON.stringify(arrival.usage) });
        return;
      case 'progress':
        return;
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
    get picturesMissing() {
      return picturesMissing;
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
    async take(arrival) {
      await write(arrival);
      // A null says nothing: what was read up to before stays read.
      const reached = 'upstreamSequence' in arrival ? arrival.upstreamSequence : null;
      if (reached === null || reached === upstreamSequence) return;
      upstreamSequence = reached;
      // Bare progress is not worth a write: resuming a little earlier only tells again what is known.
      if (arrival.type === 'progress') return;
      await note({ upstream_sequence: reached });
    },
  };
}

const NOT_BEGUN: Begun = { responseId: null, upstreamSequence: null, reported: null };
