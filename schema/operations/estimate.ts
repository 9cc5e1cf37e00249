/** The query that estimates cost and duration of a generation in advance. */

import {
  type FieldError,
  ForbiddenError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
  UnsupportedOptionError,
} from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import type { GenerationEstimate } from '../context.ts';
import { readId } from '../relay/global-id.ts';
import { DurationEstimateRef } from '../types/calls/duration.ts';
import { CostRef } from '../types/cost.ts';
import { ImageOptionsInput } from '../types/images/image-settings.ts';
import { readGenerateInput } from './generate.ts';

const GenerationEstimateRef = builder.objectRef<GenerationEstimate>('GenerationEstimate').implement({
  description: 'The estimated cost and duration of a generation.',
  fields: (t) => ({
    cost: t.expose('cost', {
      type: CostRef,
      description:
        'The estimated cost of all requested images and partial images. The context of an existing conversation is ' +
        'not included. With a `completionWindow`, this is the price without any discount.',
    }),
    lowestAmount: t.expose('lowestAmount', {
      type: 'Decimal',
      description:
        'The lowest amount that may be charged, in `cost.currency`. It equals `cost.amount`, unless the request has a ' +
        '`completionWindow` of hours: then the discount is applied to all tokens, about 30 % for WITHIN_2_HOURS and ' +
        '40 % for WITHIN_8_HOURS. The real cost lies between the two amounts: it is not known which models give the ' +
        'discount, and whether it applies to image tokens.',
    }),
    duration: t.expose('duration', {
      type: DurationEstimateRef,
      description:
        'The estimated time from the first upstream request to the last image. Time in the queue is not included.',
    }),
  }),
});

const EstimateGenerationInput = builder.inputType('EstimateGenerationInput', {
  description: 'A generation to estimate: the input of `generateImage`, or with `imageId` that of `refineImage`.',
  fields: (t) => ({
    prompt: t.string({
      description:
        'The prompt. If omitted or empty, a prompt of 200 characters is assumed; it changes the cost little.',
    }),
    imageId: t.id({
      description: 'The image to change, for a refinement. It cannot be combined with other sources or a conversation.',
    }),
    conversationId: t.id({ description: 'The conversation to continue.' }),
    sourceImageIds: t.idList({ description: 'Source images: 16 at most.' }),
    maskImageId: t.id({ description: 'A mask for the first source image.' }),
    markupImageId: t.id({ description: 'A markup for the first source image.' }),
    count: t.int({ defaultValue: 1, description: 'The number of images to make: 1 to 10.' }),
    verbatim: t.boolean({
      defaultValue: false,
      description: 'Whether the prompt is to reach the image model unchanged.',
    }),
    options: t.field({ type: ImageOptionsInput, description: 'Image options: size, quality, format and others.' }),
    idempotencyKey: t.string({
      deprecationReason: 'An estimate needs none. It has no effect.',
      description: 'Has no effect. The variables of `generateImage` can be passed as they are.',
    }),
  }),
});

builder.queryField('estimateGeneration', (t) =>
  t.field({
    type: GenerationEstimateRef,
    authScopes: { COST: true },
    description:
      'Estimates cost and duration of `generateImage`, or with an `imageId` those of `refineImage`. Nothing is stored and ' +
      'nothing is charged. What the mutation would reject is a member of the result here.',
    args: {
      input: t.arg({ type: EstimateGenerationInput, required: true, description: 'The generation to estimate.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, InTrashError, UnsupportedOptionError, ForbiddenError],
      union: { name: 'EstimateGenerationResult', description: 'The result of `estimateGeneration`.' },
      result: { name: 'EstimateGenerationSuccess', description: 'The generation can be requested.' },
      dataField: { name: 'estimate', description: 'What it would cost, and how long it would take.' },
    },
    resolve: (_, { input: { imageId, prompt, ...rest } }, { estimates, principal }) => {
      const { errors: problems, ...input } = readGenerateInput({ ...rest, prompt: prompt ?? '' });
      const errors: FieldError[] = [...problems];
      const refined = imageId == null ? null : readId('Image', imageId, 'imageId', errors);
      return estimates.estimate(principal, { ...input, idempotencyKey: null, imageId: refined, errors });
    },
  }),
);
