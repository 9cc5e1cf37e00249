/** DurationEstimate: how long a generation takes. */
import {
  DURATION_BASES,
  type DurationBasis,
  type DurationEstimate,
} from '../../../src/domain/generation/duration-estimate.ts';
import { builder } from '../../builder.ts';
import { enumOf } from '../images/image-settings.ts';

const DurationBasisRef = enumOf<DurationBasis>('DurationBasis', 'The source of a duration estimate.', DURATION_BASES, {
  MEASURED: 'Measured on your own recent calls of the same kind.',
  CATALOGUE: 'Rough figures from the model catalogue, because there are too few such calls yet.',
});

export const DurationEstimateRef = builder.objectRef<DurationEstimate>('DurationEstimate').implement({
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
