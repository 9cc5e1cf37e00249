/**
 * Validates requests before anything is stored or spent. All invalid fields are reported at once, every id must belong to
 * an object of the principal, and options that the model is known not to support are rejected.
 */

import type { Database } from '../../db/database.ts';
import { UnsupportedOptionError } from '../../domain/errors.ts';
import { refuseIfAny, requestFromInput } from '../../domain/generation/generation-input.ts';
import type { GenerationKind, GenerationRequest } from '../../domain/generation/generation-request.ts';
import type { Image } from '../../domain/images/image.ts';
import { byteProblem } from '../../domain/limits/input-bytes.ts';
import { unsupportedOption } from '../../domain/models/catalogue.ts';
import { outsideImageApi, WHOLE_IMAGE_API_FORMATS } from '../../domain/models/image-api.ts';
import { outsideConfiguration } from '../../domain/models/server-rules.ts';
import type { CatalogueModel } from '../../domain/models/table.ts';
import type { MarkupService } from '../../images/markup-service.ts';
import type { MaskService } from '../../images/mask-service.ts';
import { impliedSource, strategiesFor, type UpstreamTraits } from '../../runner/requests/sources.ts';
import { requireImages, requireOpenConversation } from '../references.ts';
import { commonErrors, sourceErrors } from './field-errors.ts';
import type { CheckedRequest, CommonInput, GenerateInput, RefineInput } from './inputs.ts';

export interface RequestValidator {
  /**
   * @throws {InvalidInputError} names each invalid field · {NotFoundError} no such conversation or image ·
   * {InTrashError} one of them is in the trash · {UnsupportedOptionError} the model does not support an option
   */
  generate(principal: string, input: GenerateInput): Promise<CheckedRequest>;
  /** @throws as `generate` */
  refine(principal: string, input: RefineInput): Promise<CheckedRequest>;
  /**
   * @param context the sources, or the image that the call builds upon without naming it
   * @throws {UnsupportedOptionError} the model, or the API in use, does not support an option, or no longer does
   */
  refuseUnsupported(request: GenerationRequest, context: readonly Image[]): void;
}

export interface RequestValidatorOptions {
  readonly db: Database;
  readonly masks: Pick<MaskService, 'checkMask'>;
  readonly markups: Pick<MarkupService, 'checkMarkup'>;
  /** The catalogue entry of a model, or of the default model for null; null for a model that is not in the catalogue. */
  readonly modelFor: (name: string | null) => CatalogueModel | null;
  readonly upstreamTraits: UpstreamTraits;
  /** Whether source images are uploaded to the upstream as files, instead of being sent with each request. */
  readonly files: boolean;
  readonly now: () => string;
}

export function createRequestValidator(options: RequestValidatorOptions): RequestValidator {
  const { db } = options;
  return {
    async generate(principal, input) {
      const { conversationId, sourceImageIds, request } = input;
      refuseIfAny([...commonErrors(input), ...sourceErrors(sourceImageIds, request)]);
      await requireOpenConversation(db, principal, conversationId);
      const sources = await requireImages(db, principal, 'sourceImageIds', sourceImageIds);
      const context = await contextOf(db, principal, conversationId, sources);
      return checkRequest(options, principal, input, { kind: 'GENERATE', conversationId, sources, context });
    },

    async refine(principal, input) {
      refuseIfAny(commonErrors(input));
      const sources = await requireImages(db, principal, 'imageId', [input.imageId]);
      const conversationId = sources[0]?.conversationId ?? null;
      const context = { field: 'imageId', images: sources };
      return checkRequest(options, principal, input, { kind: 'REFINE', conversationId, sources, context });
    },

    refuseUnsupported: (request, images) => refuseUnsupported(options, request, images),
  };
}

/** The images that a call builds upon. */
interface RequestContext {
  /** The input field that names them. */
  readonly field: string;
  readonly images: readonly Image[];
}

/** The objects that an input refers to. */
interface References extends Pick<CheckedRequest, 'conversationId' | 'sources'> {
  readonly kind: GenerationKind;
  readonly context: RequestContext;
}

/** The source images, or else the newest image of the conversation. */
async function contextOf(
  db: Database,
  principal: string,
  conversationId: string | null,
  sources: readonly Image[],
): Promise<RequestContext> {
  if (sources.length > 0 || conversationId === null) return { field: 'sourceImageIds', images: sources };
  const implied = await impliedSource(db, { principal, conversationId, context: { isOpen: true, imageId: null } });
  return { field: 'conversationId', images: implied === null ? [] : [implied] };
}

/** Checks that depend on the mask or markup, on the images that the call builds upon, and on the model. */
async function checkRequest(
  options: RequestValidatorOptions,
  principal: string,
  input: CommonInput,
  { kind, conversationId, sources, context }: References,
): Promise<CheckedRequest> {
  const isForImageApi = usesImageApiOnly(options) || input.request.markupImageId !== null;
  const request = requestFromInput(kind, input.request, isForImageApi ? WHOLE_IMAGE_API_FORMATS : undefined);
  await refuseUnusableMask(options, principal, request.maskImageId, sources);
  const markup = await requireMarkup(options, principal, request.markupImageId, sources);
  await refuseTooManyBytes(options, principal, context, { hasMask: request.maskImageId !== null, markup });
  refuseUnsupported(options, request, context.images);
  return { conversationId, sources, request, idempotencyKey: input.idempotencyKey };
}

async function refuseUnusableMask(
  { db, masks }: RequestValidatorOptions,
  principal: string,
  maskImageId: string | null,
  sources: readonly Image[],
): Promise<void> {
  if (maskImageId === null) return;
  const [mask] = await requireImages(db, principal, 'maskImageId', [maskImageId]);
  const [source] = sources;
  if (mask !== undefined && source !== undefined) refuseIfAny(await masks.checkMask(mask, source));
}

/** @returns null when there is none */
async function requireMarkup(
  { db, markups }: RequestValidatorOptions,
  principal: string,
  markupImageId: string | null,
  sources: readonly Image[],
): Promise<Image | null> {
  if (markupImageId === null) return null;
  const [markup] = await requireImages(db, principal, 'markupImageId', [markupImageId]);
  const [source] = sources;
  if (markup !== undefined && source !== undefined) refuseIfAny(await markups.checkMarkup(markup, source));
  return markup ?? null;
}

/** Limits the images that are sent as bytes. Images that the upstream still has may have any size. */
async function refuseTooManyBytes(
  { db, upstreamTraits, files }: RequestValidatorOptions,
  principal: string,
  { field, images }: RequestContext,
  { hasMask, markup }: { readonly hasMask: boolean; readonly markup: Image | null },
): Promise<void> {
  const overlays = markup === null ? [] : [markup];
  const ofMarkup = byteProblem(overlays, files);
  if (ofMarkup !== null) refuseIfAny([{ field: 'markupImageId', message: `names ${ofMarkup}.` }]);
  const sendsBytes = hasMask || markup !== null;
  const [strategy] = await strategiesFor(db, { principal, sendsBytes, images }, upstreamTraits);
  const problem = strategy?.route === 'IMAGE_BYTES' ? byteProblem([...strategy.images, ...overlays], files) : null;
  if (problem === null) return;
  const verb = field === 'conversationId' ? 'continues from' : 'names';
  refuseIfAny([{ field, message: `${verb} ${problem}.` }]);
}

function refuseUnsupported(
  options: RequestValidatorOptions,
  { settings, count, maskImageId, markupImageId }: GenerationRequest,
  context: readonly Image[],
): void {
  const model = options.modelFor(settings.model);
  const hasMarkup = markupImageId !== null;
  const asked = { settings, count, hasMask: maskImageId !== null, hasMarkup };
  const unsupported =
    (model === null ? null : unsupportedOption(asked, model, new Date(options.now()))) ??
    outsideConfiguration(asked, options.upstreamTraits) ??
    (usesImageApiOnly(options) || hasMarkup
      ? outsideImageApi({ settings, hasSources: context.length > 0, hasMarkup })
      : null);
  if (unsupported !== null) throw new UnsupportedOptionError(unsupported);
}

function usesImageApiOnly({ upstreamTraits }: RequestValidatorOptions): boolean {
  return upstreamTraits.policy === 'IMAGES';
}
