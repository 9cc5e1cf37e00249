/** What to expect of a generation before buying it. */

import { builder } from '../builder.ts';
import type { DurationEstimate, GenerationEstimate } from '../context.ts';
import { CostRef } from '../types/cost.ts';
import { enumOf } from '../types/image-settings.ts';
import { GenerateImageInput, readGenerateInput } from './generate.ts';

const DURATION_BASES = ['MEASURED', 'CATALOGUE'] as const;

const DurationBasisRef = enumOf<(typeof DURATION_BASES)[number]>(
  'DurationBasis',
  'What a duration rests on.',
  DURATION_BASES,
  {
    MEASURED: 'Your own recent calls of the same kind.',
    CATALOGUE: 'Rough figures; there are too few such calls yet.',
  },
);

const DurationEstimateRef = builder.objectRef<DurationEstimate>('DurationEstimate').implement({
  description: 'How long a generation may take once the upstream is asked.',
  fields: (t) => ({
    typicalMs: t.exposeInt('typicalMs', { description: 'Half of them take no longer. Milliseconds.' }),
    slowMs: t.exposeInt('slowMs', { description: 'Nine of ten take no longer. Milliseconds.' }),
    basis: t.expose('basis', { type: DurationBasisRef, description: 'What it rests on.' }),
    samples: t.exposeInt('samples', { description: 'How many calls it was measured on.' }),
  }),
});

const GenerationEstimateRef = builder.objectRef<GenerationEstimate>('GenerationEstimate').implement({
  description: 'What a generation would cost, and how long it would take.',
  fields: (t) => ({
    cost: t.expose('cost', {
      type: CostRef,
      description: 'All pictures and stages that are asked for. What a conversation adds by its past is not in it.',
    }),
    duration: t.expose('duration', {
      type: DurationEstimateRef,
      description: 'From the first request to the last picture, the waiting for a turn not included.',
    }),
  }),
});

builder.queryField('estimateGeneration', (t) =>
  t.field({
    type: GenerationEstimateRef,
    description:
      'What `generateImage` with this input would cost, and how long it would take. Nothing is stored and nothing is ' +
      'bought; what `generateImage` would refuse is an error here.',
    args: { input: t.arg({ type: GenerateImageInput, required: true, description: 'As for `generateImage`.' }) },
    resolve: async (_, { input }, { checks, estimates, principal }) =>
      estimates.estimate(principal, await checks.generate(principal, readGenerateInput(input))),
  }),
);
