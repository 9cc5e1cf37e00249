/**
 * How far the events of a response have been delivered: the sequence number after which the stream can be resumed
 * without losing anything.
 *
 * The cursor only moves over numbers that were all delivered. After events in a different order it moves once the gap is
 * filled. Where the upstream leaves a number out (a resumed stream may do so for partials), it stays before the gap. A
 * cursor that is too low costs reading some events again; one that is too high would lose an image.
 */
import type { ProviderEvent, ProviderEventData } from '../../image-provider.ts';
import { asIndex } from '../json-values.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';

/** With more numbers than this after a gap, the service does not really number its events. */
const MAX_NUMBERS_AHEAD = 10_000;

export class ResumeCursor {
  #value: number | null;
  /** Numbers after a gap. */
  readonly #ahead = new Set<number>();

  /** @param after the number after which the stream was requested; null for a stream from its start. */
  constructor(after: number | null) {
    this.#value = after;
  }

  get value(): number | null {
    return this.#value;
  }

  /** Records that an event was delivered completely. An event without a number changes nothing. */
  advance({ type, data }: UpstreamEvent): void {
    const number = asIndex(data['sequence_number']);
    if (number === null) return;
    // Nothing comes before `response.created`, whichever number a service starts from.
    if (this.#value === null && type === 'response.created') this.#value = number;
    if (number > (this.#value ?? -1) && this.#ahead.size < MAX_NUMBERS_AHEAD) this.#ahead.add(number);
    for (let next = (this.#value ?? -1) + 1; this.#ahead.delete(next); next += 1) this.#value = next;
  }
}

/**
 * Adds the cursor to what one upstream event yields. Only the last item may carry the event's own number: a caller that
 * stops at an earlier one needs the event again.
 * @param isComplete asked at the end: false when part of the event could not be delivered, so that it is needed again.
 */
export async function* withResumeCursor<P>(
  event: UpstreamEvent,
  items: AsyncIterable<ProviderEventData<P>>,
  cursor: ResumeCursor,
  isComplete: () => boolean,
): AsyncGenerator<ProviderEvent<P>, void> {
  const before = cursor.value;
  let last: ProviderEventData<P> | null = null;
  try {
    for await (const item of items) {
      if (last !== null) yield { ...last, upstreamSequence: before };
      last = item;
    }
  } catch (error) {
    if (last !== null) yield { ...last, upstreamSequence: before };
    throw error;
  }
  if (isComplete()) cursor.advance(event);
  if (last !== null) yield { ...last, upstreamSequence: cursor.value };
  else if (cursor.value !== before) yield { type: 'progress', upstreamSequence: cursor.value };
}
