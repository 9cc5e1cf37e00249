/**
 * Stored files without a row: a server leaves them when it is killed between storing bytes and storing their row. The
 * harness ages all files between two servers, so that each new server collects them while it continues calls.
 */
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { openDatabase } from '../api/steps.ts';
import type { FaultUpstream } from './upstream.ts';

/** Longer than the default of ORPHAN_GRACE_MS. */
const LONG_AGO_MS = 2 * 60 * 60 * 1000;
/** How long a garbage collection may take. */
const SWEEP_TIMEOUT_MS = 20_000;
const PAUSE_MS = 50;

/** Makes every stored file older than the grace time. @returns the files without a row */
export function ageStoredFiles(dataDir: string): readonly string[] {
  if (!existsSync(join(dataDir, 'darkroom.sqlite'))) return [];
  const then = new Date(Date.now() - LONG_AGO_MS);
  for (const path of storedFiles(dataDir)) utimesSync(path, then, then);
  return leakedFilesOf(dataDir);
}

/** Checks that every file has a row: old files were collected, and a server that is not disturbed leaves none. */
export async function checkLeaks(dataDir: string, upstream: FaultUpstream): Promise<void> {
  const end = performance.now() + SWEEP_TIMEOUT_MS;
  let leakedFiles = leakedFilesOf(dataDir);
  // A file without a row for a moment only is an image being stored.
  while (leakedFiles.length > 0 && performance.now() < end) {
    await delay(PAUSE_MS);
    leakedFiles = leakedFilesOf(dataDir);
  }
  expect(
    leakedFiles.map((hash) => `${hash} (${originOf(hash, upstream)})`),
    'files without a row',
  ).toEqual([]);
}

function leakedFilesOf(dataDir: string): readonly string[] {
  const stored = storedFiles(dataDir).map((path) => path.slice(-HASH_LENGTH));
  using database = openDatabase(dataDir);
  const hashes = database.prepare('select sha256 from images union select sha256 from partial_images').pluck().all();
  const known = new Set(hashes);
  return stored.filter((hash) => !known.has(hash));
}

/** Which of the upstream's images a file contains. */
function originOf(hash: string, { sent }: FaultUpstream): string {
  for (const [response, { images, partials }] of sent) {
    for (const [place, sentHash] of [...images, ...partials]) if (sentHash === hash) return `${response} ${place}`;
  }
  return 'not sent by the upstream';
}

const HASH_LENGTH = 64;

/** The paths of the files that are named by a hash. Unfinished files are not. */
function storedFiles(dataDir: string): readonly string[] {
  const root = join(dataDir, 'blobs');
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.filter(({ name }) => /^[0-9a-f]{64}$/u.test(name)).map(({ parentPath, name }) => join(parentPath, name));
}
