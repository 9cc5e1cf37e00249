/** The list of conversations: its filter and its orders. */
import { builder } from '../builder.ts';
import { pagePrice } from '../prices.ts';
import { ConversationConnectionRef, ConversationRef } from '../refs.ts';
import { connection } from '../relay/connection.ts';
import { checkFilter, orderInput, SEARCH_DESCRIPTION, sortedByCreation, withoutNulls } from './order.ts';

const ConversationOrder = orderInput('ConversationOrder', 'conversations', ['UPDATED_AT', 'CREATED_AT'], {
  UPDATED_AT: 'The time of the last change in the conversation.',
  CREATED_AT: 'The time the conversation was started.',
});

const ConversationFilter = builder.inputType('ConversationFilter', {
  description: 'A filter for a list of conversations. Omitted fields do not restrict the list.',
  fields: (t) => ({
    search: t.string({
      description: `Returns only conversations with these words in the title. ${SEARCH_DESCRIPTION}`,
    }),
    deleted: t.boolean({ description: 'True returns the conversations in the trash instead of the others.' }),
  }),
});

builder.queryField('conversations', (t) =>
  t.connection(
    {
      type: ConversationRef,
      authScopes: { READ: true },
      description:
        'All conversations that are not in the trash, the last changed first unless `orderBy` says otherwise. A conversation ' +
        'that changes moves to the front: pages that were read before do not have it there.',
      complexity: pagePrice,
      args: {
        filter: t.arg({ type: ConversationFilter, description: 'Restricts the list.' }),
        orderBy: t.arg({
          type: ConversationOrder,
          description: 'The order of the list. Defaults to the last changed first.',
        }),
      },
      resolve: (_, { filter, orderBy, ...args }, { reader, principal }) => {
        checkFilter(filter);
        const only = withoutNulls(filter);
        const list = {
          principal,
          key: ['conversations', only],
          direction: orderBy?.direction ?? 'DESC',
          sortedBy: orderBy?.field === 'CREATED_AT' ? sortedByCreation(only, 'CREATED_AT') : 'time',
        } as const;
        return connection(args, list, {
          page: (window) => reader.conversations(only, window),
          count: () => reader.countConversations(only),
        });
      },
    },
    ConversationConnectionRef,
  ),
);
