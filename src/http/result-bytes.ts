/**
 * Results of subscriptions as the JSON that is sent, written once for all who get them. A picture as a data URI is
 * megabytes, which JSON.stringify looks through character by character for what has to be escaped, and copies twice; a
 * text that is proven to be base64 has nothing to escape, and is put in its place as it is (docs/decisions).
 */
import { randomUUID } from 'node:crypto';
import type { ExecutionResult } from 'graphql';

/** Shorter ones are not worth the detour. */
const LONG = 64 * 1024;
/** Media types have no other characters, and none of these has to be escaped. */
const DATA_URI = /^data:[a-z0-9.+/-]{1,64};base64,/iu;
const PADDING = /={0,2}$/u;
/** Stands where a long text belongs; nobody can know it who could write it into a prompt. */
const PLACE = randomUUID();

const written = new WeakMap<ExecutionResult, Buffer>();
/** What texts are decoded into to prove them. */
let room = Buffer.alloc(0);

export function bytesOf(result: ExecutionResult): Buffer {
  const known = written.get(result);
  if (known !== undefined) return known;
  const bytes = jsonBytes(result);
  written.set(result, bytes);
  return bytes;
}

/** The same bytes as those of JSON.stringify. */
export function jsonBytes(value: unknown): Buffer {
  const texts: string[] = [];
  const json = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'string' || part.length < LONG || !isPlainDataUri(part)) return part;
    texts.push(part);
    return PLACE;
  });
  if (texts.length === 0) return Buffer.from(json);
  // The quotes around each place stay in the parts.
  const parts = json.split(PLACE).map((part) => Buffer.from(part));
  const bytes = Buffer.allocUnsafeSlow([...parts, ...texts].reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const [index, part] of parts.entries()) {
    at += part.copy(bytes, at);
    at += bytes.write(texts[index] ?? '', at, 'latin1');
  }
  return bytes;
}

/**
 * Whether the text is a data URI of base64 and nothing else. Node decodes base64 many times faster than JavaScript looks
 * at characters, and leaves out what is none: so it is base64 if all of it came out.
 */
function isPlainDataUri(text: string): boolean {
  const [head] = DATA_URI.exec(text.slice(0, 128)) ?? [];
  if (head === undefined) return false;
  const base64 = text.slice(head.length);
  const [padding = ''] = PADDING.exec(base64.slice(-2)) ?? [];
  const characters = base64.length - padding.length;
  const most = Math.ceil((base64.length * 3) / 4);
  if (room.length < most) room = Buffer.allocUnsafeSlow(most);
  return room.write(base64, 'base64') === Math.floor((characters * 3) / 4) && characters % 4 !== 1;
}
