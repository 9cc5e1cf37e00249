/**
 * How an attempt asks for its images: through which API, and in how many requests. The Responses API makes one image a
 * request, and a request can be resumed. The Image API makes several images in one request, which can be neither streamed
 * nor resumed (docs/decisions/2026-11-24-several-pictures.md).
 */
import type { AttemptRow } from '../../db/queries/engine/attempts.ts';
import type { GenerationRequest } from '../../domain/generation/generation-request.ts';
import { type ImageFormat, isDeferred } from '../../domain/generation/options.ts';
import { outsideImageApi } from '../../domain/models/image-api.ts';
import type { ProviderApi } from '../../provider/image-provider.ts';
import type { ContextStrategy } from './context-strategies.ts';

/** `AUTO` uses the Image API when it can make all images in one request, and the Responses API otherwise. */
export type ApiPolicy = 'AUTO' | ProviderApi;

export interface PlanOptions {
  readonly policy: ApiPolicy;
  /** False once the upstream has refused a request for several images. */
  readonly allowsBatch: boolean;
}

export interface Plan {
  readonly api: ProviderApi;
  readonly imagesPerRequest: number;
  /** The requests, each by the index of its first image. */
  readonly tasks: readonly number[];
}

/** The formats for which `AUTO` may choose the Image API. */
const IMAGE_API_FORMATS: ReadonlySet<ImageFormat | null> = new Set([null, 'PNG', 'WEBP', 'JPEG']);

/** The sizes that its specification lists for edits (EditImageBodyJsonParam); new images can have any size. */
const EDIT_SIZES: ReadonlySet<string | null> = new Set([null, 'auto', '1024x1024', '1536x1024', '1024x1536']);

/**
 * Plans the requests of the next attempt.
 * @param earlier the requests of the attempt before; empty for the first attempt
 */
export function planAttempt(
  request: Pick<GenerationRequest, 'count' | 'settings' | 'markupImageId'>,
  strategy: ContextStrategy | null,
  { policy: configured, allowsBatch }: PlanOptions,
  earlier: readonly Pick<AttemptRow, 'task' | 'image_count' | 'again'>[],
): Plan {
  // Only the edits of the Image API take a markup.
  const policy = request.markupImageId === null ? configured : 'IMAGES';
  const all = Array.from({ length: request.count }, (_, task) => task);
  const retried = earlier.filter(({ again }) => again);
  // A retried request for several images asked for all of them.
  const tasks =
    retried.length === 0 || retried.some((request) => request.image_count > 1) ? all : retried.map(({ task }) => task);
  // Only the Responses API has completion windows.
  const deferred = isDeferred(request.settings.completionWindow);
  const isBatch =
    allowsBatch &&
    !deferred &&
    request.count > 1 &&
    tasks.length === request.count &&
    !isStreamed(request) &&
    // The Image API makes one SVG a request.
    request.settings.format !== 'SVG' &&
    (policy === 'IMAGES' || (policy === 'AUTO' && imageApiSupports(request, strategy)));
  if (isBatch) return { api: 'IMAGES', imagesPerRequest: request.count, tasks: [0] };
  return { api: policy === 'AUTO' || deferred ? 'RESPONSES' : policy, imagesPerRequest: 1, tasks };
}

/** Whether the Image API supports everything that is asked for. */
function imageApiSupports(
  { settings }: Pick<GenerationRequest, 'settings'>,
  strategy: ContextStrategy | null,
): boolean {
  if (strategy !== null && (strategy.route !== 'IMAGE_BYTES' || !EDIT_SIZES.has(settings.size))) return false;
  return (
    outsideImageApi({ settings, hasSources: strategy !== null, hasMarkup: false }) === null &&
    IMAGE_API_FORMATS.has(settings.format)
  );
}

function isStreamed({ settings }: Pick<GenerationRequest, 'settings'>): boolean {
  return (settings.partialImages ?? 0) > 0;
}
