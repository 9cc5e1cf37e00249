/**
 * Splits what came as one event, or as one document, into its JSON values. There is one, unless a service leaves out the
 * blank lines between its events, writes an event on each line of a document, or appends something to its answer. Of a value
 * that is cut off, what came up to its last whole picture counts: that picture was paid for.
 */
import type { JsonObject } from '../json-values.ts';
import { StreamFormatError } from './format-error.ts';
import { PictureExtractor, type PictureLocation, type PictureStep } from './pictures/picture-extractor.ts';

export type ValueStep =
  | PictureStep
  /** The value with `{"picture": n}` in place of its n-th picture. `isCut`: it ends behind its last whole picture. */
  | { readonly kind: 'value'; readonly data: JsonObject; readonly isCut: boolean };

export class ValueSplitter {
  readonly #shouldDecode: (location: PictureLocation) => boolean;
  #json: PictureExtractor;

  constructor(shouldDecode: (location: PictureLocation) => boolean) {
    this.#shouldDecode = shouldDecode;
    this.#json = new PictureExtractor(shouldDecode);
  }

  /** Yields a value when the next one begins. */
  *push(bytes: Buffer): Generator<ValueStep, void> {
    let at = yield* this.#json.push(bytes, 0);
    while (at < bytes.length) {
      yield* this.end();
      at = yield* this.#json.push(bytes, at);
    }
  }

  /**
   * Yields the last value. Returns the text of what is no object, such as `[DONE]`; empty for a value.
   * @throws {StreamFormatError} when its JSON is malformed or incomplete, and has no whole picture.
   */
  *end(): Generator<ValueStep, string> {
    const json = this.#json;
    this.#json = new PictureExtractor(this.#shouldDecode);
    try {
      const data = json.finish();
      if (data === null) return json.text.trim();
      yield { kind: 'value', data, isCut: false };
    } catch (error) {
      const data = error instanceof StreamFormatError ? json.salvage() : null;
      if (data === null) throw error;
      yield { kind: 'value', data, isCut: true };
    }
    return '';
  }
}
