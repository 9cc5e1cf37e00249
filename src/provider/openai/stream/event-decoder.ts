/**
 * Decodes the body of a response, chunk by chunk, into upstream events and their pictures: one decoder for an event
 * stream, one for the single JSON document that some compatible services answer with instead.
 */
import { asObject, asText, type JsonObject } from '../json-values.ts';
import { StreamFormatError } from './format-error.ts';
import type { PictureLocation, PictureStep } from './pictures/picture-extractor.ts';
import { SseDecoder, type SseToken } from './sse-decoder.ts';
import { ValueSplitter, type ValueStep } from './value-splitter.ts';

/** OpenAI's older streams end with it, and those of many services still do. */
const END_MARK = '[DONE]';
const LF = 0x0a;

export interface UpstreamEvent {
  readonly type: string;
  /** The event, with `{"picture": n}` in place of its n-th picture. */
  readonly data: JsonObject;
  /** Whether the event was cut off, so that it holds only what came up to its last whole picture. */
  readonly isCut?: boolean;
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
  readonly #sse: SseDecoder;
  readonly #values: ValueSplitter;
  /** The name of the event whose data came last. */
  #name: string | null = null;
  #isOver = false;
  /** Set by an event that could not be read. Those behind it may still have a picture that was paid for. */
  #malformed: StreamFormatError | null = null;

  constructor(options: EventDecoderOptions) {
    this.#sse = new SseDecoder(options.maxEventBytes);
    this.#values = new ValueSplitter(options.shouldDecode);
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

  /** @throws {StreamFormatError} when an event before the last one could not be read. */
  *end(): Generator<DecodedStep, void> {
    // If the last event was cut off, the caller reports that the stream ended too early.
    const malformed = this.#malformed;
    for (const token of this.#sse.end()) yield* this.#decode(token);
    if (malformed !== null) throw malformed;
  }

  *#decode(token: SseToken): Generator<DecodedStep, void> {
    if (this.#isOver) return;
    if (token.kind === 'data') {
      for (const step of this.#values.push(token.bytes)) yield named(step, this.#name);
      // Between two lines of data, the value that has come does not have the name of the next one yet.
      if (token.bytes[0] !== LF) this.#name = token.eventName;
      return;
    }
    try {
      yield* this.#endEvent(token.eventName);
    } catch (error) {
      if (!(error instanceof StreamFormatError)) throw error;
      this.#malformed ??= error;
    }
  }

  *#endEvent(name: string | null): Generator<DecodedStep, void> {
    const values = this.#values.end();
    let next = values.next();
    for (; next.done !== true; next = values.next()) yield named(next.value, name);
    this.#isOver = next.value === END_MARK;
    if (name === 'error' && next.value !== '' && !this.#isOver) {
      yield { kind: 'event', event: { type: name, data: { message: next.value } } };
    }
  }
}

function named(step: ValueStep, eventName: string | null): DecodedStep {
  if (step.kind !== 'value') return step;
  return { kind: 'event', event: { ...eventOf(step.data, eventName), ...(step.isCut && { isCut: true }) } };
}

/** The `type` in the data is what the API defines. The `event` field repeats it, if a service sends one at all. */
function eventOf(data: JsonObject, eventName: string | null): UpstreamEvent {
  // The data of an error may have the type of that error.
  const type = eventName === 'error' ? eventName : asText(data['type']);
  if (type !== null) return { type, data };
  // Some services stream a whole response as one event, without the event around it.
  const isNamed = eventName?.includes('.') === true;
  const document = isResponse(data) ? data : isNamed ? null : enclosedAnswer(data);
  if (document !== null) return asStatusEvent(document);
  return { type: hasError(data) ? 'error' : (eventName ?? ''), data };
}

export class JsonEventDecoder implements EventDecoder {
  readonly #maxBytes: number;
  readonly #values: ValueSplitter;
  #bytes = 0;
  #progress = 0;

  constructor(options: EventDecoderOptions) {
    this.#maxBytes = options.maxEventBytes;
    this.#values = new ValueSplitter(options.shouldDecode);
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
    for (const step of this.#values.push(chunk)) yield inDocument(step);
  }

  *end(): Generator<DecodedStep, void> {
    try {
      for (const step of this.#values.end()) yield inDocument(step);
    } catch (error) {
      if (!(error instanceof StreamFormatError)) throw error;
    }
  }
}

function inDocument(step: ValueStep): DecodedStep {
  if (step.kind !== 'value') return step;
  return { kind: 'event', event: { ...eventOfDocument(step.data), ...(step.isCut && { isCut: true }) } };
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

/** Where services put their answer into an envelope of their own. */
const ENVELOPES = ['response', 'data'] as const;

/** The response, or the answer of the Image API, in an envelope; null when there is none. */
function enclosedAnswer(envelope: JsonObject): JsonObject | null {
  return ENVELOPES.map((key) => asObject(envelope[key])).find((each) => each !== null && isAnswer(each)) ?? null;
}

function isResponse(data: JsonObject): boolean {
  return STATUSES.has(data['status']) && Array.isArray(data['output']);
}

function isAnswer(document: JsonObject): boolean {
  const images = document['data'];
  return Array.isArray(document['output']) || (Array.isArray(images) && images.length > 0);
}

/** Whether a document without an answer says in any way that something failed. */
function hasError({ error, errors, success, code, detail }: JsonObject): boolean {
  const isTold = [error, errors, detail].some((told) => asObject(told) !== null || isList(told) || asText(told));
  return isTold || success === false || (typeof code === 'number' && code >= FIRST_ERROR_STATUS);
}

const FIRST_ERROR_STATUS = 400;

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function eventOfDocument(document: JsonObject): UpstreamEvent {
  const type = asText(document['type']);
  // The only event of a stream, without the stream. No document of either API has a type like these.
  if (type === 'error' || type?.includes('.')) return { type, data: document };
  const answer = isAnswer(document) ? document : enclosedAnswer(document);
  if (answer !== null) return asStatusEvent(answer);
  if (!STATUSES.has(document['status']) && hasError(document)) return { type: 'error', data: document };
  return asStatusEvent(document);
}

/** Wraps a response document in the stream event that reports the same status. */
function asStatusEvent(response: JsonObject): UpstreamEvent {
  const status = response['status'];
  return { type: `response.${asText(status) ?? 'completed'}`, data: { response } };
}
