/**
 * One JSON value, read byte by byte as it arrives, with the pictures taken out on the way: the base64 strings under
 * the keys below are decoded and handed on at once, and never become a JavaScript string of their own length.
 * What remains is a skeleton of ordinary size, which JSON.parse reads at the end; a `{"picture": n}` stands in it
 * where the n-th picture was.
 */

import { asIndex, asObject, type JsonObject } from '../json-values.ts';
import { Base64Decoder } from './base64-decoder.ts';
import { StreamFormatError } from './format-error.ts';

/** What is known about a picture's place in the JSON when its first byte arrives. */
export interface PictureLocation {
  readonly key: string;
  /** The `id` of the object that holds the picture, if it came before the picture. */
  readonly objectId: string | null;
}

export type PictureStep =
  /** The bytes stand there only until the next step is asked for. */
  | { readonly kind: 'picture-bytes'; readonly picture: number; readonly bytes: Buffer }
  /** Its last byte was handed on, and all of it was base64. */
  | { readonly kind: 'picture-whole'; readonly picture: number }
  /** The picture is not whole or not base64: what was handed on of it is worth nothing. */
  | { readonly kind: 'picture-damaged'; readonly picture: number };

const PICTURE_KEYS: ReadonlySet<string> = new Set(['partial_image_b64', 'result', 'b64_json']);

const MAX_SKELETON_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 256;
const MAX_PICTURES = 64;
/** Longer than any key or id that is looked at here. */
const MAX_NOTED_LENGTH = 128;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export class PictureExtractor {
  readonly #shouldDecode: (place: PictureLocation) => boolean;
  readonly #skeleton: Buffer[] = [];
  #skeletonBytes = 0;
  #state: 'structure' | 'string' | 'picture' = 'structure';
  /** The ids of the objects that are open at this point, outermost first. */
  readonly #openObjectIds: (string | null)[] = [];
  /** The key whose value comes next, or null where a key or an array's element comes next. */
  #key: string | null = null;
  /** The string that is being read or was read last; null when it is too long to matter. */
  #noted: string | null = null;
  #escaped = false;
  #pictures = 0;
  #pictureLength = 0;
  /** Null while a picture that nobody shouldDecode is passed over. */
  #base64: Base64Decoder | null = null;
  /** The characters behind a backslash within a picture, while they are incomplete. */
  #escape: string | null = null;

  /** @param shouldDecode whether a picture is to be decoded; one that is not wanted is null in the skeleton. */
  constructor(shouldDecode: (place: PictureLocation) => boolean) {
    this.#shouldDecode = shouldDecode;
  }

  *push(bytes: Buffer): Generator<PictureStep, void> {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'structure') at = this.#readStructure(bytes, at);
      else if (this.#state === 'string') at = this.#readString(bytes, at);
      else at = yield* this.#readPicture(bytes, at);
    }
  }

  /**
   * The skeleton, parsed; null when the text is no JSON object at all, such as `[DONE]`.
   * @throws {StreamFormatError} when the JSON is malformed or not whole.
   */
  finish(): JsonObject | null {
    const text = Buffer.concat(this.#skeleton).toString('utf8');
    if (!text.trimStart().startsWith('{')) return null;
    try {
      return asObject(JSON.parse(text));
    } catch {
      // The parser's own message quotes the input, which may be a person's prompt.
      throw new StreamFormatError('an event is not valid JSON');
    }
  }

  /** Everything that is not inside a string. Returns where it stopped: behind an opening quote, or at the end. */
  #readStructure(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      switch (bytes[at]) {
        case QUOTE:
          this.#keep(bytes.subarray(from, at));
          this.#openString();
          return at + 1;
        case COLON:
          this.#key = this.#noted;
          break;
        case COMMA:
          this.#key = null;
          break;
        case OPEN_BRACE:
        case OPEN_BRACKET:
          this.#key = null;
          this.#openObjectIds.push(null);
          if (this.#openObjectIds.length > MAX_DEPTH) throw new StreamFormatError('an event is nested too deeply');
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#key = null;
          this.#openObjectIds.pop();
          break;
        default:
      }
    }
    this.#keep(bytes.subarray(from));
    return bytes.length;
  }

  #openString(): void {
    if (this.#key === null || !PICTURE_KEYS.has(this.#key)) {
      this.#state = 'string';
      this.#noted = '';
      this.#keep(QUOTE_BYTES);
      return;
    }
    if (this.#pictures === MAX_PICTURES) throw new StreamFormatError('an event holds too many pictures');
    this.#state = 'picture';
    this.#pictureLength = 0;
    this.#base64 = this.#shouldDecode({ key: this.#key, objectId: this.#openObjectIds.at(-1) ?? null })
      ? new Base64Decoder()
      : null;
  }

  #readString(bytes: Buffer, from: number): number {
    let at = from;
    let quote = -1;
    while (at < bytes.length) {
      if (this.#escaped) {
        this.#escaped = false;
        at += 1;
        continue;
      }
      if (quote < at) quote = indexOrEnd(bytes, QUOTE, at);
      const backslash = bytes.subarray(at, quote).indexOf(BACKSLASH);
      if (backslash !== -1) {
        this.#escaped = true;
        at += backslash + 1;
        continue;
      }
      at = quote;
      break;
    }
    const text = bytes.subarray(from, at);
    this.#keep(text);
    this.#note(text);
    if (at === bytes.length) return at;
    this.#keep(QUOTE_BYTES);
    this.#state = 'structure';
    if (this.#key === 'id') this.#openObjectIds.splice(-1, 1, this.#noted);
    return at + 1;
  }

  #note(text: Buffer): void {
    if (this.#noted === null) return;
    const length = this.#noted.length + text.length;
    this.#noted = length > MAX_NOTED_LENGTH ? null : this.#noted + text.toString('latin1');
  }

  *#readPicture(bytes: Buffer, from: number): Generator<PictureStep, number> {
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
    yield* this.#closePicture();
    return at + 1;
  }

  /** Takes one character behind a backslash; gives what the escape stands for once it is complete. */
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
      // Not an escape of JSON. A backslash is no base64 either, so the decoder will refuse it.
      return '\\';
    }
  }

  *#decode(text: string): Generator<PictureStep, void> {
    const base64 = this.#base64;
    if (base64 === null || base64.damaged) return;
    this.#pictureLength += text.length;
    yield* this.#handOn(base64, base64.push(text));
  }

  *#closePicture(): Generator<PictureStep, void> {
    const base64 = this.#base64;
    if (base64 !== null && !base64.damaged) yield* this.#handOn(base64, base64.end());
    this.#state = 'structure';
    if (base64 === null) this.#keep(Buffer.from('null'));
    else if (this.#pictureLength === 0) this.#keep(Buffer.from('""'));
    else {
      if (!base64.damaged) yield { kind: 'picture-whole', picture: this.#pictures };
      this.#keep(Buffer.from(`{"picture":${this.#pictures}}`));
      this.#pictures += 1;
    }
  }

  *#handOn(base64: Base64Decoder, bytes: Buffer): Generator<PictureStep, void> {
    if (base64.damaged) yield { kind: 'picture-damaged', picture: this.#pictures };
    else if (bytes.length > 0) yield { kind: 'picture-bytes', picture: this.#pictures, bytes };
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#skeletonBytes += bytes.length;
    if (this.#skeletonBytes > MAX_SKELETON_BYTES) throw new StreamFormatError('an event holds too much text');
    this.#skeleton.push(bytes);
  }
}

/** Which picture a value of the skeleton stands for, or null when it is none. */
export function pictureNumber(value: unknown): number | null {
  return asIndex(asObject(value)?.['picture']);
}

const QUOTE_BYTES = Buffer.from('"');

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found === -1 ? bytes.length : found;
}
