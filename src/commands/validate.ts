/**
 * What a client asks for, checked before anything is stored or spent: every field that is wrong is told at once, what is
 * named has to be there and be theirs, and what the catalogue knows the model cannot do is refused.
 */

import type { Database } from '../db/database.ts';
import { findConversations } from '../db/queries/conversations.ts';
import { findImages } from '../db/queries/images.ts';
import { type FieldError, NotFoundError, UnsupportedOptionError } from '../domain/errors.ts';
import type { GenerationKind } from '../domain/generation-call.ts';
import {
  countErrors,
  type ImageOptions,
  optionErrors,
  promptErrors,
  refuseIfAny,
  settingsFromOptions,
} from '../domain/generation-input.ts';
import type { Image } from '../domain/image.ts';
import { byteProblem } from '../domain/input-bytes.ts';
import { unsupportedOption } from '../domain/models/catalogue.ts';
import { outsideImageApi, WHOLE_IMAGE_API_FORMATS } from '../domain/models/image-api.ts';
import type { CatalogueModel } from '../domain/models/table.ts';
import type { ImageSettings } from '../domain/options.ts';
import { IDEMPOTENCY_KEY_MAX_LENGTH } from './idempotency.ts';
import type { Masks } from './masks.ts';
import { impliedSource, type Memory, strategiesFor } from './sources.ts';

/** The upstream takes no more pictures with one request. */
const MAX_SOURCES = 16;

interface Input {
  readonly prompt: string;
  readonly maskImageId: string | null;
  readonly count: number;
  readonly verbatim: boolean;
  readonly options: ImageOptions;
  readonly idempotencyKey: string | null;
  /** What was found wrong with it already, to be told along with the rest. */
  readonly errors: readonly FieldError[];
}

export interface GenerateInput extends Input {
  readonly conversationId: string | null;
  readonly sourceImageIds: readonly string[];
}

export interface RefineInput extends Input {
  readonly imageId: string;
}

/** What may be asked of the upstream. */
export interface CheckedRequest {
  readonly kind: GenerationKind;
  readonly prompt: string;
  readonly verbatim: boolean;
  readonly count: number;
  readonly requested: ImageSettings;
  /** Null for a new conversation. */
  readonly conversationId: string | null;
  readonly sources: readonly Image[];
  readonly mask: Image | null;
  readonly idempotencyKey: string | null;
}

type Wish = Pick<CheckedRequest, 'requested' | 'count' | 'mask'>;

/** The pictures that a call builds upon. */
interface WorksFrom {
  /** What of the input says so. */
  readonly field: string;
  readonly images: readonly Image[];
}

export interface InputChecks {
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
  refuseUnsupported(request: Wish, worksFrom: readonly Image[]): void;
}

export interface InputChecksOptions {
  readonly db: Database;
  readonly masks: Pick<Masks, 'checkMask'>;
  /** What the catalogue knows of a model, or of the default one; null where it knows nothing. */
  readonly modelFor: (name: string | null) => CatalogueModel | null;
  readonly memory: Memory;
  /** Whether pictures are laid up at the upstream as files, instead of being sent along. */
  readonly files: boolean;
  readonly now: () => string;
}

export function createInputChecks(options: InputChecksOptions): InputChecks {
  const { db, masks, modelFor, memory, files, now } = options;
  const imagesOnly = memory.policy === 'IMAGES';

  function fieldErrors({ prompt, options, count, idempotencyKey, errors }: Input): readonly FieldError[] {
    return [
      ...errors,
      ...promptErrors('prompt', prompt),
      ...countErrors('count', count),
      ...optionErrors('options', options),
      ...keyErrors('idempotencyKey', idempotencyKey),
    ];
  }

  async function imagesNamed(principal: string, field: string, ids: readonly string[]): Promise<readonly Image[]> {
    const found = new Map((await findImages(db, principal, ids)).map((image) => [image.id, image]));
    return ids.map((id) => {
      const image = found.get(id);
      if (image === undefined) throw new NotFoundError(field, 'image');
      return image;
    });
  }

  async function maskOver(principal: string, maskImageId: string | null, sources: readonly Image[]) {
    if (maskImageId === null) return null;
    const [mask] = await imagesNamed(principal, 'maskImageId', [maskImageId]);
    const [source] = sources;
    if (mask === undefined || source === undefined) return null;
    refuseIfAny(await masks.checkMask(mask, source));
    return mask;
  }

  function refuseUnsupported({ requested: settings, count, mask }: Wish, worksFrom: readonly Image[]): void {
    const model = modelFor(settings.model);
    const unsupported =
      (model === null
        ? null
        : unsupportedOption({ settings, count, hasMask: mask !== null }, model, new Date(now()))) ??
      (imagesOnly ? outsideImageApi({ settings, hasSources: worksFrom.length > 0 }) : null);
    if (unsupported !== null) throw new UnsupportedOptionError(unsupported);
  }

  /** What goes by its bytes has to be small enough; what the upstream still knows may be of any size. */
  async function byteErrors(
    principal: string,
    { field, images }: WorksFrom,
    hasMask: boolean,
  ): Promise<readonly FieldError[]> {
    const [strategy] = await strategiesFor(db, { principal, hasMask, images }, memory);
    const problem = strategy?.route === 'IMAGE_BYTES' ? byteProblem(strategy.images, files) : null;
    const what = field === 'conversationId' ? 'goes on from' : 'names';
    return problem === null ? [] : [{ field, message: `${what} ${problem}.` }];
  }

  async function checked(
    principal: string,
    input: Input,
    of: Pick<CheckedRequest, 'kind' | 'conversationId' | 'sources'>,
    worksFrom: WorksFrom,
  ): Promise<CheckedRequest> {
    const { prompt, verbatim, count, idempotencyKey, maskImageId } = input;
    const mask = await maskOver(principal, maskImageId, of.sources);
    refuseIfAny(await byteErrors(principal, worksFrom, mask !== null));
    const requested = settingsFromOptions(input.options, imagesOnly ? WHOLE_IMAGE_API_FORMATS : undefined);
    const request = { ...of, prompt, verbatim, count, requested, mask, idempotencyKey };
    refuseUnsupported(request, worksFrom.images);
    return request;
  }

  async function worksFromOf(principal: string, conversationId: string | null, sources: readonly Image[]) {
    if (sources.length > 0 || conversationId === null) return { field: 'sourceImageIds', images: sources };
    const implied = await impliedSource(db, { principal, conversationId, context: { isOpen: true, imageId: null } });
    return { field: 'conversationId', images: implied === null ? [] : [implied] };
  }

  return {
    refuseUnsupported,

    async generate(principal, input) {
      const { conversationId, sourceImageIds, maskImageId } = input;
      refuseIfAny([...fieldErrors(input), ...sourceErrors(sourceImageIds, maskImageId)]);
      if (conversationId !== null) {
        const [conversation] = await findConversations(db, principal, [conversationId]);
        if (conversation === undefined) throw new NotFoundError('conversationId', 'conversation');
      }
      const sources = await imagesNamed(principal, 'sourceImageIds', sourceImageIds);
      const worksFrom = await worksFromOf(principal, conversationId, sources);
      return checked(principal, input, { kind: 'GENERATE', conversationId, sources }, worksFrom);
    },

    async refine(principal, input) {
      refuseIfAny(fieldErrors(input));
      const sources = await imagesNamed(principal, 'imageId', [input.imageId]);
      const conversationId = sources[0]?.conversationId ?? null;
      const worksFrom = { field: 'imageId', images: sources };
      return checked(principal, input, { kind: 'REFINE', conversationId, sources }, worksFrom);
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
