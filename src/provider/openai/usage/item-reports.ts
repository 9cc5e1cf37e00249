/** The usage that the parts of an answer report: image items of a response, or images of an Image API answer. */
import { asList, asObject, asText, type JsonObject } from '../json-values.ts';
import { pictureIn } from '../stream/pictures/picture-extractor.ts';
import type { ItemReports } from './reported-usage.ts';

/** @param items each with its own `usage` or `svg_usage`, or with neither */
export function reportsOf(items: readonly JsonObject[]): ItemReports {
  const named = (name: string) => items.map((item) => asObject(item[name])).filter((report) => report !== null);
  const images = items.filter((item) => pictureIn(item) !== null).length;
  return { usage: named('usage'), svgUsage: named('svg_usage'), images };
}

/** Collects the reports of the image items of one response, which a stream delivers one by one and once more at its end. */
export class ResponseItemReports {
  /** By place, because some services change the id of an item between its events. */
  readonly #streamed = new Map<number | string, JsonObject>();

  note(item: JsonObject, outputIndex: number | null): void {
    this.#streamed.set(outputIndex ?? asText(item['id']) ?? this.#streamed.size, item);
  }

  /** The end of the response can lack its items, or their reports. */
  at(response: JsonObject): ItemReports {
    const ended = reportsOf(imageItemsOf(response));
    const streamed = reportsOf([...this.#streamed.values()]);
    return {
      usage: longerOf(ended.usage, streamed.usage),
      svgUsage: longerOf(ended.svgUsage, streamed.svgUsage),
      images: Math.max(ended.images, streamed.images),
    };
  }
}

function imageItemsOf(response: JsonObject): readonly JsonObject[] {
  return asList(response['output'])
    .map(asObject)
    .filter((item) => item?.['type'] === 'image_generation_call')
    .filter((item) => item !== null);
}

function longerOf(ended: readonly JsonObject[], streamed: readonly JsonObject[]): readonly JsonObject[] {
  return streamed.length > ended.length ? streamed : ended;
}

/** The response with the usage that its event has in its place. */
export function withUsage(response: JsonObject, event: JsonObject): JsonObject {
  return {
    ...response,
    usage: response['usage'] ?? event['usage'],
    tool_usage: response['tool_usage'] ?? event['tool_usage'],
  };
}
