/** Why a generation failed. Stored, shown to the client, and used to decide whether to retry. */

export const GENERATION_FAILURE_CODES = [
  'MODERATION_BLOCKED',
  'NO_IMAGE',
  'INCOMPLETE',
  'INVALID_REQUEST',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'APPROVAL_REFUSED',
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
  /** RFC 3339. The earliest time for another attempt; null when the upstream gave none. */
  readonly retryAfter: string | null;
  readonly moderation: ModerationDetails | null;
  /** The upstream's `x-request-id`, which its support asks for. */
  readonly requestId: string | null;
  /** The mainline model's full text when it answered without an image; null when there was none. */
  readonly text: string | null;
}

/** One image that was not generated, in a call for several images. */
export interface ImageFailure {
  /** Index of the image in its call, from 0. */
  readonly imageIndex: number;
  readonly failure: GenerationFailure;
}
