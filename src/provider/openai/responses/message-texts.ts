/** What the mainline model says in words, beside a picture or instead of one: its texts, and what it refuses with. */
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';

/** Longer than anything a model says instead of a picture; what is behind it is cut off. UTF-16 units. */
const MAX_LENGTH = 32_000;

export class MessageTexts {
  /** By message, each of which comes again with the whole output at the end. */
  readonly #texts = new Map<unknown, string>();

  note(message: JsonObject, outputIndex: number | null): void {
    const text = asList(message['content'])
      .map((part) => asText(asObject(part)?.['text']) ?? asText(asObject(part)?.['refusal']))
      .filter((part) => part !== null)
      .join('\n');
    if (text.trim() !== '') this.#texts.set(asText(message['id']) ?? outputIndex, text);
  }

  /** All of it so far; null when that is nothing. */
  get whole(): string | null {
    if (this.#texts.size === 0) return null;
    // Half of a character at the end would be none.
    return [...this.#texts.values()]
      .join('\n')
      .slice(0, MAX_LENGTH)
      .replace(/[\uD800-\uDBFF]$/, '');
  }
}
