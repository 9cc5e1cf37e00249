/** The events of calls. PROTOCOL.md describes the guarantees. */
import { NotFoundError } from '../../../src/domain/errors.ts';
import type { GenerationEvent } from '../../../src/domain/generation/generation-event.ts';
import { builder } from '../../builder.ts';
import { QUERY_PRICE } from '../../prices.ts';
import {
  ConversationEventRef,
  GenerationCallRef,
  GenerationEventRef,
  GenerationFailureRef,
  ImageRef,
  PartialImageRef,
  ViewerEventRef,
} from '../../refs.ts';
import { currencyField } from '../cost.ts';
import { commonFields } from '../log-events.ts';

/** How many waiting calls an event shows. */
const MAX_WAITING_CALLS = 100;

/** The events with which calls join the queue, leave it, or move up in it. */
const MOVES_QUEUE: ReadonlySet<GenerationEvent['type']> = new Set([
  'GenerationQueued',
  'GenerationApproved',
  'GenerationStarted',
  'GenerationRetrying',
  'GenerationCompleted',
  'GenerationFailed',
  'GenerationCancelled',
]);

GenerationEventRef.implement({
  description:
    'An event of a call. Every event is stored before it is delivered. `GenerationCompleted`, `GenerationFailed` and ' +
    '`GenerationCancelled` are terminal: each call has exactly one terminal event, and it is the last.',
  interfaces: [ViewerEventRef, ConversationEventRef],
  resolveType: ({ type }) => type,
  fields: (t) => ({
    ...commonFields(t),
    sequence: t.exposeInt('sequence', {
      description: 'The number of this event within its call: starts at 1, without gaps.',
    }),
    call: t.field({
      type: GenerationCallRef,
      description: 'The call in its current state, which can be ahead of this event.',
      resolve: async ({ callId }, _, { reader }) => {
        const call = await reader.call(callId);
        // Deleted for good since the event was read: from then on no log has it.
        if (call === null) throw new NotFoundError('call', 'generation call');
        return call;
      },
    }),
    waitingCalls: t.field({
      type: [GenerationCallRef],
      nullable: true,
      description:
        'Your calls that wait to start, as they are now, in the order in which they will: 100 at most. Null for an event ' +
        'that moves none. Select `waitingCalls { id queuePosition }` in `viewerEvents`, and a normalized cache keeps the ' +
        'position of every call current: a call moves only when another call of yours starts, or stops waiting.',
      complexity: { field: QUERY_PRICE, multiplier: 20 },
      resolve: async ({ type }, _, { queue, principal, reader }) => {
        if (!MOVES_QUEUE.has(type)) return null;
        const ids = (await queue.waiting(principal)).slice(0, MAX_WAITING_CALLS);
        const calls = await Promise.all(ids.map((id) => reader.call(id)));
        // A call that has just been cancelled leaves the queue a moment after its event.
        return calls.flatMap((call) => (call?.status === 'QUEUED' ? [call] : []));
      },
    }),
  }),
});

type EventOf<Type extends GenerationEvent['type']> = Extract<GenerationEvent, { type: Type }>;

const EVENT_OF_CALL = [ViewerEventRef, ConversationEventRef, GenerationEventRef];

function eventRef<Type extends GenerationEvent['type']>(type: Type) {
  return builder.objectRef<EventOf<Type>>(type);
}

eventRef('GenerationQueued').implement({
  description: 'The call was accepted. The first event of a call, unless it starts with `GenerationAwaitingApproval`.',
  interfaces: EVENT_OF_CALL,
});

eventRef('GenerationAwaitingApproval').implement({
  description:
    'The call was accepted, exceeds a budget, and waits until an administrator approves or refuses it. The first event ' +
    'of such a call. `GenerationApproved`, `GenerationFailed` (with `APPROVAL_REFUSED`) or `GenerationCancelled` follows.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    amount: t.expose('amount', { type: 'Decimal', description: 'What the call may cost, in `currency`.' }),
    currency: currencyField(t),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'The time at which the call ends if nobody has decided.',
    }),
  }),
});

eventRef('GenerationApproved').implement({
  description: 'An administrator approved the call. It now waits in the queue like any other.',
  interfaces: EVENT_OF_CALL,
});

eventRef('GenerationStarted').implement({
  description: 'An attempt started: the upstream is about to be asked.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The number of the attempt, starting at 1.' }),
  }),
});

eventRef('PartialImageReceived').implement({
  description: 'A partial image was stored. There can be fewer than requested, or none.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    partial: t.expose('partial', { type: PartialImageRef, description: 'The partial image.' }),
  }),
});

eventRef('ImageCompleted').implement({
  description: 'A finished image was stored.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    image: t.field({
      type: ImageRef,
      description: 'The finished image.',
      resolve: async ({ imageId }, _, { reader }) => {
        const image = await reader.image(imageId);
        // Deleted for good since the event was read: from then on the log has ImageRemoved in its place.
        if (image === null) throw new NotFoundError('image', 'image');
        return image;
      },
    }),
    imageIndex: t.int({
      description: 'The index of the image within its call, starting at 0.',
      resolve: async ({ imageId }, _, { reader }) => {
        const image = await reader.image(imageId);
        if (image === null) throw new NotFoundError('image', 'image');
        return image.imageIndex;
      },
    }),
  }),
});

eventRef('ImageRemoved').implement({
  description:
    'A finished image was stored here, and deleted for good since. It stands in the place of its `ImageCompleted`.',
  interfaces: EVENT_OF_CALL,
});

eventRef('ImageFailed').implement({
  description:
    'One of several images could not be made; the others continue. Sent only for calls that request several images.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    imageIndex: t.exposeInt('imageIndex', { description: 'The index of the image within its call, starting at 0.' }),
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why the image could not be made.' }),
  }),
});

eventRef('GenerationRetrying').implement({
  description: 'An attempt failed without a charge; another attempt follows.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    attempt: t.exposeInt('attempt', { description: 'The number of the next attempt.' }),
    reason: t.exposeString('reason', { description: 'Why the attempt failed, for people.' }),
    retryAt: t.expose('retryAt', { type: 'DateTime', description: 'The earliest time of the next attempt.' }),
  }),
});

eventRef('GenerationCompleted').implement({
  description: 'The call completed with at least one image; `call.failures` lists missing ones. Terminal.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    images: t.field({
      type: [ImageRef],
      description: 'The finished images, in order, without those that were deleted for good since.',
      resolve: async ({ imageIds }, _, { reader }) => {
        const images = await Promise.all(imageIds.map((id) => reader.image(id)));
        return images.filter((image) => image !== null);
      },
    }),
  }),
});

eventRef('GenerationFailed').implement({
  description: 'The call ended without an image. Terminal.',
  interfaces: EVENT_OF_CALL,
  fields: (t) => ({
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why the call failed.' }),
  }),
});

eventRef('GenerationCancelled').implement({
  description: 'The call was cancelled. Images that were finished before are kept. Terminal.',
  interfaces: EVENT_OF_CALL,
});
