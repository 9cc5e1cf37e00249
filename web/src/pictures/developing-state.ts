/** What is known of one image of a call that is being made. */
import type { CallStateFragment, FailureWordsFragment, ImageTileFragment } from '../gql/graphql.ts';

export const SQUARE = 1024;

export interface Shape {
  readonly width: number;
  readonly height: number;
}

/**
 * The shape of the tile: that of the picture, or what was asked for. Where the model chooses it, the best guess so far: of
 * a partial image, of another picture of the call, of the source; a square when nothing is known.
 */
export function shapeOf(call: CallStateFragment, index: number): Shape {
  const { width, height } = imageAt(call, index) ?? call.requested;
  if (width != null && height != null) return { width, height };
  const own = call.partialImages.findLast(({ imageIndex }) => imageIndex === index);
  const guesses: readonly (Size | undefined)[] = [own, call.images[0], call.partialImages.at(-1), call.sources[0]];
  return guesses.find(isKnown) ?? { width: SQUARE, height: SQUARE };
}

type Size = { readonly width: number | null; readonly height: number | null };

function isKnown(size: Size | undefined): size is Shape {
  return size !== undefined && size.width !== null && size.height !== null;
}

export function isActive({ status }: Pick<CallStateFragment, 'status'>): boolean {
  return status === 'QUEUED' || status === 'IN_PROGRESS' || status === 'AWAITING_APPROVAL';
}

export function imageAt(call: CallStateFragment, index: number): ImageTileFragment | null {
  return call.images.find((image) => (image.imageIndex ?? 0) === index) ?? null;
}

/** Why there is no image at this index; null while there may be one. */
export function failureAt(call: CallStateFragment, index: number): FailureWordsFragment | null {
  if (imageAt(call, index) !== null) return null;
  const own = call.failures.find(({ imageIndex }) => imageIndex === index)?.failure;
  return own ?? (call.status === 'FAILED' ? call.failure : null);
}

export function failedIndexes(call: CallStateFragment): readonly number[] {
  return Array.from({ length: call.count }, (_, index) => index).filter((index) => failureAt(call, index) !== null);
}

/** Most models are done at 1; what takes longer comes near the end and waits there. */
export function progressOf(call: CallStateFragment, nowMs: number): number {
  if (call.status !== 'IN_PROGRESS' || call.startedAt === null) return 0;
  const typicalMs = call.expectedDuration?.typicalMs ?? 30_000;
  const part = Math.max(0, nowMs - Date.parse(call.startedAt)) / typicalMs;
  return part < 0.9 ? part : 0.9 + 0.09 * (1 - Math.exp(-(part - 0.9) * 2));
}

/** What happens to the call now, in a few words. */
export function statusWords(call: CallStateFragment, nowMs: number): string {
  switch (call.status) {
    case 'AWAITING_APPROVAL':
      return 'Over the budget: waiting for approval';
    case 'QUEUED':
      if (call.startedAt !== null) return 'Trying again soon';
      if (call.queuePosition === null) return 'Waiting to start';
      return call.queuePosition === 1 ? 'Next in line' : `Number ${call.queuePosition} in line`;
    case 'IN_PROGRESS':
      return timeLeft(call, nowMs);
    case 'CANCELLED':
      return 'Cancelled';
    default:
      return '';
  }
}

function timeLeft({ startedAt, expectedDuration }: CallStateFragment, nowMs: number): string {
  if (startedAt === null || expectedDuration === null) return 'Developing';
  const leftMs = expectedDuration.typicalMs - Math.max(0, nowMs - Date.parse(startedAt));
  if (leftMs < -0.5 * expectedDuration.typicalMs) return 'Taking longer than usual';
  if (leftMs < 1_500) return 'Any moment now';
  const seconds = Math.round(leftMs / 1_000);
  return seconds < 60 ? `About ${seconds} s left` : `About ${Math.round(seconds / 60)} min left`;
}
