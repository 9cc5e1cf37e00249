/** A generation call: one request for images, from its acceptance to its end. */
import type { GenerationFailure, ImageFailure } from './failure.ts';
import type { GenerationRequest } from './generation-request.ts';

/** The statuses of calls that have not ended. */
export const OPEN_STATUSES = ['AWAITING_APPROVAL', 'QUEUED', 'IN_PROGRESS'] as const;
export const GENERATION_STATUSES = [...OPEN_STATUSES, 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type GenerationStatus = (typeof GENERATION_STATUSES)[number];

/** How the upstream was told which image to build upon. */
export const REFINE_ROUTES = ['PREVIOUS_RESPONSE', 'CONTEXT_ITEMS', 'IMAGE_BYTES'] as const;
export type RefineRoute = (typeof REFINE_ROUTES)[number];

/**
 * The image that a call without sources builds upon: the newest one of its conversation, like the next message of a chat.
 * The first attempt fixes the choice for all later attempts and for retries of the call.
 */
export interface ImplicitContext {
  /** False once the choice is fixed. */
  readonly isOpen: boolean;
  /** Null for no image. */
  readonly imageId: string | null;
}

export interface GenerationCall {
  readonly id: string;
  readonly principal: string;
  readonly conversationId: string;
  readonly status: GenerationStatus;
  readonly request: GenerationRequest;
  /** The call that this one retries. */
  readonly retryOf: string | null;
  readonly context: ImplicitContext;
  readonly revisedPrompt: string | null;
  /** The reason of FAILED; null for every other status. */
  readonly failure: GenerationFailure | null;
  /** The failed images of a call for several, in the order in which they failed. */
  readonly imageFailures: readonly ImageFailure[];
  /** The route of the newest attempt; null when the call builds upon no image. */
  readonly route: RefineRoute | null;
  /** The number of attempts. Each sends one request to the upstream, or one for each image. */
  readonly attempts: number;
  readonly responseId: string | null;
  /** The upstream that `responseId` belongs to: its ids mean nothing to another one. */
  readonly upstream: string | null;
  /** The sequence of the newest event. */
  readonly lastSequence: number;
  /** The position of the newest event in the conversation. */
  readonly lastPosition: number;
  /** The place of the newest event in the log of the principal; null before the first. */
  readonly lastEventId: number | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly firstPartialAt: string | null;
  readonly completedAt: string | null;
  /** The server instance that runs the call. */
  readonly claimedBy: string | null;
  /** A queued call does not start before this time. */
  readonly notBefore: string | null;
  /** The options that the newest attempt leaves out, because the upstream does not know them. */
  readonly leftOut: readonly string[];
  readonly cancelRequestedAt: string | null;
  /** Set while its conversation is in the trash. */
  readonly deletedAt: string | null;
}

/** The indexes of the requested images that do not exist. */
export function missingImages(
  { count }: Pick<GenerationRequest, 'count'>,
  images: readonly { readonly imageIndex: number }[],
): readonly number[] {
  // The upstream may report any index: when one image was requested and one exists, none is missing.
  if (count === 1 && images.length > 0) return [];
  const existing = new Set(images.map(({ imageIndex }) => imageIndex));
  return Array.from({ length: count }, (_, index) => index).filter((index) => !existing.has(index));
}
