/** The JSON text that is left of an event without its pictures: small enough for JSON.parse. */
import { asObject, type JsonObject } from '../../json-values.ts';
import { StreamFormatError } from '../format-error.ts';

/** A finished response repeats its prompt, its instructions and its texts, which have some hundred kilobytes at most. */
const MAX_BYTES = 2 * 1024 * 1024;

export class JsonSkeleton {
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  /** The text up to the last whole picture, and what closes it. */
  #whole: { readonly bytes: number; readonly closers: string } | null = null;

  /** @throws {StreamFormatError} when the text becomes too long. */
  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_BYTES) throw new StreamFormatError('an event holds too much text');
    this.#pieces.push(bytes);
  }

  /** Notes that a picture is whole. @param closers the brackets that close what is open there */
  markWhole(closers: string): void {
    this.#whole = { bytes: this.#bytes, closers };
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }

  /**
   * Null when the text is not a JSON object, or a list of one.
   * @throws {StreamFormatError} when the JSON is malformed or incomplete.
   */
  parse(): JsonObject | null {
    const text = this.text();
    if (!/^\s*(?:\{|\[\s*\{)/u.test(text)) return null;
    try {
      return objectIn(JSON.parse(text));
    } catch {
      // The parser's own message quotes the input, which may contain a user's prompt.
      throw new StreamFormatError('an event is not valid JSON');
    }
  }

  /** What came up to the last whole picture; null without one. */
  salvage(): JsonObject | null {
    if (this.#whole === null) return null;
    const { bytes, closers } = this.#whole;
    try {
      return objectIn(JSON.parse(Buffer.concat(this.#pieces, bytes).toString('utf8') + closers));
    } catch {
      // It was malformed before.
      return null;
    }
  }
}

/** Some services put their only document into a list. */
function objectIn(value: unknown): JsonObject | null {
  return asObject(Array.isArray(value) && value.length === 1 ? value[0] : value);
}
