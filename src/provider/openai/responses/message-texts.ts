/** Collects what the mainline model says besides an image or in place of one: its texts and its refusals. */
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';

/** In UTF-16 units. Longer than anything that a model says in place of an image; the rest is cut off. */
const MAX_LENGTH = 32_000;

export class MessageTexts {
  /** By message, because the response repeats every message at its end. */
  readonly #texts = new Map<unknown, string>();

  add(message: JsonObject, outputIndex: number | null): void {
    const text = asList(message['content'])
      .map((part) => asText(asObject(part)?.['text']) ?? asText(asObject(part)?.['refusal']))
      .filter((part) => part !== null)
      .join('\n');
    if (text.trim() !== '') this.#texts.set(asText(message['id']) ?? outputIndex, text);
  }

  /** All texts so far; null when there are none. */
  get text(): string | null {
    if (this.#texts.size === 0) return null;
    // The cut may leave the first half of a surrogate pair at the end.
    return [...this.#texts.values()]
      .join('\n')
      .slice(0, MAX_LENGTH)
      .replace(/[\uD800-\uDBFF]$/, '');
  }
}
