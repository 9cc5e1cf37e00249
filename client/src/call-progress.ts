/** What the events of a call add up to. */
import type { CallEvent } from './client.ts';

type EventOf<Type extends CallEvent['__typename']> = Extract<CallEvent, { readonly __typename: Type }>;

/** One of the images that a call makes. */
export interface ImageProgress {
  /** The newest partial image. */
  readonly partial: EventOf<'PartialImageReceived'>['partial'] | null;
  /** The finished image. */
  readonly image: EventOf<'ImageCompleted'>['image'] | null;
  /** Why there is none. */
  readonly failure: EventOf<'ImageFailed'>['failure'] | null;
}

export interface CallProgress {
  /** Null before the first event. */
  readonly status: CallEvent['call']['status'] | null;
  /** By their index: as many as were asked for. */
  readonly images: readonly ImageProgress[];
  /** Why the call failed. */
  readonly failure: EventOf<'GenerationFailed'>['failure'] | null;
  /** When the next attempt begins, while the call waits for it. */
  readonly retryAt: string | null;
  /** The cursor of the last event. */
  readonly cursor: string | null;
}

export const NO_PROGRESS: CallProgress = { status: null, images: [], failure: null, retryAt: null, cursor: null };

const NOTHING_YET: ImageProgress = { partial: null, image: null, failure: null };

/** The status right after an event. That of `call` is the current one, which a replay does not want. */
const STATUS_AFTER: Partial<Record<CallEvent['__typename'], CallProgress['status']>> = {
  GenerationAwaitingApproval: 'AWAITING_APPROVAL',
  GenerationApproved: 'QUEUED',
  GenerationQueued: 'QUEUED',
  GenerationRetrying: 'QUEUED',
  GenerationStarted: 'IN_PROGRESS',
  GenerationCompleted: 'COMPLETED',
  GenerationFailed: 'FAILED',
  GenerationCancelled: 'CANCELLED',
};

export function progressAfter(progress: CallProgress, event: CallEvent): CallProgress {
  const { __typename: type, cursor, call } = event;
  return {
    status: STATUS_AFTER[type] ?? progress.status,
    images: imagesAfter(
      Array.from({ length: call.count }, (_, index) => progress.images[index] ?? NOTHING_YET),
      event,
    ),
    failure: type === 'GenerationFailed' ? event.failure : progress.failure,
    retryAt: type === 'GenerationRetrying' ? event.retryAt : null,
    cursor,
  };
}

function imagesAfter(images: readonly ImageProgress[], event: CallEvent): readonly ImageProgress[] {
  const change = (at: number | null, changed: Partial<ImageProgress>) =>
    images.map((image, index) => (index === at ? { ...image, ...changed } : image));
  switch (event.__typename) {
    case 'PartialImageReceived':
      return change(event.partial.imageIndex, { partial: event.partial });
    case 'ImageCompleted':
      return change(event.image.imageIndex, { image: event.image, failure: null });
    case 'ImageFailed':
      return change(event.imageIndex, { failure: event.failure });
    default:
      return images;
  }
}
