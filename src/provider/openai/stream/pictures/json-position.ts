/** Tracks where in a JSON text a scan is: which key comes next, what is open, and the `id` of every open object. */
import { StreamFormatError } from '../format-error.ts';

const MAX_DEPTH = 256;
/** Longer than any key or id that is used here. */
const MAX_STRING_LENGTH = 128;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export class JsonPosition {
  /** The ids of the open objects, outermost first. */
  readonly #openObjectIds: (string | null)[] = [];
  #closers = '';
  #isAtEnd = false;
  #key: string | null = null;
  /** The last string; null when it is too long to be a key or an id. */
  #lastString: string | null = null;

  /** The key whose value comes next; null where a key or an array element comes next. */
  get key(): string | null {
    return this.#key;
  }

  /** The `id` of the innermost open object, if it has been read. */
  get objectId(): string | null {
    return this.#openObjectIds.at(-1) ?? null;
  }

  /** Whether the outermost object or array has been closed. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** The brackets that close whatever is open. */
  get closers(): string {
    return this.#closers;
  }

  /** Scans what is outside strings. Returns the index of the next quote or behind the value, or the length of `bytes`. */
  scanStructure(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      switch (bytes[at]) {
        case QUOTE:
          return at;
        case COLON:
          this.#key = this.#lastString;
          break;
        case COMMA:
          this.#key = null;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.#key = null;
          this.#openObjectIds.push(null);
          this.#closers = (bytes[at] === OPEN_BRACE ? '}' : ']') + this.#closers;
          if (this.#openObjectIds.length > MAX_DEPTH) throw new StreamFormatError('an event is nested too deeply');
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#key = null;
          this.#openObjectIds.pop();
          this.#closers = this.#closers.slice(1);
          this.#isAtEnd = this.#closers === '';
          if (this.#isAtEnd) return at + 1;
          break;
        default:
      }
    }
    return bytes.length;
  }

  beginString(): void {
    this.#lastString = '';
  }

  addToString(text: Buffer): void {
    if (this.#lastString === null) return;
    const length = this.#lastString.length + text.length;
    this.#lastString = length > MAX_STRING_LENGTH ? null : this.#lastString + text.toString('latin1');
  }

  endString(): void {
    if (this.#key === 'id') this.#openObjectIds.splice(-1, 1, this.#lastString);
  }
}
