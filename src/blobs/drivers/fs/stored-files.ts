/**
 * Puts complete files in their place under a hash, and removes them. A file gets its name by a rename within one file system.
 * Where its bytes were synced before, there is either nothing or the whole content under a hash, even after a power cut.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Durability } from '../../../domain/durability.ts';
import { KeyedMutex } from '../../../lib/keyed-mutex.ts';
import { makeDirectory, SyncedDirectories } from './directories.ts';
import { blobFile, createShards, temporaryDirectory } from './layout.ts';
import { renameIfExists, statFile } from './missing-file.ts';

export class StoredFiles {
  readonly #root: string;
  readonly #durability: Durability;
  readonly #directories = new SyncedDirectories();
  /** By hash: one file is placed or removed at a time. */
  readonly #mutex = new KeyedMutex();
  /** Resolves when every shard directory exists. */
  #shardsCreated: Promise<void> | undefined;

  /** @param durability of the names: whether they are synced, too */
  constructor(root: string, durability: Durability) {
    this.#root = root;
    this.#durability = durability;
  }

  /**
   * Moves a complete file to its place; resolves when its name is durable, where it is to be. A file of the same hash is
   * replaced by the same bytes, which repairs it if it was damaged.
   */
  async place(file: string, sha256: string): Promise<void> {
    const target = blobFile(this.#root, sha256);
    const directory = dirname(target);
    await this.#createShards();
    await this.#mutex.run(sha256, async () => {
      if (await renameIfExists(file, target)) return;
      // Somebody removed the shard directory.
      this.#directories.forget(directory);
      await makeDirectory(directory);
      await rename(file, target);
    });
    if (this.#durability === 'SYNCED') await this.#directories.sync(directory);
  }

  async remove(sha256: string): Promise<void> {
    await rm(blobFile(this.#root, sha256), { force: true });
  }

  /**
   * Removes the file if it was stored before `beforeMs`, and resolves with whether it did. No system call removes a file
   * only if it is still the same one. Within this process the mutex guarantees that. Another process may store the same
   * content between the check and the removal: so the file is moved aside by a rename, which takes exactly one of the
   * two, and is checked again there; a new one is moved back. Its bytes are never lost, but may be invisible for that
   * moment.
   */
  async removeOlder(sha256: string, beforeMs: number): Promise<boolean> {
    const file = blobFile(this.#root, sha256);
    return this.#mutex.run(sha256, async () => {
      if (!(await isOlder(file, beforeMs))) return false;
      const aside = join(temporaryDirectory(this.#root), randomUUID());
      if (!(await renameIfExists(file, aside))) return false;
      const movedAside = await statFile(aside);
      if (movedAside !== null && movedAside.modifiedMs >= beforeMs) {
        // A third file that is there by now has the same bytes.
        await rename(aside, file);
        return false;
      }
      await rm(aside, { force: true });
      return true;
    });
  }

  /** Closes the directories that are kept open. */
  async close(): Promise<void> {
    await this.#directories.close();
  }

  /** Runs with the first blob and not at the start: on a new disk it can take some tenths of a second. */
  #createShards(): Promise<void> {
    this.#shardsCreated ??= createShards(this.#root).catch((error: unknown) => {
      // The disk may be full. The next blob tries again.
      this.#shardsCreated = undefined;
      throw error;
    });
    return this.#shardsCreated;
  }
}

async function isOlder(file: string, beforeMs: number): Promise<boolean> {
  const stats = await statFile(file);
  return stats !== null && stats.modifiedMs < beforeMs;
}
