/** Reads answers that hold no picture: errors, and what is said about a file. They are small, or not worth reading. */
import type { Scrub } from '../../lib/scrubber.ts';
import { cleanObject, cleanText } from './clean-json.ts';
import { readErrorBody } from './errors/error-body.ts';
import { asObject, type JsonObject } from './json-values.ts';
import { byteReaderOf } from './stream/direct-fetch.ts';

/** What is read of an answer at most, unpacked. The longest known errors have a few kilobytes. */
const MAX_BYTES = 256 * 1024;
/** How long the body of an error may take. Its status says most of what there is to know. */
const TIMEOUT_MS = 10_000;
const MAX_HEADER_LENGTH = 512;
/** The headers of an error that are used. The others may hold cookies, or addresses of the upstream's own machines. */
const USED_HEADERS: ReadonlySet<string> = new Set(['retry-after', 'retry-after-ms', 'x-request-id', 'x-should-retry']);
/** What retry-after.ts reads. */
const RATE_HEADER = /^(?:x-)?ratelimit-(?:reset|remaining)(?:-[a-z-]{1,32})?$/u;
/** A line of data in server-sent events. */
const EVENT_DATA = /^data:(.*)$/mu;
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** The JSON object of an answer. Null when it is something else, or too long. Rejects when it breaks off. */
export async function readObject(response: Response, scrub: Scrub): Promise<JsonObject | null> {
  const text = await readText(response, null);
  const object = objectIn(text);
  return object === null ? null : cleanObject(object, scrub);
}

/**
 * A short copy of an error without secrets, for the SDK, which would read all of it. Never rejects: an error that breaks off
 * is still an error.
 */
export async function copyError(response: Response, scrub: Scrub): Promise<Response> {
  const { status, statusText } = response;
  const text = await readText(response, TIMEOUT_MS);
  // Clean before it is read, while each text is whole, and again, because what is put together may be long.
  const error = cleanObject(
    readErrorBody(cleanObject({ error: jsonIn(text) ?? jsonIn(eventData(text)) ?? text }, scrub)),
    scrub,
  );
  const body = JSON.stringify({ error });
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const [name, value] of response.headers) {
    if (USED_HEADERS.has(name) || RATE_HEADER.test(name)) headers.set(name, cleanHeader(value, scrub));
  }
  const init = { status, statusText: cleanHeader(statusText, scrub), headers };
  return new Response(BODILESS.has(status) ? null : body, init);
}

/** The value of a header: Latin-1 on one line. */
export function cleanHeader(value: string, scrub: Scrub): string {
  return cleanText(value, scrub, MAX_HEADER_LENGTH).replace(/[^\x20-\x7e]/gu, '');
}

/** The object that a text is, or that the data of the first event is in a text of server-sent events. */
function objectIn(text: string): JsonObject | null {
  return asObject(jsonIn(text) ?? jsonIn(eventData(text)));
}

/** The data of the first event in a text of server-sent events; empty when there is none. */
function eventData(text: string): string {
  return EVENT_DATA.exec(text)?.[1] ?? '';
}

/** Undefined when the text is not JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param timeoutMs after which, or after a failure, what has come is used; null rejects with the failure */
async function readText(response: Response, timeoutMs: number | null): Promise<string> {
  const reader = byteReaderOf(response);
  if (reader === null) return '';
  const chunks: Uint8Array[] = [];
  let byteSize = 0;
  const stop = () => void reader.cancel().catch(() => undefined);
  const timer = timeoutMs === null ? undefined : setTimeout(stop, timeoutMs);
  try {
    while (byteSize < MAX_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      // A copy: a chunk may be reused, and one that was unpacked may be long.
      const chunk = Uint8Array.from(value.subarray(0, MAX_BYTES - byteSize));
      chunks.push(chunk);
      byteSize += chunk.byteLength;
    }
  } catch (error) {
    if (timeoutMs === null) throw error;
  } finally {
    clearTimeout(timer);
    stop();
  }
  // The decoder of the web, because it drops a byte order mark.
  return new TextDecoder().decode(Buffer.concat(chunks));
}
