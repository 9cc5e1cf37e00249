/**
 * The commands that start a call: generate, refine and retry. When one of them resolves, the call is accepted: it is
 * durable and will end with one terminal event.
 */

import type { GenerationCall } from '../../domain/generation/generation-call.ts';
import type { Spender } from '../../domain/limits/budget.ts';
import type { AcceptCallOptions } from './accept-call.ts';
import { acceptOnce, identityOf, identityOfRetry } from './accept-once.ts';
import type { GenerateInput, RefineInput, RetryInput } from './inputs.ts';
import { retryOf } from './retry.ts';
import type { RequestValidator } from './validate.ts';

export interface StartCommands {
  /**
   * @throws {InvalidInputError} names each invalid field · {NotFoundError} no such conversation or image ·
   * {InTrashError} one of them is in the trash · {UnsupportedOptionError} the model does not support an option · {IdempotencyConflictError} the key was used before with
   * a different input · {RateLimitedError} too many open calls, or too many images in the last minute ·
   * {BudgetExceededError} it does not fit into a budget
   */
  generate(spender: Spender, input: GenerateInput): Promise<GenerationCall>;
  /** @throws as `generate` */
  refine(spender: Spender, input: RefineInput): Promise<GenerationCall>;
  /**
   * Requests the missing images of a call in a new call that is linked to it. The log of the old call stays closed.
   * @throws {InvalidInputError} {NotFoundError} {UnsupportedOptionError} {IdempotencyConflictError} {RateLimitedError}
   * {BudgetExceededError} as `generate` · {NotRetryableError} the call has not ended, or all of its images exist
   */
  retry(spender: Spender, input: RetryInput): Promise<GenerationCall>;
}

export interface StartCommandsOptions extends AcceptCallOptions {
  readonly validator: RequestValidator;
}

/** A call that builds upon its sources, or else upon the newest image of its conversation; its first attempt decides. */
const NEW = { context: { isOpen: true, imageId: null }, retryOf: null } as const;

export function createStartCommands({ validator, ...options }: StartCommandsOptions): StartCommands {
  return {
    generate(spender, input) {
      const { conversationId, sourceImageIds: sourceIds } = input;
      return acceptOnce(options, spender, identityOf('GENERATE', input, { conversationId, sourceIds }), async () => {
        return { ...(await validator.generate(spender.id, input)), ...NEW };
      });
    },

    refine(spender, input) {
      // The conversation follows from the image, so it is not part of the input.
      const identity = identityOf('REFINE', input, { conversationId: null, sourceIds: [input.imageId] });
      return acceptOnce(options, spender, identity, async () => {
        return { ...(await validator.refine(spender.id, input)), ...NEW };
      });
    },

    retry(spender, input) {
      return acceptOnce(options, spender, identityOfRetry(input), () =>
        retryOf(options.db, validator, spender.id, input),
      );
    },
  };
}
