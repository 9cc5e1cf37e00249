/**
 * How far a response's stream has been told: the number behind which it can be resumed without losing anything.
 *
 * The mark only rises over numbers that were all told: events that come out of order move it once the gap before them
 * is filled, and where the upstream leaves a number out (a resumed stream may do so with partials) it stays for good.
 * A mark that is too low costs reading some events again; one that is too high costs a picture.
 */
import type { ProviderEvent, ProviderEventData } from '../../image-provider.ts';
import { asIndex } from '../json-values.ts';
import type { UpstreamEvent } from '../stream/event-decoder.ts';

/** More numbers than this ahead of a gap are not kept: a stream of that kind is not numbered in earnest. */
const MAX_AHEAD = 10_000;

export class ResumeCursor {
  #told: number | null;
  readonly #ahead = new Set<number>();

  /** @param after the number behind which the stream was asked for; null for a stream from its start. */
  constructor(after: number | null) {
    this.#told = after;
  }

  get value(): number | null {
    return this.#told;
  }

  /** Notes that an event has been told, with all that is in it. Events without a number change nothing. */
  pass({ type, data }: UpstreamEvent): void {
    const number = asIndex(data['sequence_number']);
    if (number === null) return;
    // Nothing comes before the creation, whichever number a service starts from.
    if (this.#told === null && type === 'response.created') this.#told = number;
    if (number > (this.#told ?? -1) && this.#ahead.size < MAX_AHEAD) this.#ahead.add(number);
    for (let next = (this.#told ?? -1) + 1; this.#ahead.delete(next); next += 1) this.#told = next;
  }
}

/**
 * Puts the mark on what one upstream event has to tell. Only the last piece of news may carry the event's own number:
 * whoever stops at an earlier one needs the event again.
 * @param isTold asked at the end: false when the event held something that could not be told, and has to come again.
 */
export async function* withResumeCursor<P>(
  event: UpstreamEvent,
  news: AsyncIterable<ProviderEventData<P>>,
  mark: ResumeCursor,
  isTold: () => boolean,
): AsyncGenerator<ProviderEvent<P>, void> {
  const before = mark.value;
  let last: ProviderEventData<P> | null = null;
  try {
    for await (const piece of news) {
      if (last !== null) yield { ...last, upstreamSequence: before };
      last = piece;
    }
  } catch (error) {
    if (last !== null) yield { ...last, upstreamSequence: before };
    throw error;
  }
  if (isTold()) mark.pass(event);
  if (last !== null) yield { ...last, upstreamSequence: mark.value };
  else if (mark.value !== before) yield { type: 'progress', upstreamSequence: mark.value };
}
