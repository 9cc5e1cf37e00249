/** GenerationCall: one request for a picture, from the moment it was accepted. */
import { encodeCursor } from '../src/domain/cursor.ts';
import { GENERATION_FAILURE_CODES, type GenerationFailureCode, type ModerationDetails } from '../src/domain/failure.ts';
import {
  GENERATION_KINDS,
  GENERATION_STATUSES,
  type GenerationKind,
  type GenerationStatus,
  REFINE_ROUTES,
  type RefineRoute,
} from '../src/domain/generation-call.ts';
import { builder } from './builder.ts';
import { connection } from './connection.ts';
import { idOf } from './global-id.ts';
import { enumOf } from './image-settings.ts';
import {
  ConversationRef,
  GenerationCallConnectionRef,
  GenerationCallRef,
  GenerationFailureRef,
  ImageRef,
  ImageSettingsRef,
  PartialImageRef,
} from './refs.ts';

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

const GenerationFailureCodeRef = enumOf<GenerationFailureCode>(
  'GenerationFailureCode',
  'Why a call failed.',
  GENERATION_FAILURE_CODES,
  {
    MODERATION_BLOCKED: "The upstream's safety system refused the prompt or the picture.",
    NO_IMAGE: 'The upstream ended well, without a picture.',
    INCOMPLETE: 'The upstream stopped before the picture was done.',
    INVALID_REQUEST: 'The upstream found the request wrong; it would do so again.',
    RATE_LIMITED: 'The upstream takes no more requests for a while.',
    QUOTA_EXCEEDED: "The budget at the upstream is used up: its operator's matter.",
    UPSTREAM_UNAVAILABLE: 'The upstream could not be reached, or was not able to work.',
    TIMED_OUT: 'The upstream fell silent.',
    OUTCOME_UNKNOWN: 'The connection was lost on the way: whether a picture was made (and paid for) is not known.',
    INTERNAL: 'Something went wrong on this server.',
  },
);

const ModerationDetailsRef = builder.objectRef<ModerationDetails>('ModerationDetails').implement({
  description: 'What the upstream tells of a refusal by its safety system.',
  fields: (t) => ({
    stage: t.exposeString('stage', { description: 'Where it refused: `input`, `output` or `unknown`.' }),
    categories: t.exposeStringList('categories', { description: "The upstream's names of what it found." }),
  }),
});

GenerationFailureRef.implement({
  description: 'Why a call failed.',
  fields: (t) => ({
    code: t.expose('code', { type: GenerationFailureCodeRef, description: 'For programs.' }),
    message: t.exposeString('message', { description: 'For people.' }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether asking again unchanged may succeed.' }),
    retryAfter: t.expose('retryAfter', {
      type: 'DateTime',
      nullable: true,
      description: 'Not before this moment, when the upstream said so.',
    }),
    moderation: t.expose('moderation', {
      type: ModerationDetailsRef,
      nullable: true,
      description: 'With MODERATION_BLOCKED, what the upstream tells of it.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: "The upstream's request id, for its support.",
    }),
  }),
});

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
    kind: t.expose('kind', { type: GenerationKindRef, description: 'What was asked for.' }),
    status: t.expose('status', { type: GenerationStatusRef, description: 'Where it stands now.' }),
    prompt: t.exposeString('prompt', { description: 'What was asked for, word for word.' }),
    revisedPrompt: t.exposeString('revisedPrompt', {
      nullable: true,
      description: 'What the mainline model made of the prompt, once the picture is there.',
    }),
    requested: t.expose('requested', { type: ImageSettingsRef, description: 'The settings that were asked for.' }),
    sources: t.field({
      type: [ImageRef],
      description: 'The pictures that it builds upon.',
      resolve: ({ id }, _, { reader }) => reader.sourcesOfCall(id),
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
      description: 'With FAILED, why.',
    }),
    route: t.expose('route', {
      type: RefineRouteRef,
      nullable: true,
      description: 'How the upstream was told which picture to work from; null before it was asked, and for a new one.',
    }),
    attempts: t.exposeInt('attempts', { description: 'How often the upstream was asked to create.' }),
    queuePosition: t.int({
      nullable: true,
      description: 'While it waits for its turn, how many come before it plus one: 1 is the next. Otherwise null.',
      resolve: ({ id, status }, _, { queue }) => (status === 'QUEUED' ? queue.position(id) : null),
    }),
    responseId: t.exposeString('responseId', {
      nullable: true,
      description: "The upstream's id of its response, for its support.",
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
