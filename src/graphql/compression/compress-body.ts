/**
 * Compresses a body that is known as a whole. The sizes differ by a few percent and the times by a factor of two
 * (docs/decisions/2026-11-28-compression.md).
 */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import { acceptedEncoding, type Encoding } from './accepted-encoding.ts';

/** Smaller bodies fit into one packet with their headers: compressing them costs time and saves none. */
export const MIN_COMPRESSED_BYTES = 1_024;

const OFFERED: readonly Encoding[] = ['zstd', 'br', 'gzip'];
const GZIP_LEVEL = 6;
/** Higher qualities take several times as long for a few percent. */
const BROTLI_QUALITY = 4;
const BROTLI_WINDOW_BITS = 18;

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);
const zstdAsync = promisify(zstdCompress);

/** @param header `Accept-Encoding` @returns null for what is sent as it is */
export function bodyEncoding(header: string | undefined, bytes: number): Encoding | null {
  return bytes < MIN_COMPRESSED_BYTES ? null : acceptedEncoding(header, OFFERED);
}

/** Compresses on another thread. */
export function compressBody(body: string | Uint8Array, encoding: Encoding): Promise<Buffer<ArrayBuffer>> {
  switch (encoding) {
    case 'gzip':
      return gzipAsync(body, { level: GZIP_LEVEL });
    case 'br':
      return brotliAsync(body, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
        },
      });
    case 'zstd':
      return zstdAsync(body);
  }
}
