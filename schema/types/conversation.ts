/** Conversation: a thread of calls and their images. */
import { encodeCursor } from '../../src/domain/cursor.ts';
import { purgeTime } from '../../src/domain/trash.ts';
import { builder } from '../builder.ts';
import { pagePrice, SUM_PRICE } from '../prices.ts';
import {
  ConversationItemConnectionRef,
  ConversationItemRef,
  ConversationRef,
  GenerationCallConnectionRef,
  GenerationCallRef,
  ImageConnectionRef,
  ImageRef,
} from '../refs.ts';
import { connection } from '../relay/connection.ts';
import { encodeGlobalId, lookUp } from '../relay/global-id.ts';
import { CostRef } from './cost.ts';
import { imagePropertiesFor } from './images/image-properties.ts';

builder.node(ConversationRef, {
  description: 'A thread of generation calls in which each call can build on the images of earlier calls.',
  id: { resolve: ({ id }) => id, description: 'The globally unique, opaque id of the conversation.' },
  loadManyWithoutCache: (ids, { reader }) => Promise.all(ids.map((id) => reader.conversation(id))),
  fields: (t) => ({
    title: t.exposeString('title', {
      description: 'The title: taken from the first prompt, or given by `createConversation` or `updateConversation`.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'The time the conversation was started.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description:
        'The time of the newest event of a call, or of the newest upload. Renaming, favourites, tags and deletions do not ' +
        'change it.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The time the conversation was moved to the trash; null while it is not there.',
    }),
    purgesAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The time from which the conversation is deleted for good, within an hour; null while it is not in the trash, and where ' +
        'the server keeps the trash for ever.',
      resolve: ({ deletedAt }, _, { trashDays }) => purgeTime(deletedAt, trashDays),
    }),
    cost: t.field({
      type: CostRef,
      authScopes: { COST: true },
      description: 'The total cost of all calls of the conversation.',
      complexity: SUM_PRICE,
      resolve: ({ id }, _, { reader }) => reader.costOfConversation(id),
    }),
    exportUrl: t.field({
      type: 'URL',
      authScopes: { READ: true },
      description:
        'A URL that returns all images of the conversation as one ZIP file, with a JSON file beside each. Where the server ' +
        'has authentication, it works for an hour without credentials, so that a link in a page can use it.',
      resolve: ({ id }, _, { exportUrl }) =>
        exportUrl({ type: 'Conversation', id: encodeGlobalId('Conversation', id) }),
    }),
    cover: t.field({
      type: ImageRef,
      nullable: true,
      description:
        'The newest image that is not in the trash, for use as a thumbnail; null while there is none. The cover of a ' +
        'conversation in the trash is what it was when it was deleted.',
      resolve: ({ id }, _, { reader }) => reader.cover(id),
    }),
    cursor: t.string({
      description:
        'The cursor of the newest event of the conversation. Query the conversation, then subscribe to `conversationEvents` ' +
        'with this value as `after`: nothing is missed that the query did not show.',
      resolve: ({ id, lastPosition }) =>
        encodeCursor({
          eventId: null,
          callId: null,
          sequence: null,
          conversationId: id,
          position: lastPosition,
        }),
    }),
    items: t.connection(
      {
        type: ConversationItemRef,
        description:
          'The timeline of the conversation: its calls and uploads in the order in which they came, oldest first. Uploaded ' +
          'masks and markups have their `purpose`.',
        complexity: pagePrice,
        resolve: ({ id }, args, { reader, principal }) => {
          const list = { principal, key: ['Conversation.items', id], direction: 'ASC' } as const;
          return connection(args, list, {
            page: (window) => reader.items(id, window),
            count: () => reader.countItems(id),
          });
        },
      },
      ConversationItemConnectionRef,
    ),
    calls: t.connection(
      {
        type: GenerationCallRef,
        description: 'The calls of the conversation, oldest first.',
        complexity: pagePrice,
        resolve: ({ id }, args, { reader, principal }) => {
          const list = { principal, key: ['Conversation.calls', id], direction: 'ASC' } as const;
          return connection(args, list, {
            page: (window) => reader.calls({ conversationId: id }, window),
            count: () => reader.countCalls({ conversationId: id }),
          });
        },
      },
      GenerationCallConnectionRef,
    ),
    images: t.connection(
      {
        type: ImageRef,
        description: 'The images of the conversation, oldest first.',
        complexity: pagePrice,
        resolve: ({ id }, args, { reader, principal }, info) => {
          const list = { principal, key: ['Conversation.images', id], direction: 'ASC' } as const;
          const properties = imagePropertiesFor(info);
          return connection(args, list, {
            page: (window) => reader.images({ conversationId: id }, window, properties),
            count: () => reader.countImages({ conversationId: id }),
          });
        },
      },
      ImageConnectionRef,
    ),
  }),
});

builder.queryField('conversation', (t) =>
  t.field({
    type: ConversationRef,
    nullable: true,
    authScopes: { READ: true },
    description: 'A conversation by its id; null when it does not exist or is not yours.',
    args: { id: t.arg.id({ required: true, description: 'The id of the `Conversation`.' }) },
    resolve: (_, { id }, { reader }) => lookUp('Conversation', id, (known) => reader.conversation(known)),
  }),
);
