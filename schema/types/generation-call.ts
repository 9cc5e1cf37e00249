/** GenerationCall: one request for a picture, from the moment it was accepted. */
import { encodeCursor } from '../../src/domain/cursor.ts';
import {
  GENERATION_STATUSES,
  type GenerationStatus,
  REFINE_ROUTES,
  type RefineRoute,
} from '../../src/domain/generation-call.ts';
import { GENERATION_KINDS, type GenerationKind } from '../../src/domain/generation-request.ts';
import { modelFor } from '../../src/domain/models/catalogue.ts';
import { builder } from '../builder.ts';
import { connection } from '../connection.ts';
import { idOf } from '../global-id.ts';
import {
  ConversationRef,
  GenerationCallConnectionRef,
  GenerationCallRef,
  GenerationFailureRef,
  ImageRef,
  ImageSettingsRef,
  PartialImageRef,
} from '../refs.ts';
import { CostRef, UsageRef } from './cost.ts';
import { ImageFailureRef } from './generation-failure.ts';
import { GenerationWarningRef, warningsOf } from './generation-warnings.ts';
import { enumOf } from './image-settings.ts';

const GenerationKindRef = enumOf<GenerationKind>('GenerationKind', 'What a call was asked to do.', GENERATION_KINDS, {
  GENERATE: 'Make a new picture.',
  REFINE: 'Change a picture that is there.',
});

const GenerationStatusRef = enumOf<GenerationStatus>(
  'GenerationStatus',
  'Where a call stands. The last three are final.',
  GENERATION_STATUSES,
  {
    QUEUED: 'Accepted and waiting.',
    IN_PROGRESS: 'The upstream is at work.',
    COMPLETED: 'The picture is there.',
    FAILED: 'It ended without a picture; `failure` says why.',
    CANCELLED: 'It was cancelled.',
  },
);

const RefineRouteRef = enumOf<RefineRoute>(
  'RefineRoute',
  'How the upstream was told which picture to work from.',
  REFINE_ROUTES,
  {
    PREVIOUS_RESPONSE: 'By the id of its own response that made the picture.',
    CONTEXT_ITEMS: 'By the id of the picture inside its own response.',
    IMAGE_BYTES: 'By the picture itself, sent along: works when the upstream has forgotten it, or is another one.',
  },
);

builder.node(GenerationCallRef, {
  description:
    'A request for a picture. It is returned as soon as it is stored; subscribe to `generationEvents` to watch it, or ' +
    'query it again. It goes on when nobody watches.',
  id: { resolve: ({ id }) => id, description: 'Unique among everything in this API, and opaque.' },
  loadManyWithoutCache: (ids, { reader }) => Promise.all(ids.map((id) => reader.call(id))),
  fields: (t) => ({
    conversation: t.field({
      type: ConversationRef,
      description: 'The conversation that it belongs to.',
      resolve: async ({ conversationId }, _, { reader }) => {
        const conversation = await reader.conversation(conversationId);
        if (conversation === null) throw new Error(`conversation ${conversationId} of a call is not there`);
        return conversation;
      },
    }),
    kind: t.field({
      type: GenerationKindRef,
      description: 'What was asked for.',
      resolve: ({ request }) => request.kind,
    }),
    status: t.expose('status', { type: GenerationStatusRef, description: 'Where it stands now.' }),
    prompt: t.string({
      description: 'What was asked for, word for word.',
      resolve: ({ request }) => request.prompt,
    }),
    revisedPrompt: t.exposeString('revisedPrompt', {
      nullable: true,
      description: 'What the mainline model made of the prompt, once the picture is there.',
    }),
    requested: t.field({
      type: ImageSettingsRef,
      description: 'The settings that were asked for.',
      resolve: ({ request }) => request.settings,
    }),
    verbatim: t.boolean({
      description:
        'Whether the prompt was to reach the image model word for word. Whether it did, each picture says for itself.',
      resolve: ({ request }) => request.verbatim,
    }),
    count: t.int({ description: 'How many pictures were asked for.', resolve: ({ request }) => request.count }),
    sources: t.field({
      type: [ImageRef],
      description: 'The pictures that it builds upon.',
      resolve: ({ id }, _, { reader }) => reader.sourcesOfCall(id),
    }),
    mask: t.field({
      type: ImageRef,
      nullable: true,
      description: 'What lay over the first source: only where it was transparent might that change.',
      resolve: ({ request: { maskImageId } }, _, { reader }) =>
        maskImageId === null ? null : reader.image(maskImageId),
    }),
    partialImages: t.field({
      type: [PartialImageRef],
      description: 'The stages seen so far, in order.',
      resolve: ({ id }, _, { reader }) => reader.partialImagesOfCall(id),
    }),
    images: t.field({
      type: [ImageRef],
      description: 'The finished pictures so far, in order.',
      resolve: ({ id }, _, { reader }) => reader.imagesOfCall(id),
    }),
    failure: t.expose('failure', {
      type: GenerationFailureRef,
      nullable: true,
      description: 'With FAILED, why; of several pictures, why the first one did not come.',
    }),
    failures: t.expose('imageFailures', {
      type: [ImageFailureRef],
      description:
        'Of several pictures, those that did not come, each with its reason. They stand beside `images`: what came is ' +
        'kept. Empty when one picture was asked for.',
    }),
    warnings: t.field({
      type: [GenerationWarningRef],
      description: 'What its maker should know, though it goes through.',
      resolve: ({ request, createdAt }, _, { upstream }) =>
        warningsOf(modelFor(upstream, request.settings.model), createdAt),
    }),
    retryOf: t.field({
      type: GenerationCallRef,
      nullable: true,
      description: 'The call of which this one is a `retryGeneration`.',
      resolve: ({ retryOf }, _, { reader }) => (retryOf === null ? null : reader.call(retryOf)),
    }),
    retries: t.field({
      type: [GenerationCallRef],
      description: 'The calls that asked once more for what this one did not bring, the oldest first.',
      resolve: ({ id }, _, { reader }) => reader.retriesOfCall(id),
    }),
    route: t.expose('route', {
      type: RefineRouteRef,
      nullable: true,
      description: 'How the upstream was told which picture to work from; null before it was asked, and for a new one.',
    }),
    attempts: t.exposeInt('attempts', {
      description:
        'How often it was tried. In each attempt the upstream is asked to create once, or, for several pictures that it ' +
        'does not make together, once for each that is missing.',
    }),
    queuePosition: t.int({
      nullable: true,
      description: 'While it waits for its turn, how many come before it plus one: 1 is the next. Otherwise null.',
      resolve: ({ id, status }, _, { queue }) => (status === 'QUEUED' ? queue.position(id) : null),
    }),
    responseId: t.exposeString('responseId', {
      nullable: true,
      description: "The upstream's id of its response, for its support; of several, the first one.",
    }),
    usage: t.field({
      type: UsageRef,
      nullable: true,
      description: 'What was used, all attempts together; null while, or where, the upstream reports nothing.',
      resolve: ({ id }, _, { reader }) => reader.usageOfCall(id),
    }),
    cost: t.field({
      type: CostRef,
      nullable: true,
      description:
        'What it has cost, all attempts together. What may have been bought counts in full, as an estimate; null while ' +
        'surely nothing was.',
      resolve: ({ id }, _, { reader }) => reader.costOfCall(id),
    }),
    cursor: t.string({
      description:
        'The cursor of its newest event. Query the call, then subscribe `after` this: nothing is missed, nothing comes twice.',
      resolve: ({ id, lastSequence, lastPosition }) =>
        encodeCursor({ callId: id, sequence: lastSequence, position: lastPosition }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was accepted.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the upstream was first asked.',
    }),
    firstPartialAt: t.expose('firstPartialAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first stage was there.',
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended, however it ended.',
    }),
  }),
});

const GenerationCallFilter = builder.inputType('GenerationCallFilter', {
  description: 'Which calls to list. What is left out does not matter.',
  fields: (t) => ({
    conversationId: t.id({ description: 'Only those of this conversation.' }),
    status: t.field({ type: [GenerationStatusRef], description: 'Only those that stand at one of these.' }),
  }),
});

builder.queryField('generationCall', (t) =>
  t.field({
    type: GenerationCallRef,
    nullable: true,
    description: 'One call; null when there is none.',
    args: { id: t.arg.id({ required: true, description: 'The `id` of a GenerationCall.' }) },
    resolve: (_, { id }, { reader }) => reader.call(idOf('GenerationCall', id, 'id')),
  }),
);

builder.queryField('generationCalls', (t) =>
  t.connection(
    {
      type: GenerationCallRef,
      description: 'All calls, the newest first.',
      args: { filter: t.arg({ type: GenerationCallFilter, description: 'Which ones.' }) },
      resolve: (_, { filter, ...args }, { reader }) => {
        const conversationId =
          filter?.conversationId == null
            ? undefined
            : idOf('Conversation', filter.conversationId, 'filter.conversationId');
        const statuses = filter?.status ?? undefined;
        return connection(args, 'DESC', (window) => reader.calls({ conversationId, statuses }, window));
      },
    },
    GenerationCallConnectionRef,
  ),
);
