/**
 * The events of a body with their pictures, decoded one ahead of whoever deals with them: while a picture is made durable, the
 * next one comes.
 */

import { Channel } from './channel.ts';
import { decodeScheduler } from './decode-scheduler.ts';
import {
  type DecodedStep,
  type EventDecoder,
  JsonEventDecoder,
  SseEventDecoder,
  type UpstreamEvent,
} from './event-decoder.ts';
import { areComplete, type PictureCollector, type Pictures } from './picture-collector.ts';
import type { PictureLocation } from './picture-extractor.ts';
import type { WatchedBody } from './watched-body.ts';

interface Arrived<P> {
  readonly event: UpstreamEvent;
  readonly pictures: Pictures<P>;
}

export interface ReadAheadOptions<P> {
  readonly form: 'stream' | 'json';
  readonly wire: WatchedBody;
  readonly collector: PictureCollector<P>;
  /** Whether a picture is worth decoding, as far as events have been dealt with. */
  readonly shouldDecode: (place: PictureLocation) => boolean;
  readonly maxLineBytes: number;
}

export class ReadAhead<P> {
  readonly #options: ReadAheadOptions<P>;
  readonly #decoder: EventDecoder;
  readonly #turn = decodeScheduler.join();
  readonly #channel = new Channel<Arrived<P>>();
  readonly #reading: Promise<void>;
  /** The items whose pictures have come in the event that is arriving, and in the one that is dealt with. */
  #arrivingItems: string[] = [];
  #items: readonly string[] = [];

  constructor(options: ReadAheadOptions<P>) {
    this.#options = options;
    const { form, maxLineBytes: maxEventBytes } = options;
    const shouldDecode = (place: PictureLocation) => this.#shouldDecode(place);
    this.#decoder =
      form === 'json'
        ? new JsonEventDecoder({ maxEventBytes, shouldDecode })
        : new SseEventDecoder({ maxEventBytes, shouldDecode });
    this.#reading = this.#read().then(
      () => this.#channel.end(),
      (error: unknown) => this.#channel.end(error),
    );
  }

  /** The next event, or null when the body has ended, well or not. @throws {StreamFormatError} and what a sink throws */
  next(): Promise<Arrived<P> | null> {
    return this.#channel.take();
  }

  /** Hangs up, unless the body has ended. */
  async close(): Promise<void> {
    this.#channel.close();
    await this.#options.wire.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { wire } = this.#options;
    for await (const chunk of wire.chunks()) {
      await this.#turn.take(chunk.length);
      const before = this.#decoder.progress;
      if (!(await this.#take(this.#decoder.push(chunk)))) return;
      if (this.#decoder.progress > before) wire.progressed();
    }
    await this.#take(this.#decoder.end());
  }

  /** False when nobody asks for more. */
  async #take(steps: Iterable<DecodedStep>): Promise<boolean> {
    const { collector } = this.#options;
    for (const step of steps) {
      if (step.kind !== 'event') {
        await collector.accept(step);
        continue;
      }
      this.#turn.end();
      const items = this.#arrivingItems;
      this.#arrivingItems = [];
      const pictures = collector.endEvent();
      const isWhole = pictures.size === items.length && areComplete(pictures);
      if (!(await this.#channel.offer({ event: step.event, pictures }))) return false;
      const isOfItem = step.event.type === 'response.output_item.done';
      this.#items = isOfItem && isWhole ? items : [];
    }
    return true;
  }

  /**
   * The end of a response repeats its pictures. One that has come whole and is just being stored will be known by then;
   * should that fail, so does the run.
   */
  #shouldDecode(place: PictureLocation): boolean {
    const { objectId } = place;
    if (!this.#options.shouldDecode(place)) return false;
    if (objectId === null) return true;
    this.#arrivingItems.push(objectId);
    return !this.#items.includes(objectId);
  }
}
