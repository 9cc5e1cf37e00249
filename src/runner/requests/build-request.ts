/** Builds the request to the upstream for a call: its prompt, its settings, and the images to work from. */
import { findSourcesOfCalls } from '../../db/queries/images/call-sources.ts';
import { findImages } from '../../db/queries/images/images.ts';
import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Image } from '../../domain/images/image.ts';
import type { MarkupService } from '../../images/markup-service.ts';
import type { MaskService } from '../../images/mask-service.ts';
import type { InputImage, ProviderContext, ProviderRequest } from '../../provider/image-provider.ts';
import { SourceUnreadableError } from '../endings/failures.ts';
import type { Storage } from '../options.ts';
import type { ContextStrategy } from './context-strategies.ts';
import type { Plan } from './plan.ts';
import { impliedSource, namedOf, strategiesFor, type UpstreamTraits } from './sources.ts';
import type { UpstreamFiles } from './upstream-files.ts';

/** How the next attempt of a call names the images to work from. */
export interface ContextChoice {
  readonly current: ContextStrategy | null;
  /** For when the upstream no longer knows the ids that `current` names. */
  readonly next: ContextStrategy | null;
  /** The image that the call builds upon without naming it. */
  readonly contextImageId: string | null;
}

export interface RequestTerms {
  readonly strategy: ContextStrategy | null;
  readonly plan: Plan;
  readonly background: boolean;
  /** Whether the upstream may store the response. */
  readonly store: boolean;
  /** The optional parameters that the upstream does not know. */
  readonly leftOut: readonly string[];
}

export interface RequestBuilderOptions {
  readonly storage: Storage;
  readonly files: Pick<UpstreamFiles, 'uploadOnce'>;
  readonly upstreamTraits: UpstreamTraits;
  readonly safetyIdentifierOf: (principal: string) => string | null;
}

export class RequestBuilder {
  readonly #options: RequestBuilderOptions;

  constructor(options: RequestBuilderOptions) {
    this.#options = options;
  }

  /** @param continues whether the upstream continues from earlier responses, as far as is known */
  async chooseContext(call: GenerationCall, continues: boolean): Promise<ContextChoice> {
    const { storage, upstreamTraits: configured } = this.#options;
    const upstreamTraits = { ...configured, retainsResponses: configured.retainsResponses && continues };
    const given = namedOf(await findSourcesOfCalls(storage.db, call.principal, [call.id]));
    const implied = given.length > 0 ? null : await impliedSource(storage.db, call);
    const images = implied === null ? given : [implied];
    const { principal, request } = call;
    const sendsBytes = request.maskImageId !== null || request.markupImageId !== null;
    const strategies = await strategiesFor(storage.db, { principal, sendsBytes, images }, upstreamTraits);
    // A retried call continues with the strategy of its last attempt.
    const reached = strategies.findIndex(({ route }) => route === call.route);
    const [current = null, next = null] = strategies.slice(Math.max(0, reached));
    return { current, next, contextImageId: implied?.id ?? null };
  }

  /**
   * Builds the request, and uploads its images.
   * @throws {SourceUnreadableError} an image cannot be read · `signal.reason` when it was aborted
   */
  async build(call: GenerationCall, terms: RequestTerms, signal: AbortSignal): Promise<ProviderRequest> {
    const { storage } = this.#options;
    const { strategy, plan, background, store, leftOut } = terms;
    const { kind, maskImageId, markupImageId, ...request } = call.request;
    const isEdit = kind === 'REFINE' || maskImageId !== null || markupImageId !== null;
    return {
      ...request,
      api: plan.api,
      count: plan.imagesPerRequest,
      action: isEdit ? 'EDIT' : 'AUTO',
      context: await this.#contextOf(strategy, signal),
      mask: await this.#overlayOf(call, maskImageId, storage.masks, signal),
      markup: await this.#overlayOf(call, markupImageId, storage.markups, signal),
      safetyIdentifier: this.#options.safetyIdentifierOf(call.principal),
      background,
      store,
      leftOut,
    };
  }

  async #contextOf(strategy: ContextStrategy | null, signal: AbortSignal): Promise<ProviderContext> {
    if (strategy === null) return { route: 'NONE' };
    if (strategy.route !== 'IMAGE_BYTES') return strategy;
    const pictures: InputImage[] = [];
    // One at a time: each is held in memory while it is uploaded.
    for (const image of strategy.images) pictures.push(await this.#sourceOf(image, signal));
    return { route: 'IMAGE_BYTES', pictures };
  }

  #sourceOf(image: Image, signal: AbortSignal): Promise<InputImage> {
    const { storage, files } = this.#options;
    const picture = storage.imageService.forUpstream(image);
    const key = { principal: image.principal, content: picture.key };
    return files.uploadOnce(readable(picture), key, signal);
  }

  /** A mask or markup, in the form that the upstream accepts. */
  async #overlayOf(
    { id, principal }: GenerationCall,
    imageId: string | null,
    service: Pick<MaskService | MarkupService, 'forUpstream'>,
    signal: AbortSignal,
  ): Promise<InputImage | null> {
    if (imageId === null) return null;
    const { storage, files } = this.#options;
    const [image] = await findImages(storage.db, principal, [imageId]);
    if (image === undefined) throw new Error(`the mask or markup ${imageId} of the call ${id} does not exist`);
    const picture = service.forUpstream(image);
    return files.uploadOnce(readable(picture), { principal, content: picture.key }, signal);
  }
}

/** The same picture; a failed read becomes a SourceUnreadableError. */
function readable(picture: InputImage): InputImage {
  const read = () =>
    picture.read().catch((error: unknown) => {
      throw new SourceUnreadableError(error);
    });
  return { ...picture, read };
}
