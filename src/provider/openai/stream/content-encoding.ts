/**
 * Unpacks an answer that is compressed although the request forbids it (RFC 9110, Content-Encoding): it may hold a picture
 * that was paid for. It is unpacked as it is read, so that the limits of whoever reads apply to the unpacked bytes.
 */
import * as zlib from 'node:zlib';
import { BufferedBody, type ByteReader, type Bytes } from './buffered-body.ts';
import { StreamFormatError } from './format-error.ts';

type Unpacker = zlib.Gunzip | zlib.Inflate | zlib.InflateRaw | zlib.BrotliDecompress | zlib.ZstdDecompress;

const CHUNK_BYTES = 64 * 1024;
/** Output is passed on as soon as there is any, and a missing last block is no error where all events have come. */
const FLUSH = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES };
const BROTLI_FLUSH = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
  chunkSize: CHUNK_BYTES,
};
const ZSTD_FLUSH = {
  flush: zlib.constants.ZSTD_e_flush,
  finishFlush: zlib.constants.ZSTD_e_flush,
  chunkSize: CHUNK_BYTES,
  // 8 MiB, the largest window that RFC 9659 allows over HTTP. Without a limit, the sender decides how much is allocated.
  params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 },
};

/** @returns null for bytes that are not compressed after all, whatever the header says */
type CreateUnpacker = (first: Bytes) => Unpacker | null;

const gzip: CreateUnpacker = (first) => (startsWith(first, [0x1f, 0x8b]) ? zlib.createGunzip(FLUSH) : null);
/** Some servers send the data without its zlib header. */
const deflate: CreateUnpacker = (first) => (hasZlibHeader(first) ? zlib.createInflate : zlib.createInflateRaw)(FLUSH);
const br: CreateUnpacker = () => zlib.createBrotliDecompress(BROTLI_FLUSH);
const zstd: CreateUnpacker = (first) =>
  startsWith(first, [0x28, 0xb5, 0x2f, 0xfd]) ? zlib.createZstdDecompress(ZSTD_FLUSH) : null;

const UNPACKERS: ReadonlyMap<string, CreateUnpacker> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', deflate],
  ['br', br],
  ['zstd', zstd],
]);
/** The length of the longest mark at the start of compressed data. */
const MAGIC_LENGTH = 4;
/** `none` is what several servers write in place of `identity`. */
const PLAIN: ReadonlySet<string> = new Set(['', 'identity', 'none']);
/** No proxy compresses twice; more could only be meant to exhaust memory. */
const MAX_LAYERS = 3;
const MAX_NAME_LENGTH = 32;

/** The unpacked body. The same reader where the header names no compression. */
export function unpacked(body: ByteReader, contentEncoding: string | null): ByteReader {
  if (contentEncoding === null) return body;
  const names = contentEncoding.split(',').map((name) => name.trim().toLowerCase());
  const layers = names.filter((name) => !PLAIN.has(name));
  if (layers.length > MAX_LAYERS) return refused(body, `it is compressed more than ${MAX_LAYERS} times`);
  // The header lists the encodings in the order in which they were applied.
  return layers.reduceRight((packed: ByteReader, name) => {
    const createUnpacker = UNPACKERS.get(name);
    return createUnpacker === undefined
      ? refused(packed, unknownEncoding(name))
      : new UnpackedBody(packed, createUnpacker);
  }, body);
}

function unknownEncoding(name: string): string {
  const shown = name.replace(/[^\x20-\x7e]/gu, '').slice(0, MAX_NAME_LENGTH);
  return `its content encoding “${shown}” is not supported`;
}

/** A body that cannot be read. Its status and headers still can. */
function refused(body: ByteReader, reason: string): ByteReader {
  const cancel = () => body.cancel();
  return {
    cancel,
    async read() {
      await cancel();
      throw new StreamFormatError(reason);
    },
  };
}

class UnpackedBody implements ByteReader {
  readonly #packed: ByteReader;
  readonly #createUnpacker: CreateUnpacker;
  readonly #output: BufferedBody;
  /** The first bytes, while there are too few to tell whether they are compressed. */
  #head: Bytes | null = new Uint8Array();
  #unpacker: Unpacker | null = null;
  #isStarted = false;
  /** Pending while the output is full. */
  #pause: PromiseWithResolvers<void> | null = null;

  constructor(packed: ByteReader, createUnpacker: CreateUnpacker) {
    this.#packed = packed;
    this.#createUnpacker = createUnpacker;
    this.#output = new BufferedBody({
      pause: () => {
        this.#pause = Promise.withResolvers();
        this.#unpacker?.pause();
      },
      resume: () => {
        this.#pause?.resolve();
        this.#unpacker?.resume();
      },
      abort: () => this.#stop(),
    });
  }

  /** Nothing is taken from the connection before the first call. */
  read() {
    if (!this.#isStarted) {
      this.#isStarted = true;
      void this.#run();
    }
    return this.#output.read();
  }

  cancel(): Promise<void> {
    return this.#output.cancel();
  }

  /** Never rejects. After damaged data it never resolves either: then the unpacker has ended the output. */
  async #run(): Promise<void> {
    let failure: unknown = null;
    try {
      for (let next = await this.#packed.read(); !next.done; next = await this.#packed.read()) {
        await this.#accept(next.value);
        await this.#pause?.promise;
      }
      if (this.#head !== null) await this.#open(this.#head);
    } catch (error) {
      failure = error;
    }
    const end = () => this.#output.end(failure);
    // What was unpacked before the end can still wait to be read.
    if (this.#unpacker === null) end();
    else this.#unpacker.removeAllListeners('end').once('end', end).end();
  }

  async #accept(chunk: Bytes): Promise<void> {
    if (this.#head === null) return this.#write(chunk);
    const head = Buffer.concat([this.#head, chunk]);
    this.#head = head;
    if (head.byteLength >= MAGIC_LENGTH) await this.#open(head);
  }

  #open(head: Bytes): Promise<void> {
    this.#head = null;
    this.#unpacker = this.#createUnpacker(head);
    this.#unpacker
      ?.on('data', (chunk: Bytes) => this.#output.push(chunk))
      // Data behind the end of what is compressed is dropped.
      .on('end', () => {
        this.#output.end();
        this.#stop();
      })
      .on('error', (error) => {
        this.#output.end(new TypeError('The compressed answer is damaged', { cause: error }));
        this.#stop();
      });
    return this.#write(head);
  }

  /** Resolves when all of the chunk is unpacked. */
  async #write(chunk: Bytes): Promise<void> {
    const unpacker = this.#unpacker;
    if (unpacker === null) this.#output.push(chunk);
    else await new Promise<void>((resolve) => void unpacker.write(chunk, () => resolve()));
  }

  #stop(): void {
    this.#pause?.resolve();
    this.#unpacker?.destroy();
    void this.#packed.cancel().catch(() => undefined);
  }
}

function startsWith(bytes: Bytes, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

/** RFC 1950: compression method 8, and the first two bytes are a multiple of 31. */
function hasZlibHeader([first = 0, second = 0]: Bytes): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}
