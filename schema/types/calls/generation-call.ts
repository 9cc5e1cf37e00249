/** GenerationCall: a request for one or more images, from its acceptance on. */
import { encodeCursor } from '../../../src/domain/cursor.ts';
import { NotFoundError } from '../../../src/domain/errors.ts';
import {
  GENERATION_STATUSES,
  type GenerationStatus,
  REFINE_ROUTES,
  type RefineRoute,
} from '../../../src/domain/generation/generation-call.ts';
import { GENERATION_KINDS, type GenerationKind } from '../../../src/domain/generation/generation-request.ts';
import { modelFor } from '../../../src/domain/models/catalogue.ts';
import { builder } from '../../builder.ts';
import {
  ConversationRef,
  GenerationCallRef,
  GenerationFailureRef,
  ImageRef,
  ImageSettingsRef,
  PartialImageRef,
} from '../../refs.ts';
import { lookUp } from '../../relay/global-id.ts';
import { CostRef, UsageRef } from '../cost.ts';
import { enumOf } from '../images/image-settings.ts';
import { ImageFailureRef } from './generation-failure.ts';
import { GenerationWarningRef, warningsOf } from './generation-warnings.ts';

export const GenerationKindRef = enumOf<GenerationKind>('GenerationKind', 'The kind of a call.', GENERATION_KINDS, {
  GENERATE: 'Make a new image.',
  REFINE: 'Change an existing image.',
});

export const GenerationStatusRef = enumOf<GenerationStatus>(
  'GenerationStatus',
  'The status of a call. COMPLETED, FAILED and CANCELLED are final.',
  GENERATION_STATUSES,
  {
    AWAITING_APPROVAL: 'The call exceeds a budget and waits until an administrator approves or refuses it.',
    QUEUED: 'The call was accepted and is waiting.',
    IN_PROGRESS: 'The upstream is being asked or is working.',
    COMPLETED: 'At least one image was made. `failures` lists the images that are missing.',
    FAILED: 'The call ended without an image. `failure` gives the reason.',
    CANCELLED: 'The call was cancelled. Images that were finished before are kept.',
  },
);

const RefineRouteRef = enumOf<RefineRoute>(
  'RefineRoute',
  'How the source image was passed to the upstream.',
  REFINE_ROUTES,
  {
    PREVIOUS_RESPONSE: 'By the id of the upstream response that made the image.',
    CONTEXT_ITEMS: 'By the id of the image within the upstream response that made it.',
    IMAGE_BYTES:
      'By its bytes. This works even when the upstream no longer has the image, or another upstream made it.',
  },
);

builder.node(GenerationCallRef, {
  description:
    'A request for one or more images. It is returned as soon as it is stored. Subscribe to `generationEvents` to ' +
    'follow it, or query it again. It continues when no client is connected.',
  id: { resolve: ({ id }) => id, description: 'The globally unique, opaque id of the call.' },
  loadManyWithoutCache: (ids, { reader }) => Promise.all(ids.map((id) => reader.call(id))),
  fields: (t) => ({
    status: t.expose('status', { type: GenerationStatusRef, description: 'The current status of the call.' }),
    route: t.expose('route', {
      type: RefineRouteRef,
      nullable: true,
      description:
        'How the source image was passed to the upstream; null before the first attempt, and when there is no ' +
        'source image.',
    }),
    attempts: t.exposeInt('attempts', {
      description:
        'The number of attempts so far. An attempt asks the upstream once; or, with several images in parallel ' +
        'requests, once for each missing image.',
    }),
    queuePosition: t.int({
      nullable: true,
      description:
        'The position among your own calls that wait to start: 1 is your next one. Null when the call is not waiting. Null ' +
        'also while it is QUEUED between two attempts (`GenerationRetrying.retryAt`), and for moments after it was accepted ' +
        'or the server was started. `GenerationEvent.waitingCalls` tells when it changes.',
      resolve: ({ id, status }, _, { queue }) => (status === 'QUEUED' ? queue.position(id) : null),
    }),
    responseId: t.exposeString('responseId', {
      nullable: true,
      description:
        'The id of the upstream response, for support requests; with several responses, the first. Null when there ' +
        'is none.',
    }),
    usage: t.field({
      type: UsageRef,
      nullable: true,
      authScopes: { COST: true },
      description: 'The tokens used by all attempts; null until, or unless, the upstream reports them.',
      resolve: ({ id }, _, { reader }) => reader.usageOfCall(id),
    }),
    cost: t.field({
      type: CostRef,
      nullable: true,
      authScopes: { COST: true },
      description:
        'The cost of all attempts. Anything that may have been charged counts in full, as an estimate. Null only as ' +
        'long as no charge is known, and never once the call has an image.',
      resolve: ({ id }, _, { reader }) => reader.costOfCall(id),
    }),
    cursor: t.string({
      description:
        'The cursor of the newest event. Query the call, then subscribe with this value as `after`: no event is ' +
        'missed and none arrives twice.',
      resolve: ({ id, conversationId, lastSequence, lastPosition, lastEventId }) =>
        encodeCursor({
          eventId: lastEventId,
          callId: id,
          sequence: lastSequence,
          conversationId,
          position: lastPosition,
        }),
    }),
  }),
});

/** What was requested. */
builder.objectFields(GenerationCallRef, (t) => ({
  conversation: t.field({
    type: ConversationRef,
    description: 'The conversation of the call.',
    resolve: async ({ conversationId }, _, { reader }) => {
      const conversation = await reader.conversation(conversationId);
      // Credentials that are limited to the call do not reach its conversation.
      if (conversation === null) throw new NotFoundError('conversation', 'conversation');
      return conversation;
    },
  }),
  kind: t.field({
    type: GenerationKindRef,
    description: 'Whether the call makes a new image or changes one.',
    resolve: ({ request }) => request.kind,
  }),
  prompt: t.string({
    description: 'The prompt exactly as the client sent it.',
    resolve: ({ request }, _, { meter }) => meter.text(request.prompt),
  }),
  requested: t.field({
    type: ImageSettingsRef,
    description: 'The requested image options.',
    resolve: ({ request }) => request.settings,
  }),
  verbatim: t.boolean({
    description:
      'Whether the client asked for the prompt to reach the image model unchanged. `Image.verbatim` tells whether ' +
      'it did.',
    resolve: ({ request }) => request.verbatim,
  }),
  count: t.int({ description: 'The number of requested images.', resolve: ({ request }) => request.count }),
  sources: t.field({
    type: [ImageRef],
    description:
      'The source images of the call: those that were named, or else `basedOn`. Without those that were deleted for good ' +
      '(`deletedSourceIds`).',
    resolve: ({ id }, _, { reader }) => reader.sourcesOfCall(id),
  }),
  mask: t.field({
    type: ImageRef,
    nullable: true,
    description: 'The mask for the first source image: only its transparent areas may change. Null when there is none.',
    resolve: ({ request: { maskImageId } }, _, { reader }) => (maskImageId === null ? null : reader.image(maskImageId)),
  }),
  markup: t.field({
    type: ImageRef,
    nullable: true,
    description: 'The markup that is laid over the first source image. Null when there is none.',
    resolve: ({ request: { markupImageId } }, _, { reader }) =>
      markupImageId === null ? null : reader.image(markupImageId),
  }),
  retryOf: t.field({
    type: GenerationCallRef,
    nullable: true,
    description: 'The call that this call retries (see `retryGeneration`); null when it is not a retry.',
    resolve: ({ retryOf }, _, { reader }) => (retryOf === null ? null : reader.call(retryOf)),
  }),
  retries: t.field({
    type: [GenerationCallRef],
    description: 'The calls that retry this call, oldest first.',
    resolve: ({ id }, _, { reader }) => reader.retriesOfCall(id),
  }),
}));

/** What the call delivered. */
builder.objectFields(GenerationCallRef, (t) => ({
  partialImages: t.field({
    type: [PartialImageRef],
    description: 'The partial images received so far, in order.',
    resolve: ({ id }, _, { reader }) => reader.partialImagesOfCall(id),
  }),
  images: t.field({
    type: [ImageRef],
    description: 'The finished images so far, in order, without those in the trash.',
    resolve: ({ id }, _, { reader }) => reader.imagesOfCall(id),
  }),
  revisedPrompt: t.string({
    nullable: true,
    resolve: ({ revisedPrompt }, _, { meter }) => meter.text(revisedPrompt),
    description:
      'The prompt as the mainline model rewrote it for the image model; null until an image is finished, or when ' +
      'it was not reported.',
  }),
  failure: t.expose('failure', {
    type: GenerationFailureRef,
    nullable: true,
    description: 'The reason for FAILED; with several images, the failure of the first missing image. Otherwise null.',
  }),
  failures: t.expose('imageFailures', {
    type: [ImageFailureRef],
    description:
      'With several images, the ones that could not be made, each with its reason. Finished images are in ' +
      '`images`. Empty when one image was requested.',
  }),
  warnings: t.field({
    type: [GenerationWarningRef],
    description: 'Warnings about the request, which was accepted all the same.',
    resolve: ({ request, createdAt, leftOut }, _, { upstream }) =>
      warningsOf({ model: modelFor(upstream, request.settings.model), createdAt, leftOut }),
  }),
}));

builder.queryField('generationCall', (t) =>
  t.field({
    type: GenerationCallRef,
    nullable: true,
    authScopes: { READ: true },
    description: 'A generation call by its id; null when it does not exist or is not yours.',
    args: { id: t.arg.id({ required: true, description: 'The id of the `GenerationCall`.' }) },
    resolve: (_, { id }, { reader }) => lookUp('GenerationCall', id, (known) => reader.call(known)),
  }),
);
