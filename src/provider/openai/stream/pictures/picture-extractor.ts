/**
 * Reads one JSON value as its bytes arrive and extracts the pictures: the base64 strings under the keys below are
 * decoded at once and never become a JavaScript string of their full length. The rest is a skeleton of ordinary size
 * for JSON.parse, with `{"picture": n}` in place of the n-th picture.
 * Why: docs/decisions/2026-11-23-decoding-the-upstream-stream.md.
 */
import { asIndex, asObject, asText, type JsonObject } from '../../json-values.ts';
import { StreamFormatError } from '../format-error.ts';
import { JsonPosition } from './json-position.ts';
import { JsonSkeleton } from './json-skeleton.ts';
import { indexOrEnd, type PictureStep, PictureString } from './picture-string.ts';

export type { PictureStep };

/** Where in the JSON a picture begins. */
export interface PictureLocation {
  readonly key: string;
  /** The `id` of the object that holds the picture, if it came before the picture. */
  readonly objectId: string | null;
}

const PICTURE_KEYS: ReadonlySet<string> = new Set(['partial_image_b64', 'result', 'b64_json']);
/** The key of a link, which is a picture where it is a data URL. */
const LINK_KEY = 'url';
const DATA_SCHEME = Buffer.from('data:');
const MAX_PICTURES = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The bit that makes a letter lower case. A colon has it already. */
const LOWER_CASE = 0x20;
const QUOTE_BYTES = Buffer.from('"');

export class PictureExtractor {
  readonly #shouldDecode: (location: PictureLocation) => boolean;
  readonly #skeleton = new JsonSkeleton();
  readonly #position = new JsonPosition();
  #state: 'structure' | 'string' | 'link' = 'structure';
  /** How many characters of a link are those of a data URL so far. */
  #dataLength = 0;
  #isEscaped = false;
  #pictures = 0;
  #picture: PictureString | null = null;

  /** @param shouldDecode whether to decode a picture; a skipped one is null in the skeleton. */
  constructor(shouldDecode: (location: PictureLocation) => boolean) {
    this.#shouldDecode = shouldDecode;
  }

  /** Returns the index at which another value begins, or the length of `bytes`. */
  *push(bytes: Buffer, from: number): Generator<PictureStep, number> {
    let at = from;
    while (at < bytes.length) {
      if (this.#position.isAtEnd) {
        if (!isBlank(bytes[at])) return at;
        at += 1;
      } else if (this.#picture !== null) {
        at = yield* this.#picture.push(bytes, at);
        if (this.#picture.isClosed) this.#closePicture(this.#picture);
      } else if (this.#state === 'structure') at = this.#readStructure(bytes, at);
      else if (this.#state === 'link') at = yield* this.#readLink(bytes, at);
      else at = this.#readString(bytes, at);
    }
    return at;
  }

  /** The text without its pictures. */
  get text(): string {
    return this.#skeleton.text();
  }

  /**
   * The parsed skeleton; null when the text is neither a JSON object nor a list of one, such as `[DONE]`.
   * @throws {StreamFormatError} when the JSON is malformed or incomplete.
   */
  finish(): JsonObject | null {
    return this.#skeleton.parse();
  }

  /** The skeleton up to the last whole picture, for a text that is malformed or incomplete; null without such a picture. */
  salvage(): JsonObject | null {
    return this.#skeleton.salvage();
  }

  #readStructure(bytes: Buffer, from: number): number {
    const end = this.#position.scanStructure(bytes, from);
    this.#skeleton.add(bytes.subarray(from, end));
    if (end === bytes.length || this.#position.isAtEnd) return end;
    this.#openString();
    return end + 1;
  }

  #openString(): void {
    const { key } = this.#position;
    if (key !== null && PICTURE_KEYS.has(key)) {
      this.#openPicture(key);
      return;
    }
    this.#dataLength = 0;
    this.#state = key === LINK_KEY ? 'link' : 'string';
    if (this.#state === 'string') this.#beginString();
  }

  #beginString(): void {
    this.#state = 'string';
    this.#position.beginString();
    this.#skeleton.add(QUOTE_BYTES);
  }

  #openPicture(key: string): void {
    const { objectId } = this.#position;
    if (this.#pictures === MAX_PICTURES) throw new StreamFormatError('an event holds too many pictures');
    this.#picture = new PictureString(this.#pictures, this.#shouldDecode({ key, objectId }));
  }

  /** Reads the first characters of a link, until it is a picture or an ordinary string. */
  *#readLink(bytes: Buffer, from: number): Generator<PictureStep, number> {
    for (let at = from; at < bytes.length; at += 1) {
      const isData = ((bytes[at] ?? 0) | LOWER_CASE) === DATA_SCHEME[this.#dataLength];
      if (!isData) {
        this.#beginString();
        this.#skeleton.add(DATA_SCHEME.subarray(0, this.#dataLength));
        return at;
      }
      this.#dataLength += 1;
      if (this.#dataLength === DATA_SCHEME.length) {
        this.#openPicture(LINK_KEY);
        this.#state = 'structure';
        if (this.#picture !== null) yield* this.#picture.push(DATA_SCHEME, 0);
        return at + 1;
      }
    }
    return bytes.length;
  }

  #readString(bytes: Buffer, from: number): number {
    const end = this.#endOfString(bytes, from);
    const text = bytes.subarray(from, end);
    this.#skeleton.add(text);
    this.#position.addToString(text);
    if (end === bytes.length) return end;
    this.#skeleton.add(QUOTE_BYTES);
    this.#position.endString();
    this.#state = 'structure';
    return end + 1;
  }

  /** The index of the closing quote, or the length of `bytes`. */
  #endOfString(bytes: Buffer, from: number): number {
    let at = from;
    let quote = -1;
    while (at < bytes.length) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        at += 1;
        continue;
      }
      if (quote < at) quote = indexOrEnd(bytes, QUOTE, at);
      const backslash = bytes.subarray(at, quote).indexOf(BACKSLASH);
      if (backslash === -1) return quote;
      this.#isEscaped = true;
      at += backslash + 1;
    }
    return at;
  }

  #closePicture(picture: PictureString): void {
    this.#skeleton.add(Buffer.from(picture.placeholder));
    if (picture.isPicture) {
      this.#pictures += 1;
      this.#skeleton.markWhole(this.#position.closers);
    }
    this.#picture = null;
    this.#state = 'structure';
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte !== undefined && byte <= 0x20;
}

/** The number of the picture that an image item, or an entry of a document, holds; null when it holds none. */
export function pictureIn(holder: JsonObject): number | null {
  const values = [holder['result'], holder['b64_json'], holder[LINK_KEY]];
  return values.map(pictureNumber).find((picture) => picture !== null) ?? null;
}

/** Whether an image item, or an entry of a document, has a link in the place of a picture. */
export function hasLink(holder: JsonObject): boolean {
  return asText(holder[LINK_KEY]) !== null || asText(holder['image_url']) !== null;
}

/** The number of the picture that a value of the skeleton stands for; null when it is not a picture. */
export function pictureNumber(value: unknown): number | null {
  return asIndex(asObject(value)?.['picture']);
}
