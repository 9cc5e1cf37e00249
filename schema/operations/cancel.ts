/** The mutation that cancels a call. */
import { ForbiddenError, InvalidInputError, NotCancellableError, NotFoundError } from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { GenerationCallRef } from '../refs.ts';
import { idOf } from '../relay/global-id.ts';

const CancelGenerationInput = builder.inputType('CancelGenerationInput', {
  description: 'The call to cancel.',
  fields: (t) => ({
    callId: t.id({ required: true, description: 'The id of the `GenerationCall`.' }),
  }),
});

builder.mutationField('cancelGeneration', (t) =>
  t.field({
    type: GenerationCallRef,
    authScopes: { GENERATE: true },
    description:
      'Cancels a queued or running call, here and at the upstream. Cancelling a cancelled call again has no effect. ' +
      'If the image was finished first, the result is a `NotCancellableError` and the image is kept.',
    args: { input: t.arg({ type: CancelGenerationInput, required: true, description: 'The call to cancel.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, NotCancellableError, ForbiddenError],
      union: { name: 'CancelGenerationResult', description: 'The result of `cancelGeneration`.' },
      result: {
        name: 'CancelGenerationSuccess',
        description: 'The cancellation was accepted. The call is cancelled now, or the upstream is still being told.',
      },
      dataField: {
        name: 'call',
        description: 'The call: CANCELLED, or still IN_PROGRESS while the upstream is being told.',
      },
    },
    resolve: (_, { input }, { cancellations, principal }) =>
      cancellations.cancel(principal, idOf('GenerationCall', input.callId, 'callId')),
  }),
);
