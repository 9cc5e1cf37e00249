/** The mutations that start a call. */
import {
  BudgetExceededError,
  type FieldError,
  ForbiddenError,
  IdempotencyConflictError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnsupportedOptionError,
} from '../../src/domain/errors.ts';
import type { ImageOptions, RequestInput } from '../../src/domain/generation/generation-input.ts';
import { builder } from '../builder.ts';
import { GenerationCallRef } from '../refs.ts';
import { readId } from '../relay/global-id.ts';
import { ImageOptionsInput } from '../types/images/image-settings.ts';

const PROMPT_DESCRIPTION = 'A description of the image to make: 1 to 32,000 characters.';

export const KEY_DESCRIPTION =
  'A key of your choice: 1 to 255 characters. Sending the same key with the same input again returns the same call, ' +
  'so a request whose response was lost can be repeated safely: nothing is charged twice.';

const MASK_DESCRIPTION =
  'It must have the same size. Only the transparent areas of the mask may change in the image. A black-and-white ' +
  'mask works too: black areas may change, white areas are kept.';
const MARKUP_DESCRIPTION =
  'a transparent PNG with arrows, strokes or notes, which is laid over the image to show what to change. It must have ' +
  'the `width` and `height` of the image, and cannot be combined with a mask. Supported by gpt-image-2.5 and later, ' +
  'through the Image API only.';
const COUNT_DESCRIPTION =
  'The number of images to make: 1 to 10. They are made in one upstream request where possible (no partial images, ' +
  'and no earlier response to continue from), otherwise in parallel requests. Partial success is kept.';
const VERBATIM_DESCRIPTION =
  'Whether to ask the mainline model to pass the prompt to the image model unchanged. `Image.verbatim` tells ' +
  'whether it did.';

const GenerateImageInput = builder.inputType('GenerateImageInput', {
  description: 'A new image to generate.',
  fields: (t) => ({
    prompt: t.string({ required: true, description: PROMPT_DESCRIPTION }),
    conversationId: t.id({
      description:
        'The conversation to continue. The image is based on its newest image. If omitted, a new conversation starts.',
    }),
    sourceImageIds: t.idList({
      description:
        'Source images to change, combine or use as a reference: 16 at most. They replace the newest image of the ' +
        'conversation as the source.',
    }),
    maskImageId: t.id({ description: `A mask for the first source image. ${MASK_DESCRIPTION}` }),
    markupImageId: t.id({ description: `A markup for the first source image: ${MARKUP_DESCRIPTION}` }),
    count: t.int({ defaultValue: 1, description: COUNT_DESCRIPTION }),
    verbatim: t.boolean({ defaultValue: false, description: VERBATIM_DESCRIPTION }),
    options: t.field({ type: ImageOptionsInput, description: 'Image options: size, quality, format and others.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

const RefineImageInput = builder.inputType('RefineImageInput', {
  description: 'A change to an existing image.',
  fields: (t) => ({
    imageId: t.id({ required: true, description: 'The image to change. It can be any image, not only the newest.' }),
    prompt: t.string({ required: true, description: 'A description of the change: 1 to 32,000 characters.' }),
    maskImageId: t.id({ description: `A mask for the image. ${MASK_DESCRIPTION}` }),
    markupImageId: t.id({ description: `A markup for the image: ${MARKUP_DESCRIPTION}` }),
    count: t.int({ defaultValue: 1, description: COUNT_DESCRIPTION }),
    verbatim: t.boolean({ defaultValue: false, description: VERBATIM_DESCRIPTION }),
    options: t.field({ type: ImageOptionsInput, description: 'Image options: size, quality, format and others.' }),
    idempotencyKey: t.string({ description: KEY_DESCRIPTION }),
  }),
});

const START_ERRORS = [
  InvalidInputError,
  NotFoundError,
  InTrashError,
  UnsupportedOptionError,
  IdempotencyConflictError,
  ForbiddenError,
  RateLimitedError,
  BudgetExceededError,
];

const CALL_DESCRIPTION = 'The new call. Subscribe to `generationEvents` with its id to follow it.';

builder.mutationField('generateImage', (t) =>
  t.field({
    type: GenerationCallRef,
    authScopes: { GENERATE: true },
    description:
      'Starts the generation of an image and returns at once. The image is made whether or not a client is subscribed.',
    args: { input: t.arg({ type: GenerateImageInput, required: true, description: 'The image to generate.' }) },
    errors: {
      types: START_ERRORS,
      union: { name: 'GenerateImageResult', description: 'The result of `generateImage`.' },
      result: { name: 'GenerateImageSuccess', description: 'The call was accepted and stored.' },
      dataField: { name: 'call', description: CALL_DESCRIPTION },
    },
    resolve: (_, { input }, { startCommands, identity }) => startCommands.generate(identity, readGenerateInput(input)),
  }),
);

builder.mutationField('refineImage', (t) =>
  t.field({
    type: GenerationCallRef,
    authScopes: { GENERATE: true },
    description:
      'Starts a change to any image, in the conversation of that image, and returns at once. An image can be ' +
      'refined at any time: if the upstream no longer has it, its bytes are sent again.',
    args: { input: t.arg({ type: RefineImageInput, required: true, description: 'The image and the change.' }) },
    errors: {
      types: START_ERRORS,
      union: { name: 'RefineImageResult', description: 'The result of `refineImage`.' },
      result: { name: 'RefineImageSuccess', description: 'The call was accepted and stored.' },
      dataField: { name: 'call', description: CALL_DESCRIPTION },
    },
    resolve: (_, { input }, { startCommands, identity }) => {
      const errors: FieldError[] = [];
      const imageId = readId('Image', input.imageId, 'imageId', errors);
      return startCommands.refine(identity, { imageId, ...readCommon(input, errors), errors });
    },
  }),
);

interface CommonInput {
  readonly prompt: string;
  readonly maskImageId?: string | null | undefined;
  readonly markupImageId?: string | null | undefined;
  readonly count?: number | null | undefined;
  readonly verbatim?: boolean | null | undefined;
  readonly options?: ImageOptions | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** The fields both inputs share, with decoded ids and with defaults in place of null. */
function readCommon(input: CommonInput, errors: FieldError[]) {
  const { prompt, maskImageId, markupImageId, count, verbatim, options, idempotencyKey } = input;
  const request: RequestInput = {
    prompt,
    maskImageId: maskImageId == null ? null : readId('Image', maskImageId, 'maskImageId', errors),
    markupImageId: markupImageId == null ? null : readId('Image', markupImageId, 'markupImageId', errors),
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

/** Reads the input of a new image. Problems with its ids are collected in `errors`. */
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
