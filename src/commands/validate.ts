/**
 * What a client asks for, checked before anything is stored or spent: every field that is wrong is told at once, what is
 * named has to be there and be theirs, and what the catalogue knows the model cannot do is refused.
 */

import type { Database } from '../db/database.ts';
import { findConversations } from '../db/queries/conversations.ts';
import { findImages } from '../db/queries/images.ts';
import { type FieldError, NotFoundError, UnsupportedOptionError } from '../domain/errors.ts';
import { type RequestInput, refuseIfAny, requestErrors, requestFromInput } from '../domain/generation-input.ts';
import type { GenerationKind, GenerationRequest } from '../domain/generation-request.ts';
import type { Image } from '../domain/image.ts';
import { byteProblem } from '../domain/input-bytes.ts';
import { unsupportedOption } from '../domain/models/catalogue.ts';
import { outsideImageApi, WHOLE_IMAGE_API_FORMATS } from '../domain/models/image-api.ts';
import type { CatalogueModel } from '../domain/models/table.ts';
import type { MaskService } from '../images/mask-service.ts';
import { impliedSource, strategiesFor, type UpstreamTraits } from '../runner/sources.ts';
import { IDEMPOTENCY_KEY_MAX_LENGTH } from './idempotency.ts';

/** The upstream takes no more pictures with one request. */
const MAX_SOURCES = 16;

interface Input {
  readonly request: RequestInput;
  readonly idempotencyKey: string | null;
  /** Invalid fields found while the input was read; they are reported with the rest. */
  readonly errors: readonly FieldError[];
}

export interface GenerateInput extends Input {
  readonly conversationId: string | null;
  readonly sourceImageIds: readonly string[];
}

export interface RefineInput extends Input {
  readonly imageId: string;
}

/** A valid request, with what it refers to. */
export interface CheckedRequest {
  readonly request: GenerationRequest;
  /** Null for a new conversation. */
  readonly conversationId: string | null;
  readonly sources: readonly Image[];
  readonly idempotencyKey: string | null;
}

/** The pictures that a call builds upon. */
interface WorksFrom {
  /** What of the input says so. */
  readonly field: string;
  readonly images: readonly Image[];
}

export interface RequestValidator {
  /**
   * @throws {InvalidInputError} naming each wrong field · {NotFoundError} no such conversation or image ·
   * {UnsupportedOptionError} the model cannot do that
   */
  generate(principal: string, input: GenerateInput): Promise<CheckedRequest>;
  /** @throws as `generate` */
  refine(principal: string, input: RefineInput): Promise<CheckedRequest>;
  /**
   * @param worksFrom the sources, or the picture that is built upon without having been named
   * @throws {UnsupportedOptionError} the model, or the API that is asked, cannot do that (any more)
   */
  refuseUnsupported(request: GenerationRequest, worksFrom: readonly Image[]): void;
}

export interface RequestValidatorOptions {
  readonly db: Database;
  readonly masks: Pick<MaskService, 'checkMask'>;
  /** What the catalogue knows of a model, or of the default one; null where it knows nothing. */
  readonly modelFor: (name: string | null) => CatalogueModel | null;
  readonly upstreamTraits: UpstreamTraits;
  /** Whether pictures are uploaded to the upstream as files, instead of being sent with each request. */
  readonly files: boolean;
  readonly now: () => string;
}

export function createRequestValidator(options: RequestValidatorOptions): RequestValidator {
  const { db, masks, modelFor, upstreamTraits, files, now } = options;
  const imagesOnly = upstreamTraits.policy === 'IMAGES';

  function fieldErrors({ request, idempotencyKey, errors }: Input): readonly FieldError[] {
    return [...errors, ...requestErrors(request), ...keyErrors('idempotencyKey', idempotencyKey)];
  }

  async function imagesNamed(principal: string, field: string, ids: readonly string[]): Promise<readonly Image[]> {
    const found = new Map((await findImages(db, principal, ids)).map((image) => [image.id, image]));
    return ids.map((id) => {
      const image = found.get(id);
      if (image === undefined) throw new NotFoundError(field, 'image');
      return image;
    });
  }

  async function refuseUnfitMask(principal: string, maskImageId: string | null, sources: readonly Image[]) {
    if (maskImageId === null) return;
    const [mask] = await imagesNamed(principal, 'maskImageId', [maskImageId]);
    const [source] = sources;
    if (mask !== undefined && source !== undefined) refuseIfAny(await masks.checkMask(mask, source));
  }

  function refuseUnsupported(request: GenerationRequest, worksFrom: readonly Image[]): void {
    const { settings, count, maskImageId } = request;
    const model = modelFor(settings.model);
    const hasMask = maskImageId !== null;
    const unsupported =
      (model === null ? null : unsupportedOption({ settings, count, hasMask }, model, new Date(now()))) ??
      (imagesOnly ? outsideImageApi({ settings, hasSources: worksFrom.length > 0 }) : null);
    if (unsupported !== null) throw new UnsupportedOptionError(unsupported);
  }

  /** What goes by its bytes has to be small enough; what the upstream still knows may be of any size. */
  async function byteErrors(
    principal: string,
    { field, images }: WorksFrom,
    hasMask: boolean,
  ): Promise<readonly FieldError[]> {
    const [strategy] = await strategiesFor(db, { principal, hasMask, images }, upstreamTraits);
    const problem = strategy?.route === 'IMAGE_BYTES' ? byteProblem(strategy.images, files) : null;
    const what = field === 'conversationId' ? 'goes on from' : 'names';
    return problem === null ? [] : [{ field, message: `${what} ${problem}.` }];
  }

  async function checked(
    principal: string,
    kind: GenerationKind,
    input: Input,
    of: Pick<CheckedRequest, 'conversationId' | 'sources'>,
    worksFrom: WorksFrom,
  ): Promise<CheckedRequest> {
    const request = requestFromInput(kind, input.request, imagesOnly ? WHOLE_IMAGE_API_FORMATS : undefined);
    await refuseUnfitMask(principal, request.maskImageId, of.sources);
    refuseIfAny(await byteErrors(principal, worksFrom, request.maskImageId !== null));
    refuseUnsupported(request, worksFrom.images);
    return { ...of, request, idempotencyKey: input.idempotencyKey };
  }

  async function worksFromOf(principal: string, conversationId: string | null, sources: readonly Image[]) {
    if (sources.length > 0 || conversationId === null) return { field: 'sourceImageIds', images: sources };
    const implied = await impliedSource(db, { principal, conversationId, context: { isOpen: true, imageId: null } });
    return { field: 'conversationId', images: implied === null ? [] : [implied] };
  }

  return {
    refuseUnsupported,

    async generate(principal, input) {
      const { conversationId, sourceImageIds, request } = input;
      refuseIfAny([...fieldErrors(input), ...sourceErrors(sourceImageIds, request.maskImageId)]);
      if (conversationId !== null) {
        const [conversation] = await findConversations(db, principal, [conversationId]);
        if (conversation === undefined) throw new NotFoundError('conversationId', 'conversation');
      }
      const sources = await imagesNamed(principal, 'sourceImageIds', sourceImageIds);
      const worksFrom = await worksFromOf(principal, conversationId, sources);
      return checked(principal, 'GENERATE', input, { conversationId, sources }, worksFrom);
    },

    async refine(principal, input) {
      refuseIfAny(fieldErrors(input));
      const sources = await imagesNamed(principal, 'imageId', [input.imageId]);
      const conversationId = sources[0]?.conversationId ?? null;
      const worksFrom = { field: 'imageId', images: sources };
      return checked(principal, 'REFINE', input, { conversationId, sources }, worksFrom);
    },
  };
}

function sourceErrors(sourceImageIds: readonly string[], maskImageId: string | null): FieldError[] {
  const errors: FieldError[] = [];
  if (sourceImageIds.length > MAX_SOURCES) {
    const message = `names ${sourceImageIds.length} pictures; the upstream takes ${MAX_SOURCES} at most.`;
    errors.push({ field: 'sourceImageIds', message });
  }
  if (maskImageId !== null && sourceImageIds.length === 0) {
    const message = 'needs a picture to lie over: name it in `sourceImageIds`, or refine a picture.';
    errors.push({ field: 'maskImageId', message });
  }
  return errors;
}

/** What is wrong with an idempotency key. */
export function keyErrors(field: string, key: string | null): FieldError[] {
  if (key === null || (key !== '' && key.length <= IDEMPOTENCY_KEY_MAX_LENGTH)) return [];
  return [{ field, message: `must have 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} characters, not ${key.length}.` }];
}
