/** The query that estimates cost and duration of a generation in advance. */

import { builder } from '../builder.ts';
import type { DurationEstimate, GenerationEstimate } from '../context.ts';
import { CostRef } from '../types/cost.ts';
import { enumOf } from '../types/image-settings.ts';
import { GenerateImageInput, readGenerateInput } from './generate.ts';

const DURATION_BASES = ['MEASURED', 'CATALOGUE'] as const;

const DurationBasisRef = enumOf<(typeof DURATION_BASES)[number]>(
  'DurationBasis',
  'The source of a duration estimate.',
  DURATION_BASES,
  {
    MEASURED: 'Measured on your own recent calls of the same kind.',
    CATALOGUE: 'Rough figures from the model catalogue, because there are too few such calls yet.',
  },
);

const DurationEstimateRef = builder.objectRef<DurationEstimate>('DurationEstimate').implement({
  description: 'An estimate of how long a generation takes once it has started.',
  fields: (t) => ({
    typicalMs: t.exposeInt('typicalMs', { description: 'The median duration, in milliseconds.' }),
    slowMs: t.exposeInt('slowMs', {
      description:
        'The 90th percentile of the duration, in milliseconds. With a completion window, at least the window.',
    }),
    basis: t.expose('basis', { type: DurationBasisRef, description: 'The source of the estimate.' }),
    samples: t.exposeInt('samples', { description: 'The number of calls it was measured on.' }),
  }),
});

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

builder.queryField('estimateGeneration', (t) =>
  t.field({
    type: GenerationEstimateRef,
    authScopes: { COST: true },
    description:
      'Estimates cost and duration of `generateImage` with the same input. Nothing is stored and nothing is ' +
      'charged. An input that `generateImage` would reject is a GraphQL error here.',
    args: { input: t.arg({ type: GenerateImageInput, required: true, description: 'The input of `generateImage`.' }) },
    resolve: async (_, { input }, { validator, estimates, principal }) =>
      estimates.estimate(principal, await validator.generate(principal, readGenerateInput(input))),
  }),
);
