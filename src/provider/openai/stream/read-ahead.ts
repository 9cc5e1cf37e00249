/**
 * Decodes the events of a body, with their pictures, one event ahead of their consumer: while one picture is made
 * durable, the next one arrives (docs/decisions/2026-11-26-one-event-ahead.md).
 */
import { BodyDecoder, type BodyForm } from './body-decoder.ts';
import { Channel } from './channel.ts';
import { decodeScheduler } from './decode-scheduler.ts';
import type { DecodedStep, UpstreamEvent } from './event-decoder.ts';
import { areComplete, type EventPictures, type PictureCollector } from './pictures/picture-collector.ts';
import type { PictureLocation } from './pictures/picture-extractor.ts';
import type { WatchedBody } from './watched-body.ts';

interface DecodedEvent<P> {
  readonly event: UpstreamEvent;
  readonly pictures: EventPictures<P>;
}

export interface ReadAheadOptions<P> {
  readonly body: WatchedBody;
  readonly collector: PictureCollector<P>;
  /** Whether a picture must be decoded, judged by the events that were consumed so far. */
  readonly shouldDecode: (location: PictureLocation) => boolean;
  readonly maxLineBytes: number;
}

export class ReadAhead<P> {
  readonly #options: ReadAheadOptions<P>;
  readonly #decoder: BodyDecoder;
  readonly #slot = decodeScheduler.register();
  readonly #channel = new Channel<DecodedEvent<P>>();
  readonly #reading: Promise<void>;
  /** Items whose pictures are in the event that is being decoded. */
  #nextItems: string[] = [];
  /** Items whose complete pictures are in the event that is being consumed. */
  #currentItems: readonly string[] = [];

  constructor(options: ReadAheadOptions<P>) {
    this.#options = options;
    const shouldDecode = (location: PictureLocation) => this.#shouldDecode(location);
    this.#decoder = new BodyDecoder({ maxEventBytes: options.maxLineBytes, shouldDecode });
    this.#reading = this.#read().then(
      () => this.#channel.end(),
      (error: unknown) => this.#channel.end(error),
    );
  }

  /** What the body is; null while it has only begun with blanks or comments. */
  get form(): BodyForm | null {
    return this.#decoder.form;
  }

  /**
   * The next event, or null when the body has ended, complete or not, or is a page.
   * @throws {StreamFormatError} and whatever a sink throws
   */
  next(): Promise<DecodedEvent<P> | null> {
    return this.#channel.receive();
  }

  /** Closes the connection, unless the body has ended. */
  async close(): Promise<void> {
    this.#channel.close();
    await this.#options.body.close();
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { body } = this.#options;
    for await (const chunk of body.chunks()) {
      await this.#slot.acquire(chunk.length);
      const before = this.#decoder.progress;
      if (!(await this.#deliver(this.#decoder.push(chunk)))) return;
      if (this.#decoder.progress > before) body.progressed();
      if (this.#decoder.isOver) {
        body.finish();
        return;
      }
    }
    await this.#deliver(this.#decoder.end());
  }

  /** False when the consumer has closed. */
  async #deliver(steps: Iterable<DecodedStep>): Promise<boolean> {
    const { collector } = this.#options;
    for (const step of steps) {
      if (step.kind !== 'event') {
        await collector.accept(step);
        continue;
      }
      this.#slot.endPicture();
      const items = this.#nextItems;
      this.#nextItems = [];
      const pictures = collector.endEvent();
      const isComplete = pictures.size === items.length && areComplete(pictures);
      if (!(await this.#channel.send({ event: step.event, pictures }))) return false;
      const isFinalImage = step.event.type === 'response.output_item.done';
      this.#currentItems = isFinalImage && isComplete ? items : [];
    }
    return true;
  }

  /**
   * The last event of a response repeats its pictures. One that is complete and is being stored right now need not be
   * decoded again: if storing it fails, the run fails too.
   */
  #shouldDecode(location: PictureLocation): boolean {
    const { objectId } = location;
    if (!this.#options.shouldDecode(location)) return false;
    if (objectId === null) return true;
    this.#nextItems.push(objectId);
    return !this.#currentItems.includes(objectId);
  }
}
