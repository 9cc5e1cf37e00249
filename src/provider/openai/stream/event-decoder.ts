/**
 * The body of a response, chunk by chunk, into upstream events and the pictures inside them. Two decoders of one shape:
 * for an event stream, and for the single JSON document that some compatible services answer with instead.
 */
import { asObject, asText, type JsonObject } from '../json-values.ts';
import { StreamFormatError } from './format-error.ts';
import { PictureExtractor, type PictureLocation, type PictureStep } from './picture-extractor.ts';
import { SseDecoder, type SseToken } from './sse-decoder.ts';

export interface UpstreamEvent {
  readonly type: string;
  /** The event with a `{"picture": n}` in place of its n-th picture. */
  readonly data: JsonObject;
}

/** An `event` step ends what the picture steps before it belong to: the next picture counts from 0 again. */
export type DecodedStep = PictureStep | { readonly kind: 'event'; readonly event: UpstreamEvent };

export interface EventDecoder {
  /** Grows with whatever of an event arrives, and not with what only keeps a connection open. */
  readonly progress: number;
  push(chunk: Buffer): Generator<DecodedStep, void>;
  /** The body has ended, well or not: gives the last event if all of it had arrived. */
  end(): Generator<DecodedStep, void>;
}

export interface EventDecoderOptions {
  /** An event with more bytes than this ends the run. */
  readonly maxEventBytes: number;
  /** Whether a picture is to be decoded. */
  readonly shouldDecode: (place: PictureLocation) => boolean;
}

export class SseEventDecoder implements EventDecoder {
  readonly #shouldDecode: EventDecoderOptions['shouldDecode'];
  readonly #sse: SseDecoder;
  #json: PictureExtractor;

  constructor(options: EventDecoderOptions) {
    this.#shouldDecode = options.shouldDecode;
    this.#sse = new SseDecoder(options.maxEventBytes);
    this.#json = new PictureExtractor(options.shouldDecode);
  }

  get progress(): number {
    return this.#sse.progress;
  }

  *push(chunk: Buffer): Generator<DecodedStep, void> {
    for (const token of this.#sse.push(chunk)) yield* this.#take(token);
  }

  *end(): Generator<DecodedStep, void> {
    try {
      for (const token of this.#sse.end()) yield* this.#take(token);
    } catch (error) {
      // An event that was cut off. That the stream has ended too early is for the caller to say.
      if (!(error instanceof StreamFormatError)) throw error;
    }
  }

  *#take(token: SseToken): Generator<DecodedStep, void> {
    if (token.kind === 'data') {
      yield* this.#json.push(token.bytes);
      return;
    }
    const json = this.#json;
    this.#json = new PictureExtractor(this.#shouldDecode);
    const data = json.finish();
    if (data !== null) yield { kind: 'event', event: { type: typeOf(data, token.eventName), data } };
  }
}

/** The `type` in the data is the API's own; the `event` field repeats it, where a service sends one at all. */
function typeOf(data: JsonObject, eventName: string | null): string {
  if (asText(data['type']) === null && asObject(data['error']) !== null) return 'error';
  return asText(data['type']) ?? eventName ?? '';
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

  get progress(): number {
    return this.#progress;
  }

  *push(chunk: Buffer): Generator<DecodedStep, void> {
    // Before a document begins, blanks are a way to keep its connection open.
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
    if (response !== null) yield { kind: 'event', event: asStatusEvent(response) };
  }
}

/** Space, tab and the line ends are all that JSON knows. */
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

/** The event that says of a response what its status says. */
function asStatusEvent(response: JsonObject): UpstreamEvent {
  const status = response['status'];
  if (asObject(response['error']) !== null && !STATUSES.has(status) && !Array.isArray(response['output'])) {
    return { type: 'error', data: response };
  }
  return { type: `response.${asText(status) ?? 'completed'}`, data: { response } };
}
