/**
 * Runs code that generates functions (`new Function`). V8 remembers each source text and its bytecode in case the same text
 * comes again, also when nothing refers to the functions any more: 300 compiled operations of 19 kB kept 80 MB
 * (docs/decisions/2026-11-28-memory-of-hostile-input.md).
 */
import { setFlagsFromString } from 'node:v8';

/** Runs `work`, which must not wait for anything, without V8's cache of compiled sources. */
export function withoutCodeCache<T>(work: () => T): T {
  // V8 reads this flag for each source text, so it may change while the process runs.
  setFlagsFromString('--no-compilation-cache');
  try {
    return work();
  } finally {
    setFlagsFromString('--compilation-cache');
  }
}
