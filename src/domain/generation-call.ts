/** A generation call: one request for a picture, from the moment it was accepted until it has ended. */
import type { GenerationFailure, ImageFailure } from './failure.ts';
import type { GenerationRequest } from './generation-request.ts';

export const GENERATION_STATUSES = ['QUEUED', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type GenerationStatus = (typeof GENERATION_STATUSES)[number];

/** How the upstream was told which picture to work from. */
export const REFINE_ROUTES = ['PREVIOUS_RESPONSE', 'CONTEXT_ITEMS', 'IMAGE_BYTES'] as const;
export type RefineRoute = (typeof REFINE_ROUTES)[number];

/**
 * What a call builds upon that names no pictures: the newest one of its conversation, as the next message of a chat
 * would. Which one that is, its first attempt says for all that follow, and for the calls that are made again of it.
 */
export interface ImplicitContext {
  /** False once that was said. */
  readonly isOpen: boolean;
  /** Null for none. */
  readonly imageId: string | null;
}

export interface GenerationCall {
  readonly id: string;
  readonly principal: string;
  readonly conversationId: string;
  readonly status: GenerationStatus;
  readonly request: GenerationRequest;
  /** The call that this one is made again of. */
  readonly retryOf: string | null;
  readonly context: ImplicitContext;
  readonly revisedPrompt: string | null;
  /** With FAILED, why. */
  readonly failure: GenerationFailure | null;
  /** Of several pictures, those that did not come, in the order in which that was known. */
  readonly imageFailures: readonly ImageFailure[];
  /** The route of the newest attempt; null when nothing was built upon. */
  readonly route: RefineRoute | null;
  /** How often it was tried; in each, the upstream is asked once, or once for each picture. */
  readonly attempts: number;
  readonly responseId: string | null;
  /** Which upstream knows `responseId`: ids mean nothing to another one. */
  readonly upstream: string | null;
  /** The sequence of the newest event. */
  readonly lastSequence: number;
  /** The newest event's place in the conversation. */
  readonly lastPosition: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly firstPartialAt: string | null;
  readonly completedAt: string | null;
  /** The server instance that works on it. */
  readonly claimedBy: string | null;
  /** A queued call is not tried before this moment. */
  readonly notBefore: string | null;
  readonly cancelRequestedAt: string | null;
}

/** The numbers of the pictures that a call was to bring and did not. */
export function missingImages(
  { count }: Pick<GenerationRequest, 'count'>,
  images: readonly { readonly imageIndex: number }[],
): readonly number[] {
  // Bytes decide: where one picture was asked for and one came, under whatever number, none is missing.
  if (count === 1 && images.length > 0) return [];
  const there = new Set(images.map(({ imageIndex }) => imageIndex));
  return Array.from({ length: count }, (_, index) => index).filter((index) => !there.has(index));
}
