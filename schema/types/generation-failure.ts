/** Why a call, or one of its pictures, failed. */
import {
  GENERATION_FAILURE_CODES,
  type GenerationFailureCode,
  type ImageFailure,
  type ModerationDetails,
} from '../../src/domain/failure.ts';
import { builder } from '../builder.ts';
import { GenerationFailureRef } from '../refs.ts';
import { enumOf } from './image-settings.ts';

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
    text: t.exposeString('text', {
      nullable: true,
      description: 'What the mainline model said instead of drawing, in its own words.',
    }),
  }),
});

export const ImageFailureRef = builder.objectRef<ImageFailure>('ImageFailure').implement({
  description: 'One of several pictures that did not come.',
  fields: (t) => ({
    imageIndex: t.exposeInt('imageIndex', { description: 'Which picture of the call, from 0.' }),
    failure: t.expose('failure', { type: GenerationFailureRef, description: 'Why.' }),
  }),
});
