/** The list of generation calls: its filter and its orders. */
import { builder } from '../builder.ts';
import { pagePrice } from '../prices.ts';
import { GenerationCallConnectionRef, GenerationCallRef } from '../refs.ts';
import { connection } from '../relay/connection.ts';
import { idOf } from '../relay/global-id.ts';
import { GenerationKindRef, GenerationStatusRef } from '../types/calls/generation-call.ts';
import {
  checkFilter,
  orderInput,
  RELEVANCE_DESCRIPTION,
  SEARCH_DESCRIPTION,
  sortedByCreation,
  withoutNulls,
} from './order.ts';

const GenerationCallOrder = orderInput('GenerationCallOrder', 'calls', ['CREATED_AT', 'RELEVANCE'], {
  CREATED_AT: 'The time the call was accepted.',
  RELEVANCE: RELEVANCE_DESCRIPTION,
});

const GenerationCallFilter = builder.inputType('GenerationCallFilter', {
  description: 'A filter for a list of calls. Omitted fields do not restrict the list.',
  fields: (t) => ({
    conversationId: t.id({ description: 'Returns only calls of this conversation.' }),
    statuses: t.field({ type: [GenerationStatusRef], description: 'Returns only calls with one of these statuses.' }),
    status: t.field({
      type: [GenerationStatusRef],
      deprecationReason: 'Use `statuses`, which is the same.',
      description: 'Returns only calls with one of these statuses. `statuses` replaces it when both are given.',
    }),
    kind: t.field({ type: GenerationKindRef, description: 'Returns only calls of this kind.' }),
    search: t.string({
      description: `Returns only calls with these words in the prompt and the revised prompt. ${SEARCH_DESCRIPTION}`,
    }),
    createdAfter: t.field({ type: 'DateTime', description: 'Returns only calls that were accepted after this time.' }),
    createdBefore: t.field({
      type: 'DateTime',
      description: 'Returns only calls that were accepted before this time.',
    }),
  }),
});

builder.queryField('generationCalls', (t) =>
  t.connection(
    {
      type: GenerationCallRef,
      authScopes: { READ: true },
      description: 'All generation calls, newest first unless `orderBy` says otherwise.',
      complexity: pagePrice,
      args: {
        filter: t.arg({ type: GenerationCallFilter, description: 'Restricts the list.' }),
        orderBy: t.arg({ type: GenerationCallOrder, description: 'The order of the list. Defaults to newest first.' }),
      },
      resolve: (_, { filter, orderBy, ...args }, { reader, principal }) => {
        checkFilter(filter);
        const { conversationId: id, status, statuses = status, ...given } = withoutNulls(filter);
        const conversationId = id === undefined ? undefined : idOf('Conversation', id, 'filter.conversationId');
        const only = { ...given, conversationId, statuses: statuses?.toSorted() };
        const list = {
          principal,
          key: ['generationCalls', only],
          direction: orderBy?.direction ?? 'DESC',
          sortedBy: sortedByCreation(only, orderBy?.field),
        };
        return connection(args, list, {
          page: (window) => reader.calls(only, window),
          count: () => reader.countCalls(only),
        });
      },
    },
    GenerationCallConnectionRef,
  ),
);
