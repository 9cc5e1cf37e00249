/** The events of calls and the subscriptions that follow them. PROTOCOL.md says what may be relied upon. */
import { encodeCursor } from '../../src/domain/cursor.ts';
import type { GenerationEvent, GenerationEventType } from '../../src/domain/generation-event.ts';
import type { Image } from '../../src/domain/image.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { idOf } from '../global-id.ts';
import { GenerationCallRef, GenerationEventRef, GenerationFailureRef, ImageRef, PartialImageRef } from '../refs.ts';

GenerationEventRef.implement({
  description:
    'Something that happened to a call. Every event is stored before anybody sees it. GenerationCompleted, ' +
    'GenerationFailed and GenerationCancelled are terminal: exactly one of them comes, and it is the last.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    cursor: t.string({
      description: 'Subscribe `after` this to go on behind this event. It works for the call and for its conversation.',
      resolve: (event) => encodeCursor(event),
    }),
    sequence: t.exposeInt('sequence', { description: 'From 1 for each call, without a gap.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    call: t.field({
      type: GenerationCallRef,
      description: 'The call as it is now, which can be further than this event.',
      resolve: async ({ callId }, _, { reader }) => {
        const call = await reader.call(callId);
        if (call === null) throw new Error(`call ${callId} of an event is not there`);
        return call;
      },
    }),
  }),
});

type EventOf<Type extends GenerationEventType> = Extract<GenerationEvent, { type: Type }>;

function eventRef<Type extends GenerationEventType>(type: Type) {
  return builder.objectRef<EventOf<Type>>(type);
}

eventRef('GenerationQueued').implement({
  description: 'The call was accepted. Always the first event.',
  interfaces: [GenerationEventRef],
});

eventRef('GenerationStarted').implement({
  description: 'The upstream is being asked.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'Which attempt this is, from 1.' }),
  }),
});

eventRef('PartialImageReceived').implement({
  description: 'A stage of the picture is there. Fewer can come than were asked for, or none.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    partial: t.expose('partial', { type: PartialImageRef, description: 'The stage.' }),
  }),
});

eventRef('ImageCompleted').implement({
  description: 'A finished picture is stored.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    image: t.field({
      type: ImageRef,
      description: 'The picture.',
      resolve: ({ imageId }, _, context) => storedImage(context, imageId),
    }),
  }),
});

eventRef('ImageFailed').implement({
  description: 'One of several pictures does not come; the others go on. Told only where several were asked for.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    imageIndex: t.exposeInt('imageIndex', { description: 'Which picture of the call, from 0.' }),
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why.' }),
  }),
});

eventRef('GenerationRetrying').implement({
  description: 'The attempt came to nothing, and nothing was bought; another one follows.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The attempt that comes next.' }),
    reason: t.exposeString('reason', { description: 'Why, for people.' }),
    retryAt: t.expose('retryAt', { type: 'DateTime', description: 'Not before this moment.' }),
  }),
});

eventRef('GenerationCompleted').implement({
  description:
    'All is done: every picture has come, or, of several, at least one (`call.failures` has the others). Terminal.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    images: t.field({
      type: [ImageRef],
      description: 'The finished pictures, in order.',
      resolve: ({ imageIds }, _, context) => Promise.all(imageIds.map((id) => storedImage(context, id))),
    }),
  }),
});

eventRef('GenerationFailed').implement({
  description: 'It ended without a picture. Terminal.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why.' }),
  }),
});

eventRef('GenerationCancelled').implement({
  description: 'It was cancelled; of several pictures, those that were finished before are kept. Terminal.',
  interfaces: [GenerationEventRef],
});

async function storedImage({ reader }: Context, id: string): Promise<Image> {
  const image = await reader.image(id);
  if (image === null) throw new Error(`image ${id} of an event is not there`);
  return image;
}

const AFTER_DESCRIPTION =
  'The `cursor` of the last event (or of the call) that you have: what stands behind it comes first, nothing twice. ' +
  'Left out, everything comes from the first event.';

builder.subscriptionField('generationEvents', (t) =>
  t.field({
    type: GenerationEventRef,
    description:
      'Everything that happened to one call after the cursor, then live; completes after the terminal event.',
    args: {
      callId: t.arg.id({ required: true, description: 'The `id` of the GenerationCall.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: (_, { callId, after }, { eventStreams, principal }) =>
      eventStreams.ofCall(principal, idOf('GenerationCall', callId, 'callId'), after ?? null),
    resolve: (event) => event,
  }),
);

builder.subscriptionField('conversationEvents', (t) =>
  t.field({
    type: GenerationEventRef,
    description: 'The same for every call of a conversation, in one order; stays open.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The `id` of the Conversation.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: (_, { conversationId, after }, { eventStreams, principal }) =>
      eventStreams.ofConversation(principal, idOf('Conversation', conversationId, 'conversationId'), after ?? null),
    resolve: (event) => event,
  }),
);
