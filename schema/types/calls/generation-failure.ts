/** GenerationFailure: why a call, or one of its images, failed. */
import {
  GENERATION_FAILURE_CODES,
  type GenerationFailureCode,
  type ImageFailure,
  type ModerationDetails,
} from '../../../src/domain/generation/failure.ts';
import { builder } from '../../builder.ts';
import { GenerationFailureRef } from '../../refs.ts';
import { enumOf } from '../images/image-settings.ts';

const GenerationFailureCodeRef = enumOf<GenerationFailureCode>(
  'GenerationFailureCode',
  'The reason for a failure.',
  GENERATION_FAILURE_CODES,
  {
    MODERATION_BLOCKED: 'The safety system of the upstream rejected the prompt or the image.',
    NO_IMAGE: 'The upstream finished normally, without an image.',
    INCOMPLETE: 'The upstream stopped before the image was finished.',
    INVALID_REQUEST: 'The upstream rejected the request as invalid. Repeating it will not help.',
    RATE_LIMITED: 'The upstream is limiting requests at the moment.',
    QUOTA_EXCEEDED: 'The budget at the upstream is used up. Only the operator of this server can raise it.',
    APPROVAL_REFUSED:
      'An administrator refused the call, or nobody approved it in time. Nothing was sent to the upstream.',
    UPSTREAM_UNAVAILABLE: 'The upstream could not be reached, or could not process the request.',
    TIMED_OUT: 'The upstream stopped sending, or the call took longer than its time limit.',
    OUTCOME_UNKNOWN:
      'The connection or the server was lost during the request. Whether an image was made and charged is not known.',
    INTERNAL: 'An internal error of this server.',
  },
);

const MODERATION_STAGES = ['INPUT', 'OUTPUT', 'UNKNOWN'] as const;

const ModerationStageRef = enumOf<(typeof MODERATION_STAGES)[number]>(
  'ModerationStage',
  'What the safety system of the upstream rejected.',
  MODERATION_STAGES,
  {
    INPUT: 'The prompt or a source image. No image was made.',
    OUTPUT: 'An image that was made.',
    UNKNOWN: 'The upstream does not say.',
  },
);

const ModerationDetailsRef = builder.objectRef<ModerationDetails>('ModerationDetails').implement({
  description: 'Details of a rejection by the safety system of the upstream.',
  fields: (t) => ({
    stage: t.field({
      type: ModerationStageRef,
      description: 'What was rejected.',
      // The upstream may report other words.
      resolve: ({ stage }) => MODERATION_STAGES.find((known) => known.toLowerCase() === stage) ?? 'UNKNOWN',
    }),
    categories: t.exposeStringList('categories', { description: 'The categories found, as named by the upstream.' }),
  }),
});

GenerationFailureRef.implement({
  description: 'Why a call, or one of its images, failed.',
  fields: (t) => ({
    code: t.expose('code', {
      type: GenerationFailureCodeRef,
      description: 'The reason for the failure, for programs.',
    }),
    message: t.exposeString('message', { description: 'An explanation of the failure, for people.' }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether repeating the request unchanged may succeed.' }),
    retryAfter: t.expose('retryAfter', {
      type: 'DateTime',
      nullable: true,
      description: 'The earliest time to try again, if the upstream gave one.',
    }),
    moderation: t.expose('moderation', {
      type: ModerationDetailsRef,
      nullable: true,
      description: 'Details of a MODERATION_BLOCKED failure; null when the upstream gave none.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The request id of the upstream, for support requests; null when there is none.',
    }),
    text: t.exposeString('text', {
      nullable: true,
      description: 'The text that the mainline model returned instead of an image; null when there is none.',
    }),
  }),
});

export const ImageFailureRef = builder.objectRef<ImageFailure>('ImageFailure').implement({
  description: 'An image of a call that could not be made.',
  fields: (t) => ({
    imageIndex: t.exposeInt('imageIndex', { description: 'The index of the image within its call, starting at 0.' }),
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why the image could not be made.' }),
  }),
});
