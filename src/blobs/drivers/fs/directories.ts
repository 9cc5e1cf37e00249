/** Directories whose names are on the disk: syncing a file says nothing of the name it is found by (fsync(2)). */
import { close, fsync, open as openDescriptor } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** `mkdir -p` that returns when the new names are on the disk. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Makes the names in a directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows opens no directory for syncing; its file systems log the names by themselves.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    // Nothing was written through it, and so nothing is lost with it: nobody need wait.
    handle.close().catch(() => undefined);
  }
}

/** Directories that are synced again and again, each of them opened once: to do so again takes a third of the time of a sync. */
export class SyncedDirectories {
  /** Their descriptors. */
  readonly #opened = new Map<string, Promise<number>>();
  /** Of directories that were removed; somebody may still be syncing them. */
  readonly #forgotten: Promise<number>[] = [];

  /** As `syncDirectory`. */
  async sync(directory: string): Promise<void> {
    if (process.platform === 'win32') return;
    let opened = this.#opened.get(directory);
    if (opened === undefined) {
      opened = promisify(openDescriptor)(directory, 'r');
      this.#opened.set(directory, opened);
      opened.catch(() => this.#opened.delete(directory));
    }
    await promisify(fsync)(await opened);
  }

  /** To be called when there may be another one by this name. */
  forget(directory: string): void {
    const opened = this.#opened.get(directory);
    this.#opened.delete(directory);
    if (opened !== undefined) this.#forgotten.push(opened);
  }

  async close(): Promise<void> {
    for (const directory of [...this.#opened.keys()]) this.forget(directory);
    await Promise.allSettled(this.#forgotten.splice(0).map((opened) => opened.then(promisify(close))));
  }
}
