/**
 * Measures the memory a process holds, from outside, right after a full garbage collection of V8. Without that, the
 * room for new objects, megabytes that V8 takes and returns at will, would hide the cost of a subscriber.
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type Memory, memoryOf } from './process-facts.ts';

/** Node's flags for a process that collects garbage on request. Processes of the benchmark import the file instead. */
export const COLLECTING = ['--import', pathToFileURL(join(import.meta.dirname, 'collect-on-signal.ts')).href];

/**
 * For a process with frequent collections: V8 would discard compiled code each time, and compiling it again uses
 * memory.
 */
export const KEEPING_CODE = ['--no-flush-bytecode'];

/**
 * Environment variables that make the C library return free memory at once (mallopt(3)). By default, glibc keeps the
 * maximum that each thread ever needed, and a new maximum looks like a leak forever after. The sizes are glibc's
 * defaults; setting them explicitly keeps glibc from raising them.
 */
export const GIVING_BACK = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** Several, because objects closed by one collection are garbage for the next, and one of them meets an idle moment. */
const COLLECTIONS = 3;
const LOOKS = 16;
const LOOK_EVERY_MS = 25;

/**
 * The minimum memory of the process right after any of several collections.
 * @param answered resolves when the process has answered a request
 */
export async function heldMemoryOf(pid: number, answered: () => Promise<unknown>): Promise<Memory> {
  let least = memoryOf(pid);
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    process.kill(pid, 'SIGUSR2');
    // The signal can be delayed on a busy machine. Two requests, because the first can be handled before the signal.
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
