/** The page as it is built, once for all tests that run at the same time. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const DIST = join(ROOT, 'web/dist');
/** What the page is built from. */
const SOURCES = ['web/src', 'web/public', 'client/src', 'schema/schema.graphql', 'schema/cache-rules.json'];
const SOURCE_FILES = [
  'web/index.html',
  'web/build.ts',
  'web/vite.config.ts',
  'web/graphcache-schema.ts',
  'package.json',
];

/** A folder, because it is made by one process alone. */
const LOCK = join(ROOT, 'web/dist.lock');
/** A build takes some seconds. One that takes longer was killed. */
const LOCK_EXPIRES_MS = 60_000;
const PAUSE_MS = 100;

/** Builds the page when one of its sources is newer. */
export async function buildPage(): Promise<void> {
  while (await isOutdated()) {
    if (await takeLock()) {
      try {
        if (await isOutdated()) await promisify(execFile)(process.execPath, [join(ROOT, 'web/build.ts')]);
        return;
      } finally {
        await rm(LOCK, { recursive: true, force: true });
      }
    }
    await delay(PAUSE_MS);
  }
  // Another process may be writing what is newer than the sources already.
  while ((await changedAt(LOCK)) > 0 && !(await isAbandoned())) await delay(PAUSE_MS);
}

async function takeLock(): Promise<boolean> {
  if (await isAbandoned()) await rm(LOCK, { recursive: true, force: true });
  return mkdir(LOCK).then(
    () => true,
    () => false,
  );
}

async function isAbandoned(): Promise<boolean> {
  const since = await changedAt(LOCK);
  return since > 0 && Date.now() - since > LOCK_EXPIRES_MS;
}

async function isOutdated(): Promise<boolean> {
  const builtAt = await changedAt(join(DIST, 'index.html.gz'));
  const times = await Promise.all([
    ...SOURCES.map(newestIn),
    ...SOURCE_FILES.map((name) => changedAt(join(ROOT, name))),
  ]);
  return Math.max(...times) > builtAt;
}

async function newestIn(name: string): Promise<number> {
  const path = join(ROOT, name);
  if (!(await stat(path)).isDirectory()) return changedAt(path);
  const names = await readdir(path, { recursive: true });
  return Math.max(...(await Promise.all(['', ...names].map((each) => changedAt(join(path, each))))));
}

/** In milliseconds; 0 when there is no such file. */
async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** How many bytes a file of the page has with gzip. @param path as in its address, such as `/assets/index-….js` */
export async function gzipBytes(path: string): Promise<number> {
  return (await readFile(join(DIST, `${path}.gz`))).byteLength;
}
