/** The mutations that start a call. */
import { type FieldError, IdempotencyConflictError, InvalidInputError, NotFoundError } from '../src/domain/errors.ts';
import { builder } from './builder.ts';
import { readId } from './global-id.ts';
import { ImageOptionsInput } from './image-settings.ts';
import { GenerationCallRef } from './refs.ts';

const PROMPT_DESCRIPTION = 'What the picture should show, in 1 to 32,000 characters.';

const KEY_DESCRIPTION =
  'Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is ' +
  'sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice.';

const GenerateImageInput = builder.inputType('GenerateImageInput', {
  description: 'A new picture.',
  fields: (t) => ({
    prompt: t.string({ required: true, description: PROMPT_DESCRIPTION }),
    conversationId: t.id({
      description: 'The conversation to go on in, with its newest picture in view. Left out, a new one begins.',
    }),
    options: t.field({ type: ImageOptionsInput, description: 'How it shall be made.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

const RefineImageInput = builder.inputType('RefineImageInput', {
  description: 'A change of a picture.',
  fields: (t) => ({
    imageId: t.id({ required: true, description: 'The picture to change. Any one, not only the newest.' }),
    prompt: t.string({ required: true, description: 'What shall be different, in 1 to 32,000 characters.' }),
    options: t.field({ type: ImageOptionsInput, description: 'How it shall be made.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

const CALL_DESCRIPTION = 'The call, stored and under way: subscribe to `generationEvents` with its id.';

builder.mutationField('generateImage', (t) =>
  t.field({
    type: GenerationCallRef,
    description: 'Starts a new picture and returns at once. It is made whether or not anybody watches.',
    args: { input: t.arg({ type: GenerateImageInput, required: true, description: 'What to make.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, IdempotencyConflictError],
      union: { name: 'GenerateImageResult', description: 'What comes of `generateImage`.' },
      result: { name: 'GenerateImageSuccess', description: 'The call was accepted.' },
      dataField: { name: 'call', description: CALL_DESCRIPTION },
    },
    resolve: (_, { input }, { generations, principal }) => {
      const errors: FieldError[] = [];
      const { prompt, conversationId } = input;
      return generations.generate(principal, {
        prompt,
        conversationId:
          conversationId == null ? null : readId('Conversation', conversationId, 'conversationId', errors),
        options: input.options ?? {},
        idempotencyKey: input.idempotencyKey ?? null,
        errors,
      });
    },
  }),
);

builder.mutationField('refineImage', (t) =>
  t.field({
    type: GenerationCallRef,
    description:
      'Starts a change of any picture, in its conversation, and returns at once. A picture stays refinable for ever: ' +
      'when the upstream has forgotten it, it is sent along.',
    args: { input: t.arg({ type: RefineImageInput, required: true, description: 'What to change.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, IdempotencyConflictError],
      union: { name: 'RefineImageResult', description: 'What comes of `refineImage`.' },
      result: { name: 'RefineImageSuccess', description: 'The call was accepted.' },
      dataField: { name: 'call', description: CALL_DESCRIPTION },
    },
    resolve: (_, { input }, { generations, principal }) => {
      const errors: FieldError[] = [];
      return generations.refine(principal, {
        imageId: readId('Image', input.imageId, 'imageId', errors),
        prompt: input.prompt,
        options: input.options ?? {},
        idempotencyKey: input.idempotencyKey ?? null,
        errors,
      });
    },
  }),
);
