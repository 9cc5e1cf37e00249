/**
 * Splits server-sent events into tokens as their bytes arrive. A line is never buffered as a whole, so a picture in a
 * `data` line needs no more memory than the chunk that it came in.
 * Source: WHATWG HTML, "Interpreting an event stream" (LF, CRLF and CR end a line; a blank line dispatches).
 */
import { StreamFormatError } from './format-error.ts';

/** A piece of an event's data, or the event's end. `eventName` is the value of the `event` field so far. */
export type SseToken =
  | { readonly kind: 'data'; readonly eventName: string | null; readonly bytes: Buffer }
  | { readonly kind: 'dispatch'; readonly eventName: string | null };

type Field = 'data' | 'event' | 'comment' | 'other';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const NEWLINE = Buffer.from('\n');
/** The UTF-8 byte order mark, read as Latin-1. */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
/** Longer than any field name of the standard with a byte order mark before it. */
const NAME_LENGTH = 16;
const EVENT_NAME_LENGTH = 256;

export class SseDecoder {
  readonly #maxEventBytes: number;
  /** Null while the line's field name is being read. */
  #field: Field | null = null;
  #name = '';
  #firstLine = true;
  #spaceMayFollow = false;
  #lineFeedMayFollow = false;
  #eventName = '';
  #hasData = false;
  #eventBytes = 0;
  #progress = 0;

  /** @param maxEventBytes an event with more bytes than this ends the stream with a StreamFormatError. */
  constructor(maxEventBytes: number) {
    this.#maxEventBytes = maxEventBytes;
  }

  /** Grows with every piece of an event. Comments and blank lines do not count: they only keep the connection open. */
  get progress(): number {
    return this.#progress;
  }

  *push(chunk: Buffer): Generator<SseToken, void> {
    const lineEnds = new LineEnds(chunk);
    let at = 0;
    while (at < chunk.length) {
      if (this.#lineFeedMayFollow) {
        this.#lineFeedMayFollow = false;
        if (chunk[at] === LF) {
          at += 1;
          continue;
        }
      }
      const end = lineEnds.after(at);
      if (end > at) yield* this.#linePiece(chunk.subarray(at, end));
      if (end < chunk.length) {
        yield* this.#endLine();
        this.#lineFeedMayFollow = chunk[end] === CR;
      }
      at = end + 1;
    }
  }

  /**
   * Ends an event that no blank line closed. The standard drops it. Here it counts, because a server that closes right
   * after its last event has still sent that event, and it may hold a picture that was paid for.
   */
  *end(): Generator<SseToken, void> {
    if (this.#hasData) yield { kind: 'dispatch', eventName: this.#eventName || null };
  }

  *#linePiece(piece: Buffer): Generator<SseToken, void> {
    this.#eventBytes += piece.length;
    if (this.#eventBytes > this.#maxEventBytes) {
      throw new StreamFormatError(`an event is larger than ${this.#maxEventBytes} bytes`);
    }
    let value = piece;
    if (this.#field === null) {
      const colon = piece.indexOf(COLON);
      const nameEnd = colon === -1 ? piece.length : colon;
      this.#name += piece.toString('latin1', 0, Math.min(nameEnd, NAME_LENGTH + 1 - this.#name.length));
      if (colon === -1) return;
      yield* this.#beginValue();
      value = piece.subarray(colon + 1);
    }
    if (this.#field !== 'comment') this.#progress += 1;
    if (this.#spaceMayFollow && value.length > 0) {
      this.#spaceMayFollow = false;
      if (value[0] === SPACE) value = value.subarray(1);
    }
    if (value.length === 0) return;
    if (this.#field === 'data') yield { kind: 'data', eventName: this.#eventName || null, bytes: value };
    else if (this.#field === 'event' && this.#eventName.length < EVENT_NAME_LENGTH) {
      this.#eventName += value.toString('latin1', 0, EVENT_NAME_LENGTH);
    }
  }

  *#beginValue(): Generator<SseToken, void> {
    const name = this.#fieldName();
    this.#spaceMayFollow = true;
    this.#field = name === '' ? 'comment' : name === 'data' || name === 'event' ? name : 'other';
    if (this.#field === 'event') this.#eventName = '';
    if (this.#field !== 'data') return;
    if (this.#hasData) yield { kind: 'data', eventName: this.#eventName || null, bytes: NEWLINE };
    this.#hasData = true;
  }

  *#endLine(): Generator<SseToken, void> {
    const blank = this.#field === null && this.#fieldName() === '';
    if (!blank && this.#field === null) yield* this.#beginValue();
    if (blank) {
      if (this.#hasData) {
        this.#progress += 1;
        yield { kind: 'dispatch', eventName: this.#eventName || null };
      }
      this.#eventName = '';
      this.#hasData = false;
      this.#eventBytes = 0;
    }
    this.#field = null;
    this.#name = '';
    this.#firstLine = false;
    this.#spaceMayFollow = false;
  }

  #fieldName(): string {
    const marked = this.#firstLine && this.#name.startsWith(BYTE_ORDER_MARK);
    return marked ? this.#name.slice(BYTE_ORDER_MARK.length) : this.#name;
  }
}

/** Finds the line ends of a chunk. Each kind of line end is searched once, and not again for every line. */
class LineEnds {
  readonly #chunk: Buffer;
  #lineFeed = -1;
  #carriageReturn = -1;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
  }

  /** The index of the first line end at or after `at`, or the chunk's length. */
  after(at: number): number {
    if (this.#lineFeed < at) this.#lineFeed = this.#find(LF, at);
    if (this.#carriageReturn < at) this.#carriageReturn = this.#find(CR, at);
    return Math.min(this.#lineFeed, this.#carriageReturn);
  }

  #find(byte: number, from: number): number {
    const found = this.#chunk.indexOf(byte, from);
    return found === -1 ? this.#chunk.length : found;
  }
}
