/** The mutation that ends a call before its time. */
import { InvalidInputError, NotCancellableError, NotFoundError } from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import { idOf } from '../global-id.ts';
import { GenerationCallRef } from '../refs.ts';

const CancelGenerationInput = builder.inputType('CancelGenerationInput', {
  description: 'The call to end.',
  fields: (t) => ({
    callId: t.id({ required: true, description: 'The `id` of the GenerationCall.' }),
  }),
});

builder.mutationField('cancelGeneration', (t) =>
  t.field({
    type: GenerationCallRef,
    description:
      'Ends a call that is queued or under way, here and at the upstream. A call that was cancelled before stays so. ' +
      'When the picture was finished first, the answer says so, and the picture is kept.',
    args: { input: t.arg({ type: CancelGenerationInput, required: true, description: 'Which one.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, NotCancellableError],
      union: { name: 'CancelGenerationResult', description: 'What comes of `cancelGeneration`.' },
      result: { name: 'CancelGenerationSuccess', description: 'The call is cancelled, or will be in a moment.' },
      dataField: {
        name: 'call',
        description: 'The call: CANCELLED, or still IN_PROGRESS while the upstream is being told.',
      },
    },
    resolve: (_, { input }, { cancellations, principal }) =>
      cancellations.cancel(principal, idOf('GenerationCall', input.callId, 'callId')),
  }),
);
