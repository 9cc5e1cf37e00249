/**
 * How an attempt asks for its pictures: through which API, and in how many requests. The Responses API makes one
 * picture a request, and can be resumed; the Image API makes several in one request, which can be neither streamed nor
 * resumed (UPSTREAM.md: "There is no `n` in the tool"; the Image API refuses to stream more than one picture).
 */
import type { AttemptRow } from '../db/queries/attempts.ts';
import type { GenerationRequest } from '../domain/generation-request.ts';
import { outsideImageApi } from '../domain/models/image-api.ts';
import type { ImageFormat } from '../domain/options.ts';
import type { ProviderApi } from '../provider/image-provider.ts';
import type { ContextStrategy } from './context-strategies.ts';

/** `AUTO` takes the Image API where it makes all pictures in one request, and the Responses API otherwise. */
export type ApiPolicy = 'AUTO' | ProviderApi;

/** What the upstream is asked in. */
export interface Ways {
  readonly policy: ApiPolicy;
  /** False once it has refused to make several pictures in one request. */
  readonly together: boolean;
}

export interface Plan {
  readonly api: ProviderApi;
  /** How many pictures one request asks for. */
  readonly pictures: number;
  /** The requests, each by the number of its first picture. */
  readonly tasks: readonly number[];
}

/** What the Image API is asked for where there is a choice. */
const IMAGE_API_FORMATS: ReadonlySet<ImageFormat | null> = new Set([null, 'PNG', 'WEBP', 'JPEG']);

/** What its description knows of in an edit that names its pictures (EditImageBodyJsonParam); a new one can have any. */
const EDIT_SIZES: ReadonlySet<string | null> = new Set([null, 'auto', '1024x1024', '1536x1024', '1024x1536']);

/**
 * @param earlier the requests of the attempt before this one; empty for the first
 */
export function planAttempt(
  request: Pick<GenerationRequest, 'count' | 'settings'>,
  strategy: ContextStrategy | null,
  { policy, together }: Ways,
  earlier: readonly Pick<AttemptRow, 'task' | 'pictures' | 'again'>[],
): Plan {
  const all = Array.from({ length: request.count }, (_, task) => task);
  const left = earlier.filter(({ again }) => again === 1);
  // A request for several pictures that is made again was to bring all of them.
  const tasks = left.length === 0 || left.some(({ pictures }) => pictures > 1) ? all : left.map(({ task }) => task);
  const isTogether =
    together &&
    request.count > 1 &&
    tasks.length === request.count &&
    !isStreamed(request) &&
    // Of an SVG the Image API draws one.
    request.settings.format !== 'SVG' &&
    (policy === 'IMAGES' || (policy === 'AUTO' && takesAll(request, strategy)));
  if (isTogether) return { api: 'IMAGES', pictures: request.count, tasks: [0] };
  return { api: policy === 'AUTO' ? 'RESPONSES' : policy, pictures: 1, tasks };
}

/** Whether the Image API can do for all pictures what is asked. */
function takesAll({ settings }: Pick<GenerationRequest, 'settings'>, strategy: ContextStrategy | null): boolean {
  if (strategy !== null && (strategy.route !== 'IMAGE_BYTES' || !EDIT_SIZES.has(settings.size))) return false;
  return (
    outsideImageApi({ settings, hasSources: strategy !== null }) === null && IMAGE_API_FORMATS.has(settings.format)
  );
}

function isStreamed({ settings }: Pick<GenerationRequest, 'settings'>): boolean {
  return (settings.partialImages ?? 0) > 0;
}
