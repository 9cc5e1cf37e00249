/**
 * Files that nothing names: what a server leaves that is killed between storing bytes and storing their row. Between two
 * servers of a house the grace time passes, so that each one that starts sweeps all of them while it goes on with calls.
 */
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { openDatabase } from '../api/steps.ts';
import type { FaultUpstream } from './upstream.ts';

/** Longer than the ORPHAN_GRACE_MS that a server has by default. */
const LONG_AGO_MS = 2 * 60 * 60 * 1000;
/** How long a sweep may take to be over. */
const SWEEP_TIMEOUT_MS = 20_000;
const PAUSE_MS = 50;

/** Makes every stored file, whether something names it or not, older than the grace time. @returns the strays among them */
export function letGraceTimePass(dataDir: string): readonly string[] {
  if (!existsSync(join(dataDir, 'darkroom.sqlite'))) return [];
  const then = new Date(Date.now() - LONG_AGO_MS);
  for (const path of storedFiles(dataDir)) utimesSync(path, then, then);
  return straysOf(dataDir);
}

/** No file is left that nothing names: the old ones were swept, and a server that was left alone makes none. */
export async function checkStrays(dataDir: string, upstream: FaultUpstream): Promise<void> {
  const end = performance.now() + SWEEP_TIMEOUT_MS;
  let strays = straysOf(dataDir);
  // One that is there for a moment only is a picture on its way: the server looks for lost ones meanwhile.
  while (strays.length > 0 && performance.now() < end) {
    await delay(PAUSE_MS);
    strays = straysOf(dataDir);
  }
  expect(
    strays.map((hash) => `${hash} (${originOf(hash, upstream)})`),
    'files that nothing names',
  ).toEqual([]);
}

function straysOf(dataDir: string): readonly string[] {
  const stored = storedFiles(dataDir).map((path) => path.slice(-HASH_LENGTH));
  using database = openDatabase(dataDir);
  const hashes = database.prepare('select sha256 from images union select sha256 from partial_images').pluck().all();
  const known = new Set(hashes);
  return stored.filter((hash) => !known.has(hash));
}

/** Which of the upstream's pictures a file holds. */
function originOf(hash: string, { sent }: FaultUpstream): string {
  for (const [response, { images, partials }] of sent) {
    for (const [place, sentHash] of [...images, ...partials]) if (sentHash === hash) return `${response} ${place}`;
  }
  return 'nothing that the upstream sent';
}

const HASH_LENGTH = 64;

/** The paths of what has a hash for its name; unfinished files are not counted. */
function storedFiles(dataDir: string): readonly string[] {
  const root = join(dataDir, 'blobs');
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.filter(({ name }) => /^[0-9a-f]{64}$/u.test(name)).map(({ parentPath, name }) => join(parentPath, name));
}
