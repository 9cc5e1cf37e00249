/** What the upstream is asked for a call: its words, its settings, and the pictures to work from in the best way left. */
import { createHash } from 'node:crypto';
import type { Masks } from '../commands/masks.ts';
import { impliedSource, strategiesFor, type UpstreamTraits } from '../commands/sources.ts';
import type { Database } from '../db/database.ts';
import { findImages, findSourcesOfCalls } from '../db/queries/images.ts';
import type { GenerationCall } from '../domain/generation-call.ts';
import type { Image } from '../domain/image.ts';
import type { Pictures } from '../images/service.ts';
import type { ProviderContext, ProviderPicture, ProviderRequest } from '../provider/image-provider.ts';
import type { ContextStrategy } from './context-strategies.ts';
import { SourceUnreadableError } from './endings/failures.ts';
import type { Plan } from './plan.ts';
import type { UpstreamFiles } from './upstream-files.ts';

/** The strategy to stand on now, and the one below it, for when the upstream has forgotten what this one names. */
export interface Strategies {
  readonly current: ContextStrategy | null;
  readonly next: ContextStrategy | null;
  /** The picture that is built upon without having been named. */
  readonly contextImageId: string | null;
}

export interface Requests {
  strategiesFor(call: GenerationCall): Promise<Strategies>;
  /** Rejects with what reading or laying up the pictures rejects with, and with `signal.reason`. */
  requestFor(
    call: GenerationCall,
    terms: { readonly strategy: ContextStrategy | null; readonly plan: Plan; readonly background: boolean },
    signal: AbortSignal,
  ): Promise<ProviderRequest>;
}

export interface RequestsOptions {
  readonly db: Database;
  readonly pictures: Pick<Pictures, 'forUpstream'>;
  readonly masks: Pick<Masks, 'forUpstream'>;
  readonly files: Pick<UpstreamFiles, 'lay'>;
  readonly upstreamTraits: UpstreamTraits;
}

export function createRequests(options: RequestsOptions): Requests {
  const { db, pictures, masks, files, upstreamTraits } = options;

  function lay(image: Image, signal: AbortSignal): Promise<ProviderPicture> {
    return files.lay(readable(pictures.forUpstream(image)), image.sha256, signal);
  }

  async function contextOf(strategy: ContextStrategy | null, signal: AbortSignal): Promise<ProviderContext> {
    if (strategy === null) return { route: 'NONE' };
    if (strategy.route !== 'IMAGE_BYTES') return strategy;
    const laid: ProviderPicture[] = [];
    // One after the other: each is held in memory while it goes up.
    for (const image of strategy.images) laid.push(await lay(image, signal));
    return { route: 'IMAGE_BYTES', pictures: laid };
  }

  async function maskOf({ principal, request: { maskImageId } }: GenerationCall, signal: AbortSignal) {
    if (maskImageId === null) return null;
    const [mask] = await findImages(db, principal, [maskImageId]);
    if (mask === undefined) throw new Error(`mask ${maskImageId} of a call is not there`);
    const picture = masks.forUpstream(mask);
    return files.lay(readable(picture), picture.key, signal);
  }

  return {
    async strategiesFor(call) {
      const given = await findSourcesOfCalls(db, call.principal, [call.id]);
      const implied = given.length > 0 ? null : await impliedSource(db, call);
      const images = implied === null ? given.map(({ image }) => image) : [implied];
      const hasMask = call.request.maskImageId !== null;
      const strategies = await strategiesFor(db, { principal: call.principal, hasMask, images }, upstreamTraits);
      // A call that was tried before goes on from the strategy that it had come to.
      const reached = strategies.findIndex(({ route }) => route === call.route);
      const [current = null, next = null] = strategies.slice(Math.max(0, reached));
      return { current, next, contextImageId: implied?.id ?? null };
    },

    async requestFor(call, { strategy, plan, background }, signal) {
      const { kind, maskImageId, ...asked } = call.request;
      return {
        ...asked,
        api: plan.api,
        count: plan.pictures,
        action: kind === 'REFINE' || maskImageId !== null ? 'EDIT' : 'AUTO',
        context: await contextOf(strategy, signal),
        mask: await maskOf(call, signal),
        safetyIdentifier: createHash('sha256').update(`darkroom:${call.principal}`).digest('hex'),
        background,
      };
    },
  };
}

/** The same, whose reading fails as what it is to a call. */
function readable(picture: ProviderPicture): ProviderPicture {
  const read = () =>
    picture.read().catch((error: unknown) => {
      throw new SourceUnreadableError(error);
    });
  return { ...picture, read };
}
