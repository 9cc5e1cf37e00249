/**
 * The bytes of the blobs that were stored last, kept in memory for a moment: whoever follows a picture asks for it as soon as
 * it is told of. From here it needs no trip to the disk, of which each would stand behind those that store the next pictures.
 * Everything in it is durable already; what is not in it is read from the disk.
 */
import { borrowBuffer, LARGEST_BUFFER_BYTES, returnBuffer } from '../lib/buffer-pool.ts';

/** Of all together, those that are still being written included; the oldest make room. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;
const KEPT_MS = 1_000;

/** Bytes that stay what they are until they are given back. */
export interface HeldBlob {
  readonly parts: readonly Uint8Array[];
  /** @param isRead false when somebody may still be reading them: then they are nobody's any more */
  release(isRead?: boolean): void;
}

/** What a writer has written and not thrown away, to be kept when the blob is stored. */
export interface Retained {
  /** Takes a buffer over, of which the first `byteLength` bytes count; gives all of them back when there is no room. */
  add(buffer: Buffer, byteLength: number): void;
  /** They are what is stored under this hash. */
  keep(sha256: string): void;
  /** They are of no use. */
  drop(): void;
}

/** All of it in one piece, until `look` returns; then it is released. */
export function lookAtHeld<T>({ parts, release }: HeldBlob, look: (bytes: Buffer) => T): T {
  const room = borrowBuffer(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  try {
    let at = 0;
    for (const part of parts) {
      room.set(part, at);
      at += part.byteLength;
    }
    return look(room.subarray(0, at));
  } finally {
    returnBuffer(room);
    release();
  }
}

export class RecentBlobs {
  readonly #entries = new Map<string, Entry>();
  #keptBytes = 0;

  retain(): Retained {
    let entry: Entry | null = new Entry((roomBytes) => {
      this.#keptBytes -= roomBytes;
    });
    return {
      add: (buffer, byteLength) => {
        const roomBytes = (entry?.roomBytes ?? 0) + buffer.length;
        if (entry !== null && roomBytes <= LARGEST_BUFFER_BYTES && this.#makeRoom(buffer.length)) {
          entry.add(buffer, byteLength);
          this.#keptBytes += buffer.length;
          return;
        }
        returnBuffer(buffer);
        entry?.leave();
        entry = null;
      },
      keep: (sha256) => {
        if (entry !== null) this.#keep(sha256, entry);
      },
      drop: () => entry?.leave(),
    };
  }

  /** Null when they are not in memory, or not any more. */
  hold(sha256: string): HeldBlob | null {
    return this.#entries.get(sha256)?.hold() ?? null;
  }

  forget(sha256: string): void {
    const entry = this.#entries.get(sha256);
    if (entry === undefined) return;
    this.#entries.delete(sha256);
    entry.leave();
  }

  #keep(sha256: string, entry: Entry): void {
    this.forget(sha256);
    this.#entries.set(sha256, entry);
    const timer = setTimeout(() => {
      if (this.#entries.get(sha256) === entry) this.forget(sha256);
    }, KEPT_MS);
    // A process that has nothing else to do may end.
    timer.unref();
  }

  /** Whether there is room for so many bytes, now that the oldest have made some. */
  #makeRoom(byteLength: number): boolean {
    for (const sha256 of this.#entries.keys()) {
      if (this.#keptBytes + byteLength <= MOST_KEPT_BYTES) return true;
      this.forget(sha256);
    }
    return this.#keptBytes + byteLength <= MOST_KEPT_BYTES;
  }
}

class Entry {
  readonly #buffers: Buffer[] = [];
  readonly #parts: Uint8Array[] = [];
  readonly #onGone: (roomBytes: number) => void;
  roomBytes = 0;
  /** Those who read it, and the store itself. */
  #holders = 1;
  #isRead = true;

  constructor(onGone: (roomBytes: number) => void) {
    this.#onGone = onGone;
  }

  add(buffer: Buffer, byteLength: number): void {
    this.#buffers.push(buffer);
    this.#parts.push(buffer.subarray(0, byteLength));
    this.roomBytes += buffer.length;
  }

  hold(): HeldBlob {
    this.#holders += 1;
    let isHeld = true;
    return {
      parts: this.#parts,
      release: (isRead = true) => {
        if (!isHeld) return;
        isHeld = false;
        this.#isRead &&= isRead;
        this.leave();
      },
    };
  }

  leave(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#onGone(this.roomBytes);
    if (this.#isRead) this.#buffers.forEach(returnBuffer);
  }
}
