/** Limits: what one operation may ask for. rate-limits.ts adds what is counted for a client. */
import { FIXED_LIMITS, type OperationLimits } from '../../src/domain/limits/operation-limits.ts';
import { builder } from '../builder.ts';

export const LimitsRef = builder.objectRef<OperationLimits>('Limits').implement({
  description:
    'What one operation may ask for, and what you may do within a minute and have open at once. An operation that asks ' +
    'for more than one may is refused with the code LIMIT_EXCEEDED; `extensions.limit` is the name of the field here, ' +
    'and `extensions.max` its value.',
  fields: (t) => ({
    maxQueryTokens: t.exposeInt('maxQueryTokens', {
      description: 'The number of words and punctuators of a document.',
    }),
    maxQuerySelections: t.exposeInt('maxQuerySelections', {
      description: 'The number of selected fields, counted as if every fragment were written out where it is spread.',
    }),
    maxQueryDepth: t.exposeInt('maxQueryDepth', { description: 'The number of fields within each other.' }),
    maxQueryCost: t.exposeInt('maxQueryCost', {
      description:
        'The cost of an operation in points: about the number of fields in its answer, if every page is full. Send ' +
        '`"extensions": {"cost": true}` with an operation to get its cost in `extensions.cost` of the answer.',
    }),
    maxRootFields: t.exposeInt('maxRootFields', { description: 'The number of root fields of a query.' }),
    maxMutations: t.exposeInt('maxMutations', { description: 'The number of root fields of a mutation.' }),
    maxAliases: t.int({ description: 'The number of aliases of a document.', resolve: () => FIXED_LIMITS.maxAliases }),
    maxListLength: t.int({
      description: 'The number of items of a list in arguments or variables, such as the ids of `nodes`.',
      resolve: () => FIXED_LIMITS.maxListLength,
    }),
    maxDataUriBytes: t.exposeInt('maxDataUriBytes', {
      description: 'The size of the largest image that can be read as a data URI, in bytes.',
    }),
    maxAnswerBytes: t.exposeInt('maxAnswerBytes', {
      description: 'The size of all data URIs and prompts of one answer together, in bytes.',
    }),
    executionTimeoutMs: t.exposeInt('executionTimeoutMs', {
      description: 'How long a query, or the selection of an event, may take, in milliseconds.',
    }),
  }),
});
