/** What the upstream is asked for a call: its words, its settings, and the picture to work from in the best way left. */
import { createHash } from 'node:crypto';
import { findCalls } from '../db/calls.ts';
import type { Database } from '../db/database.ts';
import { findImagesOfCalls, findSourcesOfCalls, newestImage } from '../db/images.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { ProviderContext, ProviderRequest } from '../provider/image-provider.ts';
import { type ContextRung, contextLadder } from './context-ladder.ts';
import type { Pictures } from './pictures.ts';

/** The rung to stand on now, and the one below it, for when the upstream has forgotten what this one names. */
export interface Rungs {
  readonly current: ContextRung | null;
  readonly next: ContextRung | null;
}

export interface Requests {
  rungsFor(call: GenerationCall): Promise<Rungs>;
  requestFor(call: GenerationCall, rung: ContextRung | null, background: boolean): ProviderRequest;
}

export interface RequestsOptions {
  readonly db: Database;
  readonly pictures: Pick<Pictures, 'forUpstream'>;
  /** Names the upstream, so that its ids are never shown to another one. */
  readonly upstream: string;
}

export function createRequests({ db, pictures, upstream }: RequestsOptions): Requests {
  function contextOf(rung: ContextRung | null): ProviderContext {
    if (rung === null) return { route: 'NONE' };
    if (rung.route !== 'IMAGE_BYTES') return rung;
    return { route: 'IMAGE_BYTES', pictures: rung.images.map((image) => pictures.forUpstream(image)) };
  }

  return {
    async rungsFor(call) {
      const { principal } = call;
      const [given] = await findSourcesOfCalls(db, principal, [call.id]);
      // In a conversation a new picture builds upon the newest one, as the next message of a chat would.
      const image = given?.image ?? (await newestImage(db, principal, call.conversationId));
      if (image === null) return { current: null, next: null };
      const [madeBy] = image.callId === null ? [] : await findCalls(db, principal, [image.callId]);
      const siblings = madeBy === undefined ? [] : await findImagesOfCalls(db, principal, [madeBy.id]);
      const ladder = contextLadder({ image, call: madeBy ?? null, siblings: siblings.length }, upstream);
      // A call that was tried before goes on from the rung that it had come to.
      const reached = ladder.findIndex(({ route }) => route === call.route);
      const [current = null, next = null] = ladder.slice(Math.max(0, reached));
      return { current, next };
    },

    requestFor(call, rung, background) {
      return {
        prompt: call.prompt,
        settings: call.requested,
        action: call.kind === 'REFINE' ? 'EDIT' : 'AUTO',
        context: contextOf(rung),
        safetyIdentifier: createHash('sha256').update(`darkroom:${call.principal}`).digest('hex'),
        background,
      };
    },
  };
}
