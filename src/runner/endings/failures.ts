/** The failures that this server itself reports. The error behind one goes to the log, never to a client. */
import { BlobWriteError } from '../../blobs/blob-store.ts';
import type { GenerationFailure } from '../../domain/generation/failure.ts';
import { ProviderError } from '../../provider/image-provider.ts';

const DEFAULTS = { retryable: true, retryAfter: null, moderation: null, requestId: null, text: null } as const;

/** The server ended while the upstream was working. */
export const LOST_WITH_SERVER: GenerationFailure = {
  ...DEFAULTS,
  code: 'OUTCOME_UNKNOWN',
  message:
    'The server was stopped while the upstream was working, so it is not known whether an image was made. ' +
    'Trying again makes (and pays for) a new one.',
};

/** The call's time ran out while the upstream was working in the background. */
export const OUT_OF_TIME_IN_BACKGROUND: GenerationFailure = {
  ...DEFAULTS,
  code: 'OUTCOME_UNKNOWN',
  message:
    'The upstream did not finish within the time limit of a call. If its image is finished later, it is kept with ' +
    'this call. Trying again makes (and pays for) a new one.',
};

/** The call's time ran out, and the connection to the upstream was closed. */
export const TOO_SLOW: GenerationFailure = {
  ...DEFAULTS,
  code: 'TIMED_OUT',
  message: 'The upstream did not finish within the time limit of a call.',
};

/** The call's time ran out before its request could be built, or sent again. */
export const NEVER_SENT: GenerationFailure = {
  ...DEFAULTS,
  code: 'TIMED_OUT',
  message: 'The time limit of the call was over before its request could be sent to the upstream, so nothing was made.',
};

/** The call was cancelled, but the upstream had finished or did not stop, and its image could not be fetched. */
export const CANCELLED_TOO_LATE: GenerationFailure = {
  ...DEFAULTS,
  code: 'OUTCOME_UNKNOWN',
  message:
    'The call was cancelled after the upstream had finished, or the upstream did not stop, and the image could not be ' +
    'fetched. If it is found later, it is kept with this call. Trying again makes (and pays for) a new one.',
};

export const NOT_A_PICTURE: GenerationFailure = {
  ...DEFAULTS,
  code: 'NO_IMAGE',
  message: 'The upstream sent bytes that are not an image.',
};

export const IMAGE_NEVER_ARRIVED: GenerationFailure = {
  ...DEFAULTS,
  code: 'NO_IMAGE',
  message: 'The upstream says that it made an image, but did not send it. The image was most likely paid for.',
};

export const NO_IMAGE_MADE: GenerationFailure = {
  ...DEFAULTS,
  code: 'NO_IMAGE',
  message: 'The upstream finished without an image.',
};

/** One request asked for several images and brought only some of them. */
export const TOO_FEW_IMAGES: GenerationFailure = {
  ...DEFAULTS,
  code: 'NO_IMAGE',
  message: 'The upstream made fewer images than were requested.',
};

/** An image that a request needs cannot be read on this server. Images are read before anything is sent. */
export class SourceUnreadableError extends Error {
  override readonly name = 'SourceUnreadableError';

  constructor(cause: unknown) {
    super('an image that the request needs cannot be read', { cause });
  }
}

/** The failure that is stored and shown for an error. */
export function failureOf(error: unknown): GenerationFailure {
  if (error instanceof ProviderError) return error.failure;
  if (error instanceof BlobWriteError) {
    return { ...DEFAULTS, code: 'INTERNAL', message: 'The image could not be stored on this server.' };
  }
  if (error instanceof SourceUnreadableError) {
    const message = 'A source image cannot be read on this server, so nothing was sent to the upstream.';
    return { ...DEFAULTS, code: 'INTERNAL', message, retryable: false };
  }
  return { ...DEFAULTS, code: 'INTERNAL', message: 'An error occurred on this server. Its log has the details.' };
}
