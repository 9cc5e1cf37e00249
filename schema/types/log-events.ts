/** What all events have in common, and the events of the archive: uploads, and what people change and delete. */
import type { InterfaceFieldBuilder } from '@pothos/core';
import type { ArchiveEvent, ConversationChange, ImageChange } from '../../src/domain/archive-event.ts';
import { cursorOf, isGenerationEvent, type LogEvent } from '../../src/domain/archive-event.ts';
import { builder, type SchemaTypes } from '../builder.ts';
import { ConversationEventRef, ConversationRef, GenerationCallRef, ImageRef, ViewerEventRef } from '../refs.ts';
import { encodeGlobalId } from '../relay/global-id.ts';

type EventFields = InterfaceFieldBuilder<PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>, LogEvent>;

export const commonFields = (t: Pick<EventFields, 'string' | 'expose'>) => ({
  cursor: t.string({
    description:
      'The cursor of this event. Pass it as `after` to resume with the next event: of the call, of its conversation, or ' +
      'of everything (`viewerEvents`).',
    resolve: (event) => cursorOf(event),
  }),
  at: t.expose('at', { type: 'DateTime', description: 'The time the event was recorded.' }),
});

ViewerEventRef.implement({
  description: 'Something that changed for the viewer: a call, an image, an upload or a conversation.',
  resolveType: ({ type }) => type,
  fields: (t) => commonFields(t),
});

ConversationEventRef.implement({
  description: 'Something that changed in a conversation: a call, an upload, an image, or the conversation itself.',
  interfaces: [ViewerEventRef],
  resolveType: ({ type }) => type,
  fields: (t) => ({
    ...commonFields(t),
    sequence: t.int({
      nullable: true,
      description: 'The number of the event within its call; null for an event that is not about a call.',
      resolve: (event) => (isGenerationEvent(event) ? event.sequence : null),
    }),
    call: t.field({
      type: GenerationCallRef,
      nullable: true,
      description: 'The call in its current state; null for an event that is not about a call.',
      resolve: (event, _, { reader }) => (isGenerationEvent(event) ? reader.call(event.callId) : null),
    }),
  }),
});

const IN_CONVERSATION = [ViewerEventRef, ConversationEventRef];

const CONVERSATION_EVENTS: Readonly<Record<ConversationChange, string>> = {
  ConversationCreated: 'A conversation was started. Sent by `viewerEvents` only.',
  ConversationUpdated: 'The title of the conversation changed.',
  ConversationDeleted: 'The conversation was moved to the trash, with everything in it.',
  ConversationRestored: 'The conversation was taken out of the trash.',
};

const IMAGE_EVENTS: Readonly<Record<ImageChange, string>> = {
  ImageUploaded: 'An image was uploaded.',
  ImageUpdated: 'An image was marked or unmarked as a favourite, or its tags changed.',
  ImageDeleted: 'An image was moved to the trash.',
  ImageRestored: 'An image was taken out of the trash.',
};

type EventOf<Type> = Extract<ArchiveEvent, { readonly type: Type }>;

for (const [type, description] of Object.entries(CONVERSATION_EVENTS)) {
  builder.objectRef<EventOf<ConversationChange>>(type).implement({
    description,
    interfaces: IN_CONVERSATION,
    fields: (t) => ({
      conversation: t.field({
        type: ConversationRef,
        nullable: true,
        description: 'The conversation in its current state; null when it was deleted for good since.',
        resolve: ({ conversationId }, _, { reader }) =>
          conversationId === null ? null : reader.conversation(conversationId),
      }),
    }),
  });
}

for (const [type, description] of Object.entries(IMAGE_EVENTS)) {
  builder.objectRef<EventOf<ImageChange>>(type).implement({
    description,
    interfaces: IN_CONVERSATION,
    fields: (t) => ({
      imageId: t.id({
        description: 'The id of the image.',
        resolve: ({ imageId }) => encodeGlobalId('Image', imageId),
      }),
      image: t.field({
        type: ImageRef,
        nullable: true,
        description: 'The image in its current state; null when it was deleted for good since.',
        resolve: ({ imageId }, _, { reader }) => reader.image(imageId),
      }),
    }),
  });
}

builder.objectRef<EventOf<'ImagePurged'>>('ImagePurged').implement({
  description: 'An image was deleted for good.',
  interfaces: IN_CONVERSATION,
  fields: (t) => ({
    imageId: t.id({
      description: 'The id that the image had.',
      resolve: ({ imageId }) => encodeGlobalId('Image', imageId),
    }),
  }),
});

builder.objectRef<EventOf<'ConversationPurged'>>('ConversationPurged').implement({
  description: 'A conversation was deleted for good, with everything in it. Sent by `viewerEvents` only.',
  interfaces: IN_CONVERSATION,
  fields: (t) => ({
    conversationId: t.id({
      description: 'The id that the conversation had.',
      resolve: ({ purgedConversationId }) => encodeGlobalId('Conversation', purgedConversationId),
    }),
  }),
});
