/**
 * What a process holds, measured from outside: its memory when V8 has just collected all that it can, and has given it
 * back. Without that, megabytes of room for new objects, taken or given back at will, drown what a subscriber costs.
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Memory, memoryOf } from './process-facts.ts';

/** Node's flags for a process that collects when it is told to; one of the bench's own imports the file instead. */
export const COLLECTING = ['--import', pathToFileURL(join(import.meta.dirname, 'collect-on-signal.ts')).href];

/** For a process that is collected often: each time, V8 would throw compiled code away, and compiling it anew leaves its traces. */
export const KEEPING_CODE = ['--no-flush-bytecode'];

/**
 * Variables for a process whose C library, too, is to give back what is free, as soon as it is (mallopt(3)). Left to itself, glibc
 * keeps for each thread the most that was ever needed there at once, and a new record looks like a leak for ever after.
 * The sizes are its own, but said, they are not raised by what the process does.
 */
export const GIVING_BACK = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** What the first closes is garbage for the second; and one of them falls into a moment in which nothing else is done. */
const COLLECTIONS = 3;
const LOOKS = 16;
const LOOK_EVERY_MS = 25;

/**
 * The least that the process has right behind any of several collections.
 * @param answered resolves when the process has answered anything
 */
export async function heldMemoryOf(pid: number, answered: () => Promise<unknown>): Promise<Memory> {
  let least = memoryOf(pid);
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    process.kill(pid, 'SIGUSR2');
    // A busy machine may let it wait. Two, because the first can come in together with the signal, and before it.
    await answered();
    await answered();
    for (let look = 0; look < LOOKS; look += 1) {
      await sleep(LOOK_EVERY_MS);
      const now = memoryOf(pid);
      if (now.anonymous < least.anonymous) least = now;
    }
  }
  return least;
}
