/** The subscriptions. PROTOCOL.md describes the guarantees. */
import { builder } from '../builder.ts';
import { ConversationEventRef, GenerationEventRef, ViewerEventRef } from '../refs.ts';
import { idOf } from '../relay/global-id.ts';

const AFTER_DESCRIPTION =
  'The `cursor` of the last event you received, or of the call. The subscription starts with the next event. If ' +
  'omitted, it starts with the first event. Over server-sent events the header `Last-Event-ID` takes its place.';

builder.subscriptionField('generationEvents', (t) =>
  t.field({
    type: GenerationEventRef,
    authScopes: { READ: true },
    description:
      'The events of a call: stored events after the cursor first, then live events. Completes after the terminal ' +
      'event.',
    args: {
      callId: t.arg.id({ required: true, description: 'The id of the `GenerationCall`.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: (_, { callId, after }, { eventStreams, principal, lastEventId }) =>
      eventStreams.ofCall(principal, idOf('GenerationCall', callId, 'callId'), lastEventId ?? after ?? null),
    resolve: (event) => event,
  }),
);

builder.subscriptionField('conversationEvents', (t) =>
  t.field({
    type: ConversationEventRef,
    authScopes: { READ: true },
    description:
      'Everything that happens in a conversation, in one order: the events of its calls, uploads, changes and deletions. ' +
      'Stored events after the cursor first, then live events. Stays open until the conversation is deleted for good.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the `Conversation`.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: (_, { conversationId, after }, { eventStreams, principal, lastEventId }) =>
      eventStreams.ofConversation(
        principal,
        idOf('Conversation', conversationId, 'conversationId'),
        lastEventId ?? after ?? null,
      ),
    resolve: (event) => event,
  }),
);

builder.subscriptionField('viewerEvents', (t) =>
  t.field({
    type: ViewerEventRef,
    authScopes: { READ: true },
    description:
      'Everything of the viewer, in one order: calls, images, uploads and conversations that appear, change or go. Stored ' +
      'events after the cursor first, then live events. Stays open.',
    args: { after: t.arg.string({ description: AFTER_DESCRIPTION }) },
    subscribe: (_, { after }, { eventStreams, principal, lastEventId }) =>
      eventStreams.ofViewer(principal, lastEventId ?? after ?? null),
    resolve: (event) => event,
  }),
);
