/**
 * The events of a body with their pictures, decoded one ahead of whoever deals with them: while a picture is made durable, the
 * next one comes.
 */

import type { Wire } from '../wire.ts';
import { Handoff } from './channel.ts';
import { readingTurns } from './decode-scheduler.ts';
import {
  type DecodedStep,
  type EventDecoder,
  JsonEventDecoder,
  SseEventDecoder,
  type UpstreamEvent,
} from './event-decoder.ts';
import type { PicturePlace } from './picture-extractor.ts';
import { areWhole, type PictureIntake, type Pictures } from './picture-intake.ts';

interface Arrived<P> {
  readonly event: UpstreamEvent;
  readonly pictures: Pictures<P>;
}

export interface EventsAheadOptions<P> {
  readonly form: 'stream' | 'json';
  readonly wire: Wire;
  readonly intake: PictureIntake<P>;
  /** Whether a picture is worth decoding, as far as events have been dealt with. */
  readonly wants: (place: PicturePlace) => boolean;
  readonly maxLineBytes: number;
}

export class EventsAhead<P> {
  readonly #options: EventsAheadOptions<P>;
  readonly #decoder: EventDecoder;
  readonly #turn = readingTurns.join();
  readonly #handoff = new Handoff<Arrived<P>>();
  readonly #reading: Promise<void>;
  /** The items whose pictures have come in the event that is arriving, and in the one that is dealt with. */
  #arrivingItems: string[] = [];
  #items: readonly string[] = [];

  constructor(options: EventsAheadOptions<P>) {
    this.#options = options;
    const { form, maxLineBytes: maxEventBytes } = options;
    const wants = (place: PicturePlace) => this.#wants(place);
    this.#decoder =
      form === 'json' ? new JsonEventDecoder({ maxEventBytes, wants }) : new SseEventDecoder({ maxEventBytes, wants });
    this.#reading = this.#read().then(
      () => this.#handoff.end(),
      (error: unknown) => this.#handoff.end(error),
    );
  }

  /** The next event, or null when the body has ended, well or not. @throws {StreamFormatError} and what a sink throws */
  next(): Promise<Arrived<P> | null> {
    return this.#handoff.take();
  }

  /** Hangs up, unless the body has ended. */
  async close(): Promise<void> {
    this.#handoff.close();
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
    const { intake } = this.#options;
    for (const step of steps) {
      if (step.kind !== 'event') {
        await intake.accept(step);
        continue;
      }
      this.#turn.end();
      const items = this.#arrivingItems;
      this.#arrivingItems = [];
      const pictures = intake.seal();
      const isWhole = pictures.size === items.length && areWhole(pictures);
      if (!(await this.#handoff.offer({ event: step.event, pictures }))) return false;
      const isOfItem = step.event.type === 'response.output_item.done';
      this.#items = isOfItem && isWhole ? items : [];
    }
    return true;
  }

  /**
   * The end of a response repeats its pictures. One that has come whole and is just being stored will be known by then;
   * should that fail, so does the run.
   */
  #wants(place: PicturePlace): boolean {
    const { objectId } = place;
    if (!this.#options.wants(place)) return false;
    if (objectId === null) return true;
    this.#arrivingItems.push(objectId);
    return !this.#items.includes(objectId);
  }
}
