/** The events of calls and the subscriptions to them. PROTOCOL.md describes the guarantees. */
import { encodeCursor } from '../../src/domain/cursor.ts';
import type { GenerationEvent, GenerationEventType } from '../../src/domain/generation-event.ts';
import type { Image } from '../../src/domain/image.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { idOf } from '../global-id.ts';
import { GenerationCallRef, GenerationEventRef, GenerationFailureRef, ImageRef, PartialImageRef } from '../refs.ts';

GenerationEventRef.implement({
  description:
    'An event of a call. Every event is stored before it is delivered. `GenerationCompleted`, `GenerationFailed` and ' +
    '`GenerationCancelled` are terminal: each call has exactly one terminal event, and it is the last.',
  resolveType: ({ type }) => type,
  fields: (t) => ({
    cursor: t.string({
      description:
        'The cursor of this event. Pass it as `after` to resume with the next event, of the call or of its ' +
        'conversation.',
      resolve: (event) => encodeCursor(event),
    }),
    sequence: t.exposeInt('sequence', {
      description: 'The number of this event within its call: starts at 1, without gaps.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'The time the event was recorded.' }),
    call: t.field({
      type: GenerationCallRef,
      description: 'The call in its current state, which can be ahead of this event.',
      resolve: async ({ callId }, _, { reader }) => {
        const call = await reader.call(callId);
        if (call === null) throw new Error(`call ${callId} of an event does not exist`);
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
  description: 'The call was accepted. The first event of a call, unless it starts with `GenerationAwaitingApproval`.',
  interfaces: [GenerationEventRef],
});

eventRef('GenerationAwaitingApproval').implement({
  description:
    'The call was accepted, exceeds a budget, and waits until an administrator approves or refuses it. The first event ' +
    'of such a call. `GenerationApproved`, `GenerationFailed` (with `APPROVAL_REFUSED`) or `GenerationCancelled` follows.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    amount: t.expose('amount', { type: 'Decimal', description: 'What the call may cost, in US dollars.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'The time at which the call ends if nobody has decided.',
    }),
  }),
});

eventRef('GenerationApproved').implement({
  description: 'An administrator approved the call. It now waits in the queue like any other.',
  interfaces: [GenerationEventRef],
});

eventRef('GenerationStarted').implement({
  description: 'An attempt started: the upstream is about to be asked.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The number of the attempt, starting at 1.' }),
  }),
});

eventRef('PartialImageReceived').implement({
  description: 'A partial image was stored. There can be fewer than requested, or none.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    partial: t.expose('partial', { type: PartialImageRef, description: 'The partial image.' }),
  }),
});

eventRef('ImageCompleted').implement({
  description: 'A finished image was stored.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    image: t.field({
      type: ImageRef,
      description: 'The finished image.',
      resolve: ({ imageId }, _, context) => storedImage(context, imageId),
    }),
  }),
});

eventRef('ImageFailed').implement({
  description:
    'One of several images could not be made; the others continue. Sent only for calls that request several images.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    imageIndex: t.exposeInt('imageIndex', { description: 'The index of the image within its call, starting at 0.' }),
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why the image could not be made.' }),
  }),
});

eventRef('GenerationRetrying').implement({
  description: 'An attempt failed without a charge; another attempt follows.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The number of the next attempt.' }),
    reason: t.exposeString('reason', { description: 'Why the attempt failed, for people.' }),
    retryAt: t.expose('retryAt', { type: 'DateTime', description: 'The earliest time of the next attempt.' }),
  }),
});

eventRef('GenerationCompleted').implement({
  description: 'The call completed with at least one image; `call.failures` lists missing ones. Terminal.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    images: t.field({
      type: [ImageRef],
      description: 'The finished images, in order.',
      resolve: ({ imageIds }, _, context) => Promise.all(imageIds.map((id) => storedImage(context, id))),
    }),
  }),
});

eventRef('GenerationFailed').implement({
  description: 'The call ended without an image. Terminal.',
  interfaces: [GenerationEventRef],
  fields: (t) => ({
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why the call failed.' }),
  }),
});

eventRef('GenerationCancelled').implement({
  description: 'The call was cancelled. Images that were finished before are kept. Terminal.',
  interfaces: [GenerationEventRef],
});

async function storedImage({ reader }: Context, id: string): Promise<Image> {
  const image = await reader.image(id);
  if (image === null) throw new Error(`image ${id} of an event does not exist`);
  return image;
}

const AFTER_DESCRIPTION =
  'The `cursor` of the last event you received, or of the call. The subscription starts with the next event. If ' +
  'omitted, it starts with the first event.';

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
    subscribe: (_, { callId, after }, { eventStreams, principal }) =>
      eventStreams.ofCall(principal, idOf('GenerationCall', callId, 'callId'), after ?? null),
    resolve: (event) => event,
  }),
);

builder.subscriptionField('conversationEvents', (t) =>
  t.field({
    type: GenerationEventRef,
    authScopes: { READ: true },
    description:
      'The events of all calls of a conversation, in one order: stored events after the cursor first, then live ' +
      'events. Stays open.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The id of the `Conversation`.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: (_, { conversationId, after }, { eventStreams, principal }) =>
      eventStreams.ofConversation(principal, idOf('Conversation', conversationId, 'conversationId'), after ?? null),
    resolve: (event) => event,
  }),
);
