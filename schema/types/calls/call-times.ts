/** When a call was accepted, started and ended, and how long it may take. */
import { estimateDuration } from '../../../src/domain/generation/duration-estimate.ts';
import { builder } from '../../builder.ts';
import { GenerationCallRef } from '../../refs.ts';
import { DurationEstimateRef } from './duration.ts';

builder.objectFields(GenerationCallRef, (t) => ({
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time the call was accepted.' }),
  startedAt: t.expose('startedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'The time the first attempt started; null before.',
  }),
  firstPartialAt: t.expose('firstPartialAt', {
    type: 'DateTime',
    nullable: true,
    description: 'The time the first partial image was stored; null before, and when there is none.',
  }),
  endedAt: t.expose('completedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'The time the call ended, with any final status; null before.',
  }),
  completedAt: t.expose('completedAt', {
    type: 'DateTime',
    nullable: true,
    deprecationReason: 'Use `endedAt`, which is the same: a failed call has one as well.',
    description: 'The time the call ended, with any final status; null before.',
  }),
  expectedDuration: t.field({
    type: DurationEstimateRef,
    nullable: true,
    description:
      'How long the call is expected to take from `startedAt` on: what `estimateGeneration` says, for a progress ' +
      'indicator. Null when the call has ended.',
    resolve: async ({ request, completedAt }, _, { reader }) =>
      completedAt === null ? estimateDuration(request, await reader.recentDurations()) : null,
  }),
}));
