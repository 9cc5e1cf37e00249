/** Why a generation failed. This value is stored and shown to the client, and retries are decided by it. */

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
  /** What the upstream blocked: `input`, `output` or `unknown`. */
  readonly stage: string;
  readonly categories: readonly string[];
}

export interface GenerationFailure {
  readonly code: GenerationFailureCode;
  /** One or two sentences for the user; never the upstream's raw text. */
  readonly message: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** RFC 3339. The earliest moment for another try, if the upstream gave one. */
  readonly retryAfter: string | null;
  readonly moderation: ModerationDetails | null;
  /** The upstream's `x-request-id`, to quote to its support. */
  readonly requestId: string | null;
  /** The mainline model's full text when it answered without an image; null when there was none. */
  readonly text: string | null;
}

/** An image of a call for several that was not generated. */
export interface ImageFailure {
  /** Index of the image in its call, from 0. */
  readonly imageIndex: number;
  readonly failure: GenerationFailure;
}
