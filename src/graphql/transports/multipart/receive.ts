/**
 * Reads a multipart request up to its file, which is then read by whoever the operation gives it to. So the fields must
 * come before the file, and a request has one file: of two, each could wait for the other to be read.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { IncomingFile } from '../../../domain/images/incoming-file.ts';
import { notUtf8 } from '../../utf8.ts';
import { type FilePlace, type Operations, readMap, readOperations, refusal } from './fields.ts';

const EXPECTED_ORDER = 'By the GraphQL multipart request specification it has "operations", then "map", then one file.';

export interface MultipartOptions {
  /** How many bytes may come before the file: `operations`, `map` and what separates them. */
  readonly maxFieldBytes: number;
}

/**
 * Resolves with the operation when its file begins to arrive.
 * @throws {GraphQLError} with an HTTP status, and a message that says what is expected
 */
export function receiveMultipart(request: IncomingMessage, options: MultipartOptions): Promise<GraphQLParams> {
  return new Promise((resolve, reject) => new Receiver(request, options, { resolve, reject }).start());
}

const REPLACEMENT = '\uFFFD';
const REPLACEMENT_AS_LATIN1 = Buffer.from(REPLACEMENT).toString('latin1');

type Parser = InstanceType<typeof Busboy>;

interface Outcome {
  resolve(operations: Operations): void;
  reject(error: unknown): void;
}

class Receiver {
  readonly #request: IncomingMessage;
  readonly #maxFieldBytes: number;
  readonly #outcome: Outcome;
  readonly #parser: Parser;
  #bytesBefore = 0;
  /** What came before the file. */
  #before: Buffer[] = [];
  #operations: Operations | undefined;
  #place: FilePlace | undefined;
  #file: Readable | undefined;

  constructor(request: IncomingMessage, { maxFieldBytes }: MultipartOptions, outcome: Outcome) {
    this.#request = request;
    this.#maxFieldBytes = maxFieldBytes;
    this.#outcome = outcome;
    this.#parser = createParser(request, maxFieldBytes);
  }

  start(): void {
    this.#parser
      .on('field', (name, value, _, isTruncated) => this.#refusing(() => this.#onField(name, value, isTruncated)))
      .on('file', (name, stream) => this.#refusing(() => this.#onFile(name, stream)))
      .on('finish', () => this.#onEnd())
      .on('error', (error) => this.#stop(malformed(error)));
    this.#request.on('data', this.#count).on('close', this.#onClose);
    this.#request.pipe(this.#parser);
  }

  #onField(name: string, value: string, isTruncated: boolean): void {
    if (isTruncated) throw refusal(413, `The field ${JSON.stringify(name)} is too long.`);
    if (this.#wasReplaced(value)) throw notUtf8(`The field ${JSON.stringify(name)}`);
    if (name === 'operations') {
      if (this.#operations !== undefined) throw refusal(400, `"operations" came twice. ${EXPECTED_ORDER}`);
      this.#operations = readOperations(value);
    } else if (name === 'map') {
      if (this.#operations === undefined) throw refusal(400, `"map" came first. ${EXPECTED_ORDER}`);
      this.#place = readMap(value, this.#operations);
    }
  }

  #onFile(name: string, stream: Readable): void {
    const operations = this.#operations;
    const place = this.#place;
    if (operations === undefined || place === undefined) throw refusal(400, `A file came first. ${EXPECTED_ORDER}`);
    if (name !== place.fieldName) {
      const names = [name, place.fieldName].map((each) => JSON.stringify(each));
      throw refusal(400, `The file is named ${names[0]}, in "map" ${names[1]}.`);
    }
    // The file may fail before anybody reads it. An error event without a listener would end the process.
    this.#file = stream.on('error', () => undefined);
    place.put(new IncomingFile(bytesOf(stream), announcedBytes(this.#request, this.#bytesBefore)));
    this.#before = [];
    this.#outcome.resolve(operations);
  }

  #onEnd(): void {
    if (this.#file === undefined) this.#stop(refusal(400, `The request has no file. ${EXPECTED_ORDER}`));
  }

  /** Whether the parser has put U+FFFD in place of bytes that are not UTF-8. A client may also have sent that character. */
  #wasReplaced(value: string): boolean {
    if (!value.includes(REPLACEMENT)) return false;
    const sent = Buffer.concat(this.#before).toString('latin1').split(REPLACEMENT_AS_LATIN1).length;
    return value.split(REPLACEMENT).length > sent;
  }

  readonly #count = (chunk: Buffer): void => {
    this.#bytesBefore += chunk.byteLength;
    if (this.#file === undefined) this.#before.push(chunk);
    if (this.#bytesBefore <= this.#maxFieldBytes || this.#file !== undefined) return;
    this.#stop(refusal(413, `More than ${this.#maxFieldBytes} bytes came before the file.`));
  };

  readonly #onClose = (): void => {
    if (!this.#request.complete) this.#stop(refusal(400, 'The request broke off.'));
  };

  /** Ends the reading. The error is the answer to the request, or reaches the reader of the file. */
  #stop(error: GraphQLError): void {
    this.#request.unpipe(this.#parser);
    this.#request.off('data', this.#count).off('close', this.#onClose);
    this.#outcome.reject(error);
    // The parser reports further errors in the next ticks, which change nothing.
    this.#parser.removeAllListeners().on('error', () => undefined);
    this.#file?.destroy(error);
  }

  /** Listeners refuse by throwing, which must not happen inside the parser. */
  #refusing(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      this.#stop(error);
    }
  }
}

/** The bytes of a file. Its errors are ours: the parser may report the same failure first, in other words. */
async function* bytesOf(stream: Readable): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* stream;
  } catch (error) {
    throw stream.errored ?? malformed(error);
  }
}

function createParser({ headers }: IncomingMessage, maxFieldBytes: number): Parser {
  try {
    const limits = { fieldSize: maxFieldBytes, fields: 10, files: 1, headerPairs: 20, headerSize: 16 * 1024 };
    return new Busboy({ headers: { 'content-type': headers['content-type'] ?? '' }, limits });
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(error: unknown): GraphQLError {
  return refusal(400, `The multipart body cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
}

/** How many bytes are still to come by the request's length; null when the client does not tell it. */
function announcedBytes({ headers }: IncomingMessage, already: number): number | null {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return Number.isNaN(length) ? null : Math.max(0, length - already);
}
