/** The JSON text that is left of an event without its pictures: small enough for JSON.parse. */
import { asObject, type JsonObject } from '../../json-values.ts';
import { StreamFormatError } from '../format-error.ts';

/** A finished response repeats its prompt, its instructions and its texts, which have some hundred kilobytes at most. */
const MAX_BYTES = 2 * 1024 * 1024;

export class JsonSkeleton {
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  /** @throws {StreamFormatError} when the text becomes too long. */
  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_BYTES) throw new StreamFormatError('an event holds too much text');
    this.#pieces.push(bytes);
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }

  /**
   * Null when the text is not a JSON object.
   * @throws {StreamFormatError} when the JSON is malformed or incomplete.
   */
  parse(): JsonObject | null {
    const text = this.text();
    if (!text.trimStart().startsWith('{')) return null;
    try {
      return asObject(JSON.parse(text));
    } catch {
      // The parser's own message quotes the input, which may contain a user's prompt.
      throw new StreamFormatError('an event is not valid JSON');
    }
  }
}
