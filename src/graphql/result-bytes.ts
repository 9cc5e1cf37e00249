/**
 * Results of subscriptions as the JSON that is sent. An image as a data URI is megabytes of base64. As a string it would
 * be made, searched for characters to escape and encoded as UTF-8, for every subscriber. Instead the base64 is written as
 * bytes once, and a short mark stands for it in the result until the result is serialised
 * (docs/decisions/2026-11-26-data-uris-as-bytes.md).
 *
 * A mark is found by its own text, wherever plugins have put it in the meantime, and its number is used once. A mark
 * whose bytes are gone is an error: no client is ever sent a mark, or the bytes of another image.
 */
import { randomUUID } from 'node:crypto';
import type { ExecutionResult } from 'graphql';
import { base64Length, dataUriOf, writeBase64 } from '../domain/images/data-uri.ts';
import { borrowBuffer, returnBuffer } from '../lib/buffer-pool.ts';

/** Images with fewer bytes are written as strings: the detour would cost more than it saves. */
const MIN_BYTES = 48 * 1024;
/** Begins every mark. It is secret, so that no prompt can contain a mark. */
const SECRET = randomUUID();
const MARK = new RegExp(`${SECRET}\\+(\\d+)\\+`, 'u');

interface MarkedText {
  /** Whose memory the text is in. */
  readonly owner: HeldDataUris;
  readonly base64: Buffer;
}

/** What stands for what, for as long as anybody holds it. */
const marked = new Map<number, MarkedText>();
let lastMark = 0;

/**
 * The long data URIs of one result. Everybody who will read the result holds them, and releases them once. Their memory
 * is used again after the last release, unless some of it may still be on its way to a connection.
 */
export class HeldDataUris {
  readonly #marks: number[] = [];
  /** Of the pool; each begins with the base64 of one image. */
  readonly #buffers: Buffer[] = [];
  #holders = 0;
  #mayReuse = true;

  /** Takes the place of the domain's `dataUriOf`. The image's bytes are copied: they may change afterwards. */
  readonly dataUriOf: typeof dataUriOf = (mediaType, bytes) => {
    if (bytes.length < MIN_BYTES) return dataUriOf(mediaType, bytes);
    const length = base64Length(bytes.length);
    const buffer = borrowBuffer(length);
    writeBase64(bytes, buffer);
    lastMark += 1;
    this.#buffers.push(buffer);
    this.#marks.push(lastMark);
    marked.set(lastMark, { owner: this, base64: buffer.subarray(0, length) });
    return `data:${mediaType};base64,${SECRET}+${lastMark}+`;
  };

  get isHeld(): boolean {
    return this.#holders > 0;
  }

  hold(): void {
    this.#holders += 1;
  }

  /** @param mayReuse false when the bytes may still be read, by a connection that broke off */
  release(mayReuse = true): void {
    this.#holders -= 1;
    this.#mayReuse &&= mayReuse;
    if (this.#holders > 0) return;
    for (const mark of this.#marks.splice(0)) marked.delete(mark);
    for (const buffer of this.#buffers.splice(0)) if (this.#mayReuse) returnBuffer(buffer);
  }
}

/** A result as the bytes of its JSON. They may be sent until `release` is called, which must be once. */
export interface ResultBytes {
  readonly parts: readonly Buffer[];
  /** @param mayReuse false when a connection that broke off may still read the bytes */
  release(mayReuse: boolean): void;
}

interface Serialised {
  readonly parts: readonly Buffer[];
  readonly owners: ReadonlySet<HeldDataUris>;
}

/** Subscribers who get the same result share its bytes. */
const serialised = new WeakMap<ExecutionResult, Serialised>();

/**
 * The bytes of `JSON.stringify(result)`, with the images in the places of their marks.
 * @throws {Error} when the bytes behind a mark are gone: a plugin kept the result until after the next event was asked for
 */
export function bytesOf(result: ExecutionResult): ResultBytes {
  const { parts, owners } = serialised.get(result) ?? serialise(result);
  for (const owner of owners) if (!owner.isHeld) throw lostBytes();
  for (const owner of owners) owner.hold();
  return {
    parts,
    release(mayReuse) {
      for (const owner of owners) owner.release(mayReuse);
    },
  };
}

function serialise(result: ExecutionResult): Serialised {
  const json = JSON.stringify(result);
  const owners = new Set<HeldDataUris>();
  const parts = json.includes(SECRET) ? fillIn(json, owners) : [Buffer.from(json)];
  const made = { parts, owners };
  serialised.set(result, made);
  return made;
}

function fillIn(json: string, owners: Set<HeldDataUris>): readonly Buffer[] {
  // At odd places are the numbers of the marks, which the expression captures.
  return json.split(MARK).map((part, index) => {
    if (index % 2 === 0) {
      if (part.includes(SECRET)) throw lostBytes();
      return Buffer.from(part);
    }
    const text = marked.get(Number(part));
    if (text === undefined) throw lostBytes();
    owners.add(text.owner);
    return text.base64;
  });
}

function lostBytes(): Error {
  return new Error('the bytes of an image are gone: its event was serialised after the next one was asked for');
}
