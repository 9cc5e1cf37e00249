/**
 * Decodes a body by what it is and not by what its label says: proxies and compatible services label JSON documents as
 * streams, streams as JSON, and either as plain text or not at all. The first byte decides that is neither blank nor part
 * of a comment or a byte order mark.
 */
import {
  type DecodedStep,
  type EventDecoder,
  type EventDecoderOptions,
  JsonEventDecoder,
  SseEventDecoder,
} from './event-decoder.ts';

/** `page` is HTML or XML, which a proxy or a web server sends in place of an answer. */
export type BodyForm = 'stream' | 'json' | 'page';

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
/** Begins a comment of server-sent events. */
const COLON = 0x3a;
const BYTE_ORDER_MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);
const FIRST_BYTES: ReadonlyMap<number, BodyForm> = new Map([
  ['{'.charCodeAt(0), 'json'],
  ['['.charCodeAt(0), 'json'],
  ['<'.charCodeAt(0), 'page'],
]);

export class BodyDecoder implements EventDecoder {
  readonly #options: EventDecoderOptions;
  #form: BodyForm | null = null;
  #isInComment = false;
  #decoder: EventDecoder | null = null;

  constructor(options: EventDecoderOptions) {
    this.#options = options;
  }

  /** Null until a byte has decided. Nothing of a page is decoded. */
  get form(): BodyForm | null {
    return this.#form;
  }

  get isOver(): boolean {
    return this.#form === 'page' || (this.#decoder?.isOver ?? false);
  }

  get progress(): number {
    return this.#decoder?.progress ?? 0;
  }

  push(chunk: Buffer): Iterable<DecodedStep> {
    return this.#decoder === null ? this.#begin(chunk) : this.#decoder.push(chunk);
  }

  end(): Iterable<DecodedStep> {
    return this.#decoder?.end() ?? [];
  }

  #begin(chunk: Buffer): Iterable<DecodedStep> {
    const at = this.#form === null ? this.#firstOf(chunk) : chunk.length;
    const first = chunk[at];
    if (first === undefined) return [];
    this.#form = FIRST_BYTES.get(first) ?? 'stream';
    if (this.#form === 'page') return [];
    this.#decoder = this.#form === 'json' ? new JsonEventDecoder(this.#options) : new SseEventDecoder(this.#options);
    return this.#decoder.push(chunk.subarray(at));
  }

  /** The index of the byte that decides, or the length of the chunk. */
  #firstOf(chunk: Buffer): number {
    for (const [at, byte] of chunk.entries()) {
      if (byte === CR || byte === LF) this.#isInComment = false;
      else if (byte === COLON) this.#isInComment = true;
      else if (!this.#isInComment && byte > SPACE && !BYTE_ORDER_MARK.has(byte)) return at;
    }
    return chunk.length;
  }
}
