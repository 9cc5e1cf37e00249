/** What went wrong, as the failure that is stored and shown. The raw error goes to the log, never to a client. */
import { BlobWriteError } from '../../blobs/blob-store.ts';
import type { GenerationFailure } from '../../domain/failure.ts';
import { ProviderError } from '../../provider/image-provider.ts';

const PLAIN = { retryable: true, retryAfter: null, moderation: null, requestId: null, text: null } as const;

/** The server ended while the upstream was at work. */
export const LOST_WITH_SERVER: GenerationFailure = {
  ...PLAIN,
  code: 'OUTCOME_UNKNOWN',
  message:
    'The server was stopped while the upstream was at work, so whether a picture was made is not known. ' +
    'Asking again makes (and pays for) a new one.',
};

/** The call's time was over while the upstream was at work in the background. */
export const GAVE_UP: GenerationFailure = {
  ...PLAIN,
  code: 'OUTCOME_UNKNOWN',
  message:
    'The upstream has not finished in the time that a call has here. Should its picture come later, ' +
    'it is kept with this call. Asking again makes (and pays for) a new one.',
};

/** The call's time was over, and the upstream was hung up on. */
export const TOO_SLOW: GenerationFailure = {
  ...PLAIN,
  code: 'TIMED_OUT',
  message: 'The upstream has not finished in the time that a call has here.',
};

/** The call's time was over before its request could be put together, or sent again. */
export const NEVER_ASKED: GenerationFailure = {
  ...PLAIN,
  code: 'TIMED_OUT',
  message: 'The time that a call has here was over before the upstream could be asked, so nothing was made.',
};

/** Somebody cancelled it, and the upstream had finished, or would not stop; what it made could not be fetched. */
export const STILL_UPSTREAM: GenerationFailure = {
  ...PLAIN,
  code: 'OUTCOME_UNKNOWN',
  message:
    'This was cancelled when the upstream had finished already, or would not stop, and the picture could not be ' +
    'fetched. Should it be found later, it is kept with this call. Asking again makes (and pays for) a new one.',
};

export const NOT_A_PICTURE: GenerationFailure = {
  ...PLAIN,
  code: 'NO_IMAGE',
  message: 'The upstream sent bytes that are not a picture.',
};

export const PICTURE_NEVER_CAME: GenerationFailure = {
  ...PLAIN,
  code: 'NO_IMAGE',
  message: 'The upstream says that it made a picture, but never sent it. It was most likely paid for.',
};

export const NO_PICTURE_CAME: GenerationFailure = {
  ...PLAIN,
  code: 'NO_IMAGE',
  message: 'The upstream ended without a picture.',
};

/** One request was to bring several pictures, and brought some of them. */
export const TOO_FEW_PICTURES: GenerationFailure = {
  ...PLAIN,
  code: 'NO_IMAGE',
  message: 'The upstream made fewer pictures than were asked for.',
};

/** A picture that a request needs cannot be read here. Pictures are read before anything is sent. */
export class SourceUnreadableError extends Error {
  override readonly name = 'SourceUnreadableError';

  constructor(cause: unknown) {
    super('a picture that the request needs cannot be read', { cause });
  }
}

export function failureOf(error: unknown): GenerationFailure {
  if (error instanceof ProviderError) return error.failure;
  if (error instanceof BlobWriteError) {
    return { ...PLAIN, code: 'INTERNAL', message: 'The picture could not be stored on this server.' };
  }
  if (error instanceof SourceUnreadableError) {
    const message = 'The picture to build upon cannot be read on this server, so nothing was asked of the upstream.';
    return { ...PLAIN, code: 'INTERNAL', message, retryable: false };
  }
  return { ...PLAIN, code: 'INTERNAL', message: 'Something went wrong on this server; its log says what.' };
}
