/** Why a generation failed: the value that is stored, shown and decided upon. */

export const GENERATION_FAILURE_CODES = [
  'MODERATION_BLOCKED',
  'NO_IMAGE',
  'INCOMPLETE',
  'INVALID_REQUEST',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'UPSTREAM_UNAVAILABLE',
  'TIMED_OUT',
  'OUTCOME_UNKNOWN',
  'INTERNAL',
] as const;
export type GenerationFailureCode = (typeof GENERATION_FAILURE_CODES)[number];

export interface ModerationDetails {
  /** Where the upstream blocked: `input`, `output` or `unknown`. */
  readonly stage: string;
  readonly categories: readonly string[];
}

export interface GenerationFailure {
  readonly code: GenerationFailureCode;
  /** One or two sentences for the person who asked; never the upstream's raw text. */
  readonly message: string;
  /** Whether asking again unchanged may succeed. */
  readonly retryable: boolean;
  /** Not before this moment (RFC 3339), when the upstream said so. */
  readonly retryAfter: string | null;
  readonly moderation: ModerationDetails | null;
  /** The upstream's `x-request-id`, for its support. */
  readonly requestId: string | null;
  /** What the mainline model said instead of drawing, in full; null when it said nothing. */
  readonly text: string | null;
}

/** One of several pictures that did not come. */
export interface ImageFailure {
  /** Which picture of its call, from 0. */
  readonly imageIndex: number;
  readonly failure: GenerationFailure;
}
