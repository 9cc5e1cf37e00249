/** The inputs of the commands that start calls, as the schema reads them, and the result of their validation. */

import type { FieldError } from '../../domain/errors.ts';
import type { ImplicitContext } from '../../domain/generation/generation-call.ts';
import type { RequestInput } from '../../domain/generation/generation-input.ts';
import type { GenerationRequest } from '../../domain/generation/generation-request.ts';
import type { Image } from '../../domain/images/image.ts';

/** The fields that `generate` and `refine` share. */
export interface CommonInput {
  readonly request: RequestInput;
  readonly idempotencyKey: string | null;
  /** Invalid fields found while the input was read; they are reported together with all others. */
  readonly errors: readonly FieldError[];
}

export interface GenerateInput extends CommonInput {
  /** Null starts a new conversation. */
  readonly conversationId: string | null;
  readonly sourceImageIds: readonly string[];
}

export interface RefineInput extends CommonInput {
  readonly imageId: string;
}

export interface RetryInput extends Pick<CommonInput, 'idempotencyKey' | 'errors'> {
  readonly callId: string;
}

/** A valid request, with the objects that it refers to. */
export interface CheckedRequest {
  readonly request: GenerationRequest;
  /** Null for a new conversation. */
  readonly conversationId: string | null;
  readonly sources: readonly Image[];
  readonly idempotencyKey: string | null;
}

/** A valid request for a new call. */
export interface NewCall extends CheckedRequest {
  readonly context: ImplicitContext;
  /** The call that this one retries. */
  readonly retryOf: string | null;
}
