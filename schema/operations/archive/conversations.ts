/** The mutations that start, rename, delete and restore a conversation. */
import { type Conversation, TITLE_MAX_LENGTH } from '../../../src/domain/conversation.ts';
import {
  type FieldError,
  ForbiddenError,
  InTrashError,
  InvalidInputError,
  NotFoundError,
} from '../../../src/domain/errors.ts';
import { builder } from '../../builder.ts';
import { ConversationRef } from '../../refs.ts';
import { encodeGlobalId, idOf, readId } from '../../relay/global-id.ts';
import { CHANGE_SCOPES } from './images.ts';

const TITLE_DESCRIPTION = `The title: 1 to ${TITLE_MAX_LENGTH} characters, not blank. It is stored as one line, without spaces at its ends.`;

const CreateConversationInput = builder.inputType('CreateConversationInput', {
  description: 'The conversation to start.',
  fields: (t) => ({ title: t.string({ required: true, description: TITLE_DESCRIPTION }) }),
});

builder.mutationField('createConversation', (t) =>
  t.field({
    type: ConversationRef,
    authScopes: CHANGE_SCOPES,
    description:
      'Starts an empty conversation with a title of its own. `generateImage` without a `conversationId` starts one, too. ' +
      'Requires the scope GENERATE or UPLOAD.',
    args: {
      input: t.arg({ type: CreateConversationInput, required: true, description: 'The conversation to start.' }),
    },
    errors: {
      types: [InvalidInputError, ForbiddenError],
      union: { name: 'CreateConversationResult', description: 'The result of `createConversation`.' },
      result: { name: 'CreateConversationSuccess', description: 'The conversation was stored.' },
      dataField: { name: 'conversation', description: 'The new conversation.' },
    },
    resolve: (_, { input }, { archive, principal }) => archive.conversations.create(principal, input.title),
  }),
);

const UpdateConversationInput = builder.inputType('UpdateConversationInput', {
  description: 'The conversation and its new title.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The id of the `Conversation`.' }),
    title: t.string({ required: true, description: TITLE_DESCRIPTION }),
  }),
});

builder.mutationField('updateConversation', (t) =>
  t.field({
    type: ConversationRef,
    authScopes: CHANGE_SCOPES,
    description:
      'Gives a conversation another title. It stays where it is in lists. Requires the scope GENERATE or UPLOAD.',
    args: {
      input: t.arg({ type: UpdateConversationInput, required: true, description: 'The conversation and its title.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, InTrashError, ForbiddenError],
      union: { name: 'UpdateConversationResult', description: 'The result of `updateConversation`.' },
      result: { name: 'UpdateConversationSuccess', description: 'The title was stored.' },
      dataField: { name: 'conversation', description: 'The conversation after the change.' },
    },
    resolve: (_, { input }, { archive, principal }) => {
      const errors: FieldError[] = [];
      const id = readId('Conversation', input.conversationId, 'conversationId', errors);
      return archive.conversations.rename(principal, id, input.title, errors);
    },
  }),
);

const DeleteConversationInput = builder.inputType('DeleteConversationInput', {
  description: 'The conversation to delete.',
  fields: (t) => ({ conversationId: t.id({ required: true, description: 'The id of the `Conversation`.' }) }),
});

const DeleteConversationSuccess = builder.objectRef<Conversation>('DeleteConversationSuccess').implement({
  description: 'The conversation is in the trash.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The id of the conversation, to remove it from lists.',
      resolve: ({ id }) => encodeGlobalId('Conversation', id),
    }),
    conversation: t.field({
      type: ConversationRef,
      description: 'The conversation in the trash.',
      resolve: (conversation) => conversation,
    }),
  }),
});

builder.mutationField('deleteConversation', (t) =>
  t.field({
    type: DeleteConversationSuccess,
    authScopes: { DELETE: true },
    description:
      'Moves a conversation to the trash, with its calls and images. Calls that wait are cancelled; calls that run go on, ' +
      'because they are charged for, and their images are in the trash. Deleting a conversation in the trash has no effect.',
    args: {
      input: t.arg({ type: DeleteConversationInput, required: true, description: 'The conversation to delete.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError],
      union: { name: 'DeleteConversationResult', description: 'The result of `deleteConversation`.' },
      directResult: true,
    },
    resolve: (_, { input }, { archive, principal }) =>
      archive.conversations.delete(principal, idOf('Conversation', input.conversationId, 'conversationId')),
  }),
);

const RestoreConversationInput = builder.inputType('RestoreConversationInput', {
  description: 'The conversation to restore.',
  fields: (t) => ({ conversationId: t.id({ required: true, description: 'The id of the `Conversation`.' }) }),
});

builder.mutationField('restoreConversation', (t) =>
  t.field({
    type: ConversationRef,
    authScopes: { DELETE: true },
    description:
      'Takes a conversation out of the trash, with everything that went there with it. Images that were deleted on their own ' +
      'stay in the trash. Restoring a conversation that is not in the trash has no effect.',
    args: {
      input: t.arg({ type: RestoreConversationInput, required: true, description: 'The conversation to restore.' }),
    },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError],
      union: { name: 'RestoreConversationResult', description: 'The result of `restoreConversation`.' },
      result: { name: 'RestoreConversationSuccess', description: 'The conversation is not in the trash.' },
      dataField: { name: 'conversation', description: 'The conversation.' },
    },
    resolve: (_, { input }, { archive, principal }) =>
      archive.conversations.restore(principal, idOf('Conversation', input.conversationId, 'conversationId')),
  }),
);
