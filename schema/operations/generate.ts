/** The mutations that start a call. */
import {
  type FieldError,
  IdempotencyConflictError,
  InvalidInputError,
  NotFoundError,
  UnsupportedOptionError,
} from '../../src/domain/errors.ts';
import type { ImageOptions, RequestInput } from '../../src/domain/generation-input.ts';
import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { GenerationCallRef } from '../refs.ts';
import { ImageOptionsInput } from '../types/image-settings.ts';

const PROMPT_DESCRIPTION = 'What the picture should show, in 1 to 32,000 characters.';

export const KEY_DESCRIPTION =
  'Of your choice, 1 to 255 characters. The same key with the same input returns the same call, however often it is ' +
  'sent and whether the first answer arrived or not: send again what you are not sure of, and nothing is bought twice.';

const MASK_DESCRIPTION =
  'Of the same size: only where it is transparent may that picture change. A black-and-white picture will do, too: ' +
  'black changes, white stays.';
const COUNT_DESCRIPTION =
  'How many pictures, 1 to 10. They are asked for in one request where that can be (without partial images, and not ' +
  'going on from an earlier response), otherwise side by side; what comes of some is kept when others fail.';
const VERBATIM_DESCRIPTION =
  'Asks the mainline model to hand the prompt to the image model word for word. `Image.verbatim` says whether it did.';

export const GenerateImageInput = builder.inputType('GenerateImageInput', {
  description: 'A new picture.',
  fields: (t) => ({
    prompt: t.string({ required: true, description: PROMPT_DESCRIPTION }),
    conversationId: t.id({
      description: 'The conversation to go on in, with its newest picture in view. Left out, a new one begins.',
    }),
    sourceImageIds: t.idList({
      description:
        'Pictures to build upon, 16 at most: to change, to combine, to take for an example. Given, they take the place ' +
        "of the conversation's newest picture.",
    }),
    maskImageId: t.id({ description: `What lies over the first source. ${MASK_DESCRIPTION}` }),
    count: t.int({ defaultValue: 1, description: COUNT_DESCRIPTION }),
    verbatim: t.boolean({ defaultValue: false, description: VERBATIM_DESCRIPTION }),
    options: t.field({ type: ImageOptionsInput, description: 'How it shall be made.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

const RefineImageInput = builder.inputType('RefineImageInput', {
  description: 'A change of a picture.',
  fields: (t) => ({
    imageId: t.id({ required: true, description: 'The picture to change. Any one, not only the newest.' }),
    prompt: t.string({ required: true, description: 'What shall be different, in 1 to 32,000 characters.' }),
    maskImageId: t.id({ description: `What lies over it. ${MASK_DESCRIPTION}` }),
    count: t.int({ defaultValue: 1, description: COUNT_DESCRIPTION }),
    verbatim: t.boolean({ defaultValue: false, description: VERBATIM_DESCRIPTION }),
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
      types: [InvalidInputError, NotFoundError, UnsupportedOptionError, IdempotencyConflictError],
      union: { name: 'GenerateImageResult', description: 'What comes of `generateImage`.' },
      result: { name: 'GenerateImageSuccess', description: 'The call was accepted.' },
      dataField: { name: 'call', description: CALL_DESCRIPTION },
    },
    resolve: (_, { input }, { generations, principal }) => generations.generate(principal, readGenerateInput(input)),
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
      types: [InvalidInputError, NotFoundError, UnsupportedOptionError, IdempotencyConflictError],
      union: { name: 'RefineImageResult', description: 'What comes of `refineImage`.' },
      result: { name: 'RefineImageSuccess', description: 'The call was accepted.' },
      dataField: { name: 'call', description: CALL_DESCRIPTION },
    },
    resolve: (_, { input }, { generations, principal }) => {
      const errors: FieldError[] = [];
      const imageId = readId('Image', input.imageId, 'imageId', errors);
      return generations.refine(principal, { imageId, ...readCommon(input, errors), errors });
    },
  }),
);

interface CommonInput {
  readonly prompt: string;
  readonly maskImageId?: string | null | undefined;
  readonly count?: number | null | undefined;
  readonly verbatim?: boolean | null | undefined;
  readonly options?: ImageOptions | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** What both inputs have in common, with ids as the domain has them and defaults where null was given. */
function readCommon(input: CommonInput, errors: FieldError[]) {
  const { prompt, maskImageId, count, verbatim, options, idempotencyKey } = input;
  const request: RequestInput = {
    prompt,
    maskImageId: maskImageId == null ? null : readId('Image', maskImageId, 'maskImageId', errors),
    count: count ?? 1,
    verbatim: verbatim ?? false,
    options: options ?? {},
  };
  return { request, idempotencyKey: idempotencyKey ?? null };
}

interface GenerateInput extends CommonInput {
  readonly conversationId?: string | null | undefined;
  readonly sourceImageIds?: readonly string[] | null | undefined;
}

/** The input of a new picture; what is wrong with its ids stands in its `errors`. */
export function readGenerateInput(input: GenerateInput) {
  const errors: FieldError[] = [];
  const { conversationId, sourceImageIds } = input;
  const sources = (sourceImageIds ?? []).map((id, at) => readId('Image', id, `sourceImageIds.${at}`, errors));
  return {
    ...readCommon(input, errors),
    conversationId: conversationId == null ? null : readId('Conversation', conversationId, 'conversationId', errors),
    sourceImageIds: sources,
    errors,
  };
}
