/** The bytes of a blob that were handed in and are not written yet, copied into buffers of the pool. */
import type { FileHandle } from 'node:fs/promises';
import { borrowBuffer, returnBuffer, SMALLEST_BUFFER_BYTES as SLAB_BYTES } from '../../../lib/buffer-pool.ts';

/** A buffer that fills up; `written` of its first `filled` bytes are in the file. */
interface Slab {
  readonly buffer: Buffer;
  filled: number;
  written: number;
}

export type OnWritten = (buffer: Buffer, byteLength: number) => void;

export class PendingBytes {
  /** All are full but the last. */
  readonly #slabs: Slab[] = [];
  readonly #onWritten: OnWritten;
  #byteLength = 0;

  /** @param onWritten takes over each buffer once all of it is written */
  constructor(onWritten: OnWritten) {
    this.#onWritten = onWritten;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  append(chunk: Uint8Array): void {
    this.#byteLength += chunk.byteLength;
    for (let at = 0; at < chunk.byteLength; ) {
      let slab = this.#slabs.at(-1);
      if (slab === undefined || slab.filled === SLAB_BYTES) {
        slab = { buffer: borrowBuffer(SLAB_BYTES), filled: 0, written: 0 };
        this.#slabs.push(slab);
      }
      const piece = chunk.subarray(at, at + SLAB_BYTES - slab.filled);
      slab.buffer.set(piece, slab.filled);
      slab.filled += piece.byteLength;
      at += piece.byteLength;
    }
  }

  /** Appends the pending bytes to the file; stops when `isCancelled`. */
  async writeTo(file: FileHandle, isCancelled: () => boolean): Promise<void> {
    for (const slab of [...this.#slabs]) {
      if (isCancelled()) return;
      const bytes = slab.buffer.subarray(slab.written, slab.filled);
      // An earlier call has written this slab.
      if (bytes.byteLength === 0) continue;
      // Unlike `write`, `writeFile` continues after a short write; it starts at the file's current position.
      await file.writeFile(bytes);
      slab.written += bytes.byteLength;
      this.#byteLength -= bytes.byteLength;
      if (slab.written === SLAB_BYTES) this.#releaseFirst();
    }
  }

  /** Hands over the last buffer, which is not full, when everything is written. */
  releaseLast(): void {
    this.#releaseFirst();
  }

  /** Returns all remaining buffers to the pool, written or not. */
  clear(): void {
    for (const { buffer } of this.#slabs.splice(0)) returnBuffer(buffer);
  }

  #releaseFirst(): void {
    const slab = this.#slabs.shift();
    if (slab !== undefined) this.#onWritten(slab.buffer, slab.written);
  }
}
