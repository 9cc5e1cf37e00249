/**
 * Decodes the body of a response, chunk by chunk, into upstream events and their pictures: one decoder for an event
 * stream, one for the single JSON document that some compatible services answer with instead.
 */
import { asObject, asText, type JsonObject } from '../json-values.ts';
import { StreamFormatError } from './format-error.ts';
import { PictureExtractor, type PictureLocation, type PictureStep } from './pictures/picture-extractor.ts';
import { SseDecoder, type SseToken } from './sse-decoder.ts';

export interface UpstreamEvent {
  readonly type: string;
  /** The event, with `{"picture": n}` in place of its n-th picture. */
  readonly data: JsonObject;
}

/** An `event` step ends the event that the picture steps before it belong to. Pictures are numbered from 0 per event. */
export type DecodedStep = PictureStep | { readonly kind: 'event'; readonly event: UpstreamEvent };

export interface EventDecoder {
  /** Grows with every piece of an event, and not with bytes that only keep the connection open. */
  readonly progress: number;
  /** Whether nothing that comes from here on counts. The sender may still leave the connection open. */
  readonly isOver: boolean;
  push(chunk: Buffer): Iterable<DecodedStep>;
  /** The body has ended, complete or not. Yields the last event if all of it had arrived. */
  end(): Iterable<DecodedStep>;
}

export interface EventDecoderOptions {
  /** A larger event ends the run. */
  readonly maxEventBytes: number;
  /** Whether a picture must be decoded. */
  readonly shouldDecode: (place: PictureLocation) => boolean;
}

export class SseEventDecoder implements EventDecoder {
  readonly #shouldDecode: EventDecoderOptions['shouldDecode'];
  readonly #sse: SseDecoder;
  #json: PictureExtractor;
  #isOver = false;

  constructor(options: EventDecoderOptions) {
    this.#shouldDecode = options.shouldDecode;
    this.#sse = new SseDecoder(options.maxEventBytes);
    this.#json = new PictureExtractor(options.shouldDecode);
  }

  get progress(): number {
    return this.#sse.progress;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  *push(chunk: Buffer): Generator<DecodedStep, void> {
    for (const token of this.#sse.push(chunk)) yield* this.#decode(token);
  }

  *end(): Generator<DecodedStep, void> {
    try {
      for (const token of this.#sse.end()) yield* this.#decode(token);
    } catch (error) {
      // The event was cut off. The caller reports that the stream ended too early.
      if (!(error instanceof StreamFormatError)) throw error;
    }
  }

  *#decode(token: SseToken): Generator<DecodedStep, void> {
    if (this.#isOver) return;
    if (token.kind === 'data') {
      yield* this.#json.push(token.bytes);
      return;
    }
    const json = this.#json;
    this.#json = new PictureExtractor(this.#shouldDecode);
    const data = json.finish();
    if (data !== null) yield { kind: 'event', event: eventOf(data, token.eventName) };
    else this.#isOver = json.isEndMark;
  }
}

/** The `type` in the data is what the API defines. The `event` field repeats it, if a service sends one at all. */
function eventOf(data: JsonObject, eventName: string | null): UpstreamEvent {
  // The data of an error may have the type of that error.
  const type = eventName === 'error' ? eventName : asText(data['type']);
  if (type !== null) return { type, data };
  // Some services stream a whole response as one event, without the event around it.
  if (isResponse(data)) return asStatusEvent(data);
  return { type: asObject(data['error']) === null ? (eventName ?? '') : 'error', data };
}

export class JsonEventDecoder implements EventDecoder {
  readonly #maxBytes: number;
  readonly #json: PictureExtractor;
  #bytes = 0;
  #progress = 0;

  constructor(options: EventDecoderOptions) {
    this.#maxBytes = options.maxEventBytes;
    this.#json = new PictureExtractor(options.shouldDecode);
  }

  /** A document ends with its body. */
  readonly isOver = false;

  get progress(): number {
    return this.#progress;
  }

  *push(chunk: Buffer): Generator<DecodedStep, void> {
    // Some servers send blanks before a document to keep the connection open.
    if (this.#progress > 0 || chunk.some(isNotBlank)) this.#progress += 1;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) throw new StreamFormatError(`the answer is larger than ${this.#maxBytes} bytes`);
    yield* this.#json.push(chunk);
  }

  *end(): Generator<DecodedStep, void> {
    let response: JsonObject | null = null;
    try {
      response = this.#json.finish();
    } catch (error) {
      if (!(error instanceof StreamFormatError)) throw error;
    }
    if (response !== null) yield { kind: 'event', event: eventOfDocument(response) };
  }
}

/** The only blanks in JSON are space, tab and line ends. */
function isNotBlank(byte: number): boolean {
  return byte > 0x20;
}

const STATUSES: ReadonlySet<unknown> = new Set([
  'queued',
  'in_progress',
  'completed',
  'incomplete',
  'failed',
  'cancelled',
]);

function isResponse(data: JsonObject): boolean {
  return STATUSES.has(data['status']) && Array.isArray(data['output']);
}

function eventOfDocument(document: JsonObject): UpstreamEvent {
  const type = asText(document['type']);
  // The only event of a stream, without the stream. No document of either API has a type like these.
  if (type === 'error' || type?.includes('.')) return { type, data: document };
  const isAnswer = STATUSES.has(document['status']) || Array.isArray(document['output']);
  if (asObject(document['error']) !== null && !isAnswer) return { type: 'error', data: document };
  return asStatusEvent(document);
}

/** Wraps a response document in the stream event that reports the same status. */
function asStatusEvent(response: JsonObject): UpstreamEvent {
  const status = response['status'];
  return { type: `response.${asText(status) ?? 'completed'}`, data: { response } };
}
