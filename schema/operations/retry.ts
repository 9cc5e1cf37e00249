/** The mutation that asks once more for what a call did not bring. */
import {
  type FieldError,
  IdempotencyConflictError,
  InvalidInputError,
  NotFoundError,
  NotRetryableError,
  UnsupportedOptionError,
} from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { GenerationCallRef } from '../refs.ts';
import { KEY_DESCRIPTION } from './generate.ts';

const RetryGenerationInput = builder.inputType('RetryGenerationInput', {
  description: 'The call to make again.',
  fields: (t) => ({
    callId: t.id({ required: true, description: 'The `id` of the GenerationCall.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

builder.mutationField('retryGeneration', (t) =>
  t.field({
    type: GenerationCallRef,
    description:
      'Asks once more, unchanged, for what a call did not bring: one that failed or was cancelled, or the missing ones ' +
      'of several pictures. The events of a call that has ended are closed for good, so this is a new call: ' +
      '`GenerationCall.retryOf` links it. Where the outcome was not known, the upstream may have made, and charged for, ' +
      'the first one all the same.',
    args: { input: t.arg({ type: RetryGenerationInput, required: true, description: 'Which one.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, NotRetryableError, UnsupportedOptionError, IdempotencyConflictError],
      union: { name: 'RetryGenerationResult', description: 'What comes of `retryGeneration`.' },
      result: { name: 'RetryGenerationSuccess', description: 'The new call was accepted.' },
      dataField: {
        name: 'call',
        description: 'The new call, stored and under way: subscribe to `generationEvents` with its id.',
      },
    },
    resolve: (_, { input }, { generations, principal }) => {
      const errors: FieldError[] = [];
      const callId = readId('GenerationCall', input.callId, 'callId', errors);
      return generations.retry(principal, { callId, idempotencyKey: input.idempotencyKey ?? null, errors });
    },
  }),
);
