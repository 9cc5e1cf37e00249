/**
 * Brings one call from the queue to its end: asks the upstream, stores what arrives, records what happened. An attempt
 * is recorded before the upstream is asked (promise 6); bytes are stored before the event that names them (promise 4).
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { insertAttempt, updateAttempt } from '../db/attempts.ts';
import { callIdsByStatus, findCall, findCalls, updateCall } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import { findImagesOfCalls, findSourcesOfCalls, insertImage, newestImage } from '../db/images.ts';
import { insertPartialImage } from '../db/partial-images.ts';
import type { GenerationFailure } from '../domain/failure.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image, Picture } from '../domain/image.ts';
import {
  type ImageProvider,
  type ProviderContext,
  ProviderError,
  type ProviderEvent,
} from '../provider/image-provider.ts';
import { type ContextRung, contextLadder, RUNG_REASONS } from './context-ladder.ts';
import { failureOf, LOST_WITH_SERVER, NO_PICTURE_CAME, NOT_A_PICTURE } from './failures.ts';
import type { Pictures } from './pictures.ts';
import { TransitionRefusedError, type Transitions } from './transitions.ts';

export interface Worker {
  /** Works on a queued call until it has ended; never rejects. A call that is not queued (any more) is left alone. */
  run(callId: string): Promise<void>;
  /** Ends what an earlier process left in the middle, and returns the ids of the calls that still wait, oldest first. */
  recover(): Promise<readonly string[]>;
}

export interface WorkerOptions {
  readonly db: Database;
  readonly transitions: Transitions;
  readonly pictures: Pictures;
  readonly provider: ImageProvider;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
  /** Aborts what runs, at a stop that cannot wait. */
  readonly signal: AbortSignal;
  readonly now: () => string;
  readonly newId: () => string;
  readonly logger: Logger;
}

export function createWorker(options: WorkerOptions): Worker {
  const { db, transitions, pictures, provider, upstream, signal, now, newId, logger } = options;

  /** The ways to tell the upstream what to work from; a call that builds on nothing has one: none. */
  async function rungsOf(call: GenerationCall): Promise<readonly (ContextRung | null)[]> {
    const { principal } = call;
    const [given] = await findSourcesOfCalls(db, principal, [call.id]);
    // In a conversation a new picture builds upon the newest one, as the next message of a chat would.
    const image = given?.image ?? (await newestImage(db, principal, call.conversationId));
    if (image === null) return [null];
    const [madeBy] = image.callId === null ? [] : await findCalls(db, principal, [image.callId]);
    const siblings = madeBy === undefined ? [] : await findImagesOfCalls(db, principal, [madeBy.id]);
    return contextLadder({ image, call: madeBy ?? null, siblings: siblings.length }, upstream);
  }

  function contextOf(rung: ContextRung | null): ProviderContext {
    if (rung === null) return { route: 'NONE' };
    if (rung.route !== 'IMAGE_BYTES') return rung;
    return { route: 'IMAGE_BYTES', pictures: rung.images.map((image) => pictures.forUpstream(image)) };
  }

  /** One request to the upstream, to its end. Returns the pictures that came; throws what went wrong. */
  async function attempt(call: GenerationCall, number: number, rung: ContextRung | null): Promise<readonly Image[]> {
    const route = rung?.route ?? null;
    await transitions.record(
      call.id,
      { type: 'GenerationStarted', attempt: number },
      {
        change: { attempts: number, route, upstream, response_id: null },
        also: (transaction, at) =>
          insertAttempt(transaction, {
            call_id: call.id,
            attempt: number,
            principal: call.principal,
            route,
            started_at: at,
          }),
      },
    );
    const images: Image[] = [];
    const events = provider.generate(
      {
        prompt: call.prompt,
        settings: call.requested,
        action: call.kind === 'REFINE' ? 'EDIT' : 'AUTO',
        context: contextOf(rung),
        safetyIdentifier: createHash('sha256').update(`darkroom:${call.principal}`).digest('hex'),
      },
      { signal, openSink: pictures.openSink },
    );
    try {
      for await (const event of events) await record(call, number, event, images);
    } catch (error) {
      // Bytes decide: once a picture is stored, whatever went wrong behind it takes nothing away.
      if (images.length === 0 || error instanceof TransitionRefusedError) throw error;
      logger.warn({ callId: call.id, failure: failureOf(error) }, 'the upstream failed after the picture had come');
    } finally {
      await updateAttempt(db, call.id, number, { ended_at: now() });
    }
    return images;
  }

  async function record(
    call: GenerationCall,
    number: number,
    event: ProviderEvent<Picture | null>,
    images: Image[],
  ): Promise<void> {
    switch (event.type) {
      case 'accepted': {
        const { responseId, requestId } = event;
        await updateAttempt(db, call.id, number, { response_id: responseId, request_id: requestId });
        await updateCall(db, call.id, { response_id: responseId });
        return;
      }
      case 'partial': {
        const { picture, imageIndex, partialIndex } = event;
        if (picture === null) {
          logger.warn({ callId: call.id, partialIndex }, 'a partial image is not a picture; it is left out');
          return;
        }
        const partial = { ...picture, id: newId(), imageIndex, index: partialIndex };
        await transitions.record(
          call.id,
          { type: 'PartialImageReceived', partial },
          {
            also: (transaction, at) =>
              insertPartialImage(transaction, { principal: call.principal, callId: call.id, at }, partial),
          },
        );
        return;
      }
      case 'image': {
        if (event.picture === null) throw new ProviderError(NOT_A_PICTURE, { nothingBought: false });
        const image = imageOf(call, event, event.picture);
        await transitions.record(
          call.id,
          { type: 'ImageCompleted', imageId: image.id },
          {
            change: event.revisedPrompt === null ? {} : { revised_prompt: event.revisedPrompt },
            also: (transaction) => insertImage(transaction, image),
          },
        );
        images.push(image);
        // Ready before anybody asks for it; nobody waits.
        void pictures.thumbhash(image);
        return;
      }
      case 'completed': {
        const usage = JSON.stringify({ usage: event.usage, toolUsage: event.toolUsage });
        await updateAttempt(db, call.id, number, { usage });
      }
    }
  }

  function imageOf(
    call: GenerationCall,
    event: Extract<ProviderEvent<unknown>, { type: 'image' }>,
    picture: Picture,
  ): Image {
    return {
      ...picture,
      id: newId(),
      principal: call.principal,
      conversationId: call.conversationId,
      callId: call.id,
      imageIndex: event.imageIndex,
      origin: 'GENERATED',
      prompt: call.prompt,
      revisedPrompt: event.revisedPrompt,
      requested: call.requested,
      actual: event.actual,
      itemId: event.itemId,
      thumbhash: null,
      createdAt: now(),
    };
  }

  async function work(call: GenerationCall): Promise<void> {
    const rungs = await rungsOf(call);
    for (const [index, rung] of rungs.entries()) {
      const number = call.attempts + index + 1;
      try {
        await complete(call.id, await attempt(call, number, rung));
        return;
      } catch (error) {
        const next = rungs[index + 1];
        if (next == null || !(error instanceof ProviderError && error.contextLost && error.nothingBought)) throw error;
        const reason = RUNG_REASONS[next.route];
        logger.info({ callId: call.id, route: next.route }, reason);
        await transitions.record(call.id, {
          type: 'GenerationRetrying',
          attempt: number + 1,
          reason,
          retryAt: now(),
        });
      }
    }
  }

  async function complete(callId: string, images: readonly Image[]): Promise<void> {
    if (images.length === 0) throw new ProviderError(NO_PICTURE_CAME, { nothingBought: false });
    await transitions.record(callId, { type: 'GenerationCompleted', imageIds: images.map(({ id }) => id) });
  }

  /** An upstream's error is told by its failure alone: behind it stands raw text that may hold anything. */
  function logFailure(callId: string, failure: GenerationFailure, error: unknown): void {
    if (error instanceof ProviderError) logger.warn({ callId, failure }, 'generation failed');
    else logger.error({ callId, failure, err: error }, 'generation failed');
  }

  async function fail(callId: string, failure: GenerationFailure): Promise<void> {
    await transitions.record(
      callId,
      { type: 'GenerationFailed', failure },
      { change: { failure: JSON.stringify(failure) } },
    );
  }

  return {
    async run(callId) {
      try {
        const call = await findCall(db, callId);
        if (call === null || call.status !== 'QUEUED') return;
        try {
          await work(call);
        } catch (error) {
          if (error instanceof TransitionRefusedError) throw error;
          const failure = signal.aborted ? LOST_WITH_SERVER : failureOf(error);
          logFailure(callId, failure, error);
          await fail(callId, failure);
        }
      } catch (error) {
        // Not even the failure could be recorded: the call keeps its state, and the next start ends it.
        logger.error({ err: error, callId }, 'generation left unfinished');
      }
    },

    async recover() {
      for (const callId of await callIdsByStatus(db, 'IN_PROGRESS')) {
        const call = await findCall(db, callId);
        if (call === null) continue;
        const images = await findImagesOfCalls(db, call.principal, [callId]);
        logger.warn({ callId, images: images.length }, 'a call was left in the middle by an earlier process');
        if (images.length > 0) await complete(callId, images);
        else await fail(callId, LOST_WITH_SERVER);
      }
      return callIdsByStatus(db, 'QUEUED');
    },
  };
}
