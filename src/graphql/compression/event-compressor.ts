/**
 * Compresses a stream of events so that each event can be read when it arrives: after each one, everything that the
 * compressor has kept is written. One subscriber costs a window of 8 kB and its tables, about 0.1 MB.
 */
import { type BrotliCompress, constants, createBrotliCompress, createGzip, type Gzip } from 'node:zlib';
import { acceptedEncoding, type Encoding } from './accepted-encoding.ts';

/** gzip first: with brotli, the tables of one subscriber are three times as large, and events no shorter. */
const OFFERED = ['gzip', 'br'] as const;
const GZIP = { level: 4, windowBits: 13, memLevel: 6 };
const NOTHING = Buffer.alloc(0);
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 14 } };

export interface EventCompressor {
  readonly encoding: Encoding;
  /** The bytes that make `chunk` readable. Calls are answered in their order. */
  compress(chunk: Buffer): Promise<Buffer>;
  /** The last bytes of the stream. */
  end(): Promise<Buffer>;
  /** Frees its memory. What is being compressed is lost. May be called again. */
  close(): void;
}

/** @param header `Accept-Encoding` @returns null when the client accepts no encoding that we have */
export function createEventCompressor(header: string | undefined): EventCompressor | null {
  const encoding = acceptedEncoding(header, OFFERED);
  if (encoding === null) return null;
  const stream = encoding === 'gzip' ? createGzip(GZIP) : createBrotliCompress(BROTLI);
  const flag = encoding === 'gzip' ? constants.Z_SYNC_FLUSH : constants.BROTLI_OPERATION_FLUSH;
  return new FlushedCompressor(encoding, stream, flag);
}

class FlushedCompressor implements EventCompressor {
  readonly encoding: Encoding;
  readonly #stream: Gzip | BrotliCompress;
  readonly #flag: number;
  #written: Buffer[] = [];
  #last: Promise<unknown> = Promise.resolve();
  /** Settles what is being compressed. */
  #giveUp: () => void = () => {};

  constructor(encoding: Encoding, stream: Gzip | BrotliCompress, flag: number) {
    this.encoding = encoding;
    this.#stream = stream;
    this.#flag = flag;
    stream.on('data', (bytes: Buffer) => this.#written.push(bytes));
  }

  compress(chunk: Buffer): Promise<Buffer> {
    return this.#inTurn((done) => {
      this.#stream.write(chunk);
      this.#stream.flush(this.#flag, done);
    });
  }

  end(): Promise<Buffer> {
    return this.#inTurn((done) => this.#stream.once('end', done).end());
  }

  close(): void {
    this.#stream.close();
    this.#giveUp();
  }

  #inTurn(work: (done: () => void) => void): Promise<Buffer> {
    const result = this.#last.then(async () => {
      if (this.#stream.destroyed) return NOTHING;
      await new Promise<void>((resolve, reject) => {
        this.#giveUp = resolve;
        this.#stream.once('error', reject);
        work(() => {
          this.#stream.off('error', reject);
          resolve();
        });
      });
      return this.#take();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  #take(): Buffer {
    const written = Buffer.concat(this.#written);
    this.#written = [];
    return written;
  }
}
