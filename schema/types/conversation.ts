/** Conversation: pictures made in one thread. */
import { builder } from '../builder.ts';
import { connection } from '../connection.ts';
import { idOf } from '../global-id.ts';
import {
  ConversationConnectionRef,
  ConversationRef,
  GenerationCallConnectionRef,
  GenerationCallRef,
  ImageConnectionRef,
  ImageRef,
} from '../refs.ts';
import { CostRef } from './cost.ts';
import { imagePropertiesFor } from './image-properties.ts';

builder.node(ConversationRef, {
  description: 'A thread of calls in which each can build upon what was there before.',
  id: { resolve: ({ id }) => id, description: 'Unique among everything in this API, and opaque.' },
  loadManyWithoutCache: (ids, { reader }) => Promise.all(ids.map((id) => reader.conversation(id))),
  fields: (t) => ({
    title: t.exposeString('title', { description: 'Taken from the first prompt.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When something last happened in it.' }),
    cost: t.field({
      type: CostRef,
      description: 'What all its calls together have cost.',
      resolve: ({ id }, _, { reader }) => reader.costOfConversation(id),
    }),
    cover: t.field({
      type: ImageRef,
      nullable: true,
      description: 'The newest picture, to stand for the whole; null while there is none.',
      resolve: ({ id }, _, { reader }) => reader.cover(id),
    }),
    calls: t.connection(
      {
        type: GenerationCallRef,
        description: 'Its calls, the oldest first.',
        resolve: ({ id }, args, { reader }) =>
          connection(args, 'ASC', (window) => reader.calls({ conversationId: id }, window)),
      },
      GenerationCallConnectionRef,
    ),
    images: t.connection(
      {
        type: ImageRef,
        description: 'Its pictures, the oldest first.',
        resolve: ({ id }, args, { reader }, info) =>
          connection(args, 'ASC', (window) => reader.images({ conversationId: id }, window, imagePropertiesFor(info))),
      },
      ImageConnectionRef,
    ),
  }),
});

builder.queryField('conversation', (t) =>
  t.field({
    type: ConversationRef,
    nullable: true,
    description: 'One conversation; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of a Conversation.' }) },
    resolve: (_, { id }, { reader }) => reader.conversation(idOf('Conversation', id, 'id')),
  }),
);

builder.queryField('conversations', (t) =>
  t.connection(
    {
      type: ConversationRef,
      description: 'All conversations, the newest first.',
      resolve: (_, args, { reader }) => connection(args, 'DESC', (window) => reader.conversations(window)),
    },
    ConversationConnectionRef,
  ),
);
