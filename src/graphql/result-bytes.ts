/**
 * Results of subscriptions as the JSON that is sent, written once for all who get them. A picture as a data URI would be
 * megabytes of text, made, looked through character by character for what has to be escaped, and written as bytes again.
 * So it is made as bytes at once, and until the result is written, a mark stands for it (docs/decisions).
 */
import { randomUUID } from 'node:crypto';
import type { ExecutionResult } from 'graphql';
import { base64Length, dataUriOf, writeBase64 } from '../domain/data-uri.ts';
import { borrowBuffer, returnBuffer } from '../lib/buffer-pool.ts';

/** Shorter ones are not worth the detour. */
const LONG_BYTES = 48 * 1024;
/** Begins the marks; nobody can know it who could write it into a prompt. */
const SECRET = randomUUID();
const MARK = new RegExp(`${SECRET}\\+(\\d+)\\+`, 'u');

/** By the data of their results: of a result, masking its errors makes another one. */
const ofData = new WeakMap<object, LongDataUris>();
const written = new WeakMap<ExecutionResult, readonly Buffer[]>();

/**
 * The long data URIs of one result. Their memory is used again when all who hold them have let go; where somebody never does,
 * as who leaves in the middle, it is left to the collector.
 */
export class LongDataUris {
  /** Their base64, each at the beginning of its buffer. */
  readonly #texts: { readonly buffer: Buffer; readonly text: Buffer }[] = [];
  #holders = 0;

  /** To be used in the place of the domain's. What it returns is whole when the result that it is in is written. */
  readonly dataUriOf: typeof dataUriOf = (mediaType, bytes) => {
    if (bytes.length < LONG_BYTES) return dataUriOf(mediaType, bytes);
    const length = base64Length(bytes.length);
    const buffer = borrowBuffer(length);
    writeBase64(bytes, buffer);
    const number = this.#texts.push({ buffer, text: buffer.subarray(0, length) }) - 1;
    return `data:${mediaType};base64,${SECRET}+${number}+`;
  };

  /** Says what they are in; to be said before it is written. */
  belongTo({ data }: ExecutionResult): void {
    if (data != null && this.#texts.length > 0) ofData.set(data, this);
  }

  /** To be called for each who will be handed the result, before it is there. */
  hold(): void {
    this.#holders += 1;
  }

  letGo(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    for (const { buffer } of this.#texts.splice(0)) returnBuffer(buffer);
  }

  /** The JSON with the texts in the places of their marks. */
  putInto(json: string): readonly Buffer[] {
    // Between the parts that are JSON, the numbers of the marks.
    return json.split(MARK).map((part, index) => (index % 2 === 0 ? Buffer.from(part) : this.#textOf(part)));
  }

  #textOf(number: string): Buffer {
    const text = this.#texts[Number(number)]?.text;
    if (text === undefined) throw new Error(`the data URI ${number} is there no longer`);
    return text;
  }
}

/** Nobody looks at the bytes of this result any more, of those that it was handed to: to be said once by each. */
export function letGo({ data }: ExecutionResult): void {
  if (data != null) ofData.get(data)?.letGo();
}

/** The bytes of JSON.stringify, in parts. To be let go of when they were sent. */
export function bytesOf(result: ExecutionResult): readonly Buffer[] {
  const known = written.get(result);
  if (known !== undefined) return known;
  const json = JSON.stringify(result);
  const uris = result.data == null ? undefined : ofData.get(result.data);
  const bytes = uris === undefined ? [Buffer.from(json)] : uris.putInto(json);
  written.set(result, bytes);
  return bytes;
}
