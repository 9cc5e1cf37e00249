/** The mutation that retries a call that has ended without all of its images. */
import {
  BudgetExceededError,
  type FieldError,
  ForbiddenError,
  IdempotencyConflictError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
  NotRetryableError,
  RateLimitedError,
  UnsupportedOptionError,
} from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { GenerationCallRef } from '../refs.ts';
import { readId } from '../relay/global-id.ts';
import { KEY_DESCRIPTION } from './generate.ts';

const RetryGenerationInput = builder.inputType('RetryGenerationInput', {
  description: 'The call to retry.',
  fields: (t) => ({
    callId: t.id({ required: true, description: 'The id of the `GenerationCall`.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

builder.mutationField('retryGeneration', (t) =>
  t.field({
    type: GenerationCallRef,
    authScopes: { GENERATE: true },
    description:
      'Starts a new call with the same input for the images that a call did not deliver, because it failed, was ' +
      'cancelled, or only some of several images arrived. `GenerationCall.retryOf` links the new call to the old ' +
      'one, whose events are final. After `OUTCOME_UNKNOWN` the upstream may have made, and charged for, the first ' +
      'image as well. A call has one open retry at a time: while it is open, further requests (a double click) ' +
      'return it. Retries of a retry count as retries of the call.',
    args: { input: t.arg({ type: RetryGenerationInput, required: true, description: 'The call to retry.' }) },
    errors: {
      types: [
        InvalidInputError,
        NotFoundError,
        InTrashError,
        NotRetryableError,
        UnsupportedOptionError,
        IdempotencyConflictError,
        ForbiddenError,
        RateLimitedError,
        BudgetExceededError,
      ],
      union: { name: 'RetryGenerationResult', description: 'The result of `retryGeneration`.' },
      result: {
        name: 'RetryGenerationSuccess',
        description: 'The new call was accepted and stored, or an earlier retry is still open.',
      },
      dataField: {
        name: 'call',
        description:
          'The new call, or the retry that is still open. Subscribe to `generationEvents` with its id to follow it.',
      },
    },
    resolve: (_, { input }, { startCommands, identity }) => {
      const errors: FieldError[] = [];
      const callId = readId('GenerationCall', input.callId, 'callId', errors);
      return startCommands.retry(identity, { callId, idempotencyKey: input.idempotencyKey ?? null, errors });
    },
  }),
);
