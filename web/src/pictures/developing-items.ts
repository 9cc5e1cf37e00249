/** Which tiles stand for pictures that are being made, or were not made. */
import { useMemo } from 'react';
import { useApi } from '../api/query.ts';
import { ActiveCallsDocument, type CallStateFragment } from '../gql/graphql.ts';
import { useDismissed } from './call-changes.ts';
import { failedIndexes, failureAt, imageAt, isActive, type Shape, shapeOf } from './developing-state.ts';

/** The tile of one image of a call. */
export interface DevelopingItem extends Shape {
  readonly key: string;
  readonly call: CallStateFragment;
  readonly index: number;
  /** When it ended, which is its place among the pictures; null while it is being made: then it comes first. */
  readonly endedAt: string | null;
}

/** Older failures are in their conversation. */
const FAILURES_SHOWN_MS = 24 * 60 * 60_000;
/** How long a finished picture waits for the list that is to show it. */
const HANDOVER_MS = 15_000;

const NONE: ReadonlySet<string> = new Set();

/**
 * Those that are being made first, then the others, each the newest first. A finished picture is left to the list of pictures as soon as that has it.
 * @param listedIds the images that the list of pictures shows already
 */
export function useDevelopingItems(listedIds: ReadonlySet<string> = NONE): readonly DevelopingItem[] {
  const [{ data }] = useApi(ActiveCallsDocument, {}, { requestPolicy: 'cache-first' });
  const dismissedIds = useDismissed();
  return useMemo(() => {
    if (data === undefined) return [];
    const waitsForList = (call: CallStateFragment, index: number) => {
      const image = imageAt(call, index);
      if (image === null || listedIds === NONE || listedIds.has(image.id) || image.deletedAt !== null) return false;
      return Date.now() - Date.parse(image.createdAt) < HANDOVER_MS;
    };
    const active = data.generationCalls.nodes.flatMap((call) =>
      itemsOf(call, (index) => imageAt(call, index) === null || waitsForList(call, index)),
    );
    const ended = data.ended.nodes.flatMap((call) => {
      const firstMissing = isFailureShown(call, dismissedIds) ? failedIndexes(call)[0] : undefined;
      return itemsOf(call, (index) => index === firstMissing || waitsForList(call, index));
    });
    return [...active, ...ended];
  }, [data, dismissedIds, listedIds]);
}

function itemsOf(call: CallStateFragment, isShown: (index: number) => boolean): readonly DevelopingItem[] {
  return Array.from({ length: call.count }, (_, index) => index)
    .filter(isShown)
    .map((index) => ({
      key: `${call.id}:${index}`,
      call,
      index,
      endedAt: isActive(call) ? null : (imageAt(call, index)?.createdAt ?? call.endedAt ?? call.createdAt),
      ...shapeOf(call, index),
    }));
}

function isFailureShown(call: CallStateFragment, dismissedIds: ReadonlySet<string>): boolean {
  if (dismissedIds.has(call.id) || call.retries.length > 0) return false;
  return Date.now() - Date.parse(call.createdAt) < FAILURES_SHOWN_MS;
}

/** Whether anything of the call is still on its way at this index. */
export function isDeveloping(call: CallStateFragment, index: number): boolean {
  return imageAt(call, index) === null && failureAt(call, index) === null;
}
