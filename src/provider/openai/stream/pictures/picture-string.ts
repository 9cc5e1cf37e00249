/** Decodes the JSON string that holds one picture in base64, chunk by chunk. */
import { Base64Decoder } from './base64-decoder.ts';
import { type OpeningDefect, readOpening } from './picture-opening.ts';

export type PictureStep =
  /** The bytes are valid only until the next step is requested. */
  | { readonly kind: 'picture-bytes'; readonly picture: number; readonly bytes: Buffer }
  /** The last byte was delivered, and all of the string was base64. */
  | { readonly kind: 'picture-complete'; readonly picture: number }
  /** The string is incomplete or not base64: the bytes that were delivered are useless. */
  | { readonly kind: 'picture-damaged'; readonly picture: number; readonly defect: OpeningDefect };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export class PictureString {
  readonly #picture: number;
  /** Null for a picture that is skipped. */
  readonly #base64: Base64Decoder | null;
  #length = 0;
  #isClosed = false;
  /** What came so far, while it does not say yet how the string begins. */
  #opening: string | null = '';
  #isDefective = false;
  /** The characters after a backslash, while the escape is incomplete. */
  #escape: string | null = null;

  /** @param isDecoded false skips the picture */
  constructor(picture: number, isDecoded: boolean) {
    this.#picture = picture;
    this.#base64 = isDecoded ? new Base64Decoder() : null;
  }

  /** Whether the closing quote was read. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether it was decoded and had any characters. */
  get isPicture(): boolean {
    return this.#base64 !== null && this.#length > 0;
  }

  /** The JSON value that stands in the skeleton in place of the string. */
  get placeholder(): string {
    if (this.#base64 === null) return 'null';
    return this.#length === 0 ? '""' : `{"picture":${this.#picture}}`;
  }

  /** Returns the index after the closing quote, or the length of `bytes`. */
  *push(bytes: Buffer, from: number): Generator<PictureStep, number> {
    let at = from;
    let quote = -1;
    let text = '';
    while (at < bytes.length) {
      if (this.#escape !== null) {
        text += this.#readEscape(bytes.toString('latin1', at, at + 1));
        at += 1;
        continue;
      }
      if (quote < at) quote = indexOrEnd(bytes, QUOTE, at);
      const backslash = bytes.subarray(at, quote).indexOf(BACKSLASH);
      const stop = backslash === -1 ? quote : at + backslash;
      if (this.#base64 !== null) text += bytes.toString('latin1', at, stop);
      at = stop;
      if (backslash === -1) break;
      this.#escape = '';
      at += 1;
    }
    yield* this.#decode(text);
    if (at === bytes.length) return at;
    yield* this.#close();
    return at + 1;
  }

  /** Takes one character after a backslash. Returns the character that the escape stands for once it is complete. */
  #readEscape(character: string): string {
    const sequence = `${this.#escape ?? ''}${character}`;
    if (sequence.startsWith('u') && sequence.length < 5) {
      this.#escape = sequence;
      return '';
    }
    this.#escape = null;
    try {
      return String(JSON.parse(`"\\${sequence}"`));
    } catch {
      // Not a JSON escape. A backslash is not base64 either, so the decoder rejects it.
      return '\\';
    }
  }

  *#decode(text: string): Generator<PictureStep, void> {
    const base64 = this.#base64;
    if (base64 === null || this.#isDefective) return;
    this.#length += text.length;
    const characters = this.#opening === null ? text : yield* this.#open(this.#opening + text);
    if (characters !== '') yield* this.#deliver(base64, base64.push(characters));
  }

  /** Returns the base64 in what came so far; empty while that is undecided, and for what is no base64. */
  *#open(text: string): Generator<PictureStep, string> {
    const opening = readOpening(text, this.#isClosed);
    this.#opening = opening.kind === 'undecided' ? text : null;
    if (opening.kind === 'defect') yield this.#fail(opening.defect);
    return opening.kind === 'base64' ? text.slice(opening.from) : '';
  }

  #fail(defect: OpeningDefect): PictureStep {
    this.#isDefective = true;
    return { kind: 'picture-damaged', picture: this.#picture, defect };
  }

  *#close(): Generator<PictureStep, void> {
    this.#isClosed = true;
    const base64 = this.#base64;
    if (base64 === null) return;
    // A string that is shorter than any prefix.
    yield* this.#decode('');
    if (!this.#isDefective) yield* this.#deliver(base64, base64.end());
    if (this.#length > 0 && !this.#isDefective) yield { kind: 'picture-complete', picture: this.#picture };
  }

  *#deliver(base64: Base64Decoder, bytes: Buffer): Generator<PictureStep, void> {
    if (base64.damaged) yield this.#fail('damaged');
    else if (bytes.length > 0) yield { kind: 'picture-bytes', picture: this.#picture, bytes };
  }
}

export function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found === -1 ? bytes.length : found;
}
