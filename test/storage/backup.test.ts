/**
 * Backup of a server's data and what a restore brings back. Two tests run the commands as an operator does, in processes
 * of their own; the others call them in this process.
 */
import { appendFile, cp, mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  allOf,
  type Event,
  type EventOf,
  eventually,
  fetchBytes,
  firstOf,
  generate,
  makeImage,
  sha256,
  TERMINAL_TYPES,
  typesOf,
  watchToEnd,
} from '../api/steps.ts';
import { startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import { startServerHere } from '../support/app.ts';
import { runCommandHere } from '../support/command.ts';
import { newDataDir, runMain, startServer } from '../support/server.ts';
import { blobPath, integrityOf, namedFiles, storedFiles } from './steps.ts';

let dataDir: string;
let folder: string;
let fresh: string;
beforeEach(async () => {
  dataDir = await newDataDir();
  folder = join(await newDataDir(), 'backup');
  fresh = await newDataDir();
});
afterEach(async () => {
  for (const path of [dataDir, join(folder, '..'), fresh]) await rm(path, { recursive: true });
});

const backUp = (...args: string[]) => runCommandHere(['backup', folder, ...args], { DATA_DIR: dataDir });
const restoreTo = (target: string, ...args: string[]) =>
  runCommandHere(['restore', folder, ...args], { DATA_DIR: target });
const DONE = { code: 0, stderr: '' };

let original: { readonly path: string; readonly callId: string; readonly image: EventOf<'ImageCompleted'>['image'] };
beforeAll(async () => {
  const path = await newDataDir();
  await using server = await startServerHere({ dataDir: path });
  const { callId, events } = await makeImage(server.url, { prompt: 'a boat [sim:duration=0]' });
  original = { path, callId, image: firstOf(events, 'ImageCompleted').image };
});
afterAll(() => rm(original.path, { recursive: true }));

/** A data folder with an image in it, whose server has stopped. */
async function picturedDataDir() {
  await cp(original.path, dataDir, { recursive: true });
  return original;
}

async function expectBytes(url: string, events: readonly Event[]): Promise<void> {
  for (const { image } of allOf(events, 'ImageCompleted')) {
    expect(sha256(await fetchBytes(`${url}${new URL(image.url).pathname}`))).toBe(image.sha256);
  }
}

it('a backup taken while calls run has all that was completed, and its calls go on or end when it is restored', async () => {
  const upstream = await startDevelopingUpstream({ partials: 2, gapMs: () => 30 });
  await using server = await startProcessAt(upstream, { dataDir, env: { CONCURRENCY: '3' } });
  const before = new Map<string, readonly Event[]>();
  for (const number of [1, 2, 3]) {
    const { callId, events } = await makeImage(server.url, { prompt: `before ${number}` });
    before.set(callId, events);
  }
  const started: string[] = [];
  let stopped = false;
  const starting = (async () => {
    while (!stopped) {
      started.push((await generate(server.url, { prompt: `meanwhile ${started.length}` })).id);
      // A little faster than three at a time are made, so that some are always queued, and few are left at the end.
      await delay(125);
    }
  })();
  await eventually('calls that run', () => (started.length > 8 ? true : undefined));
  expect(await runMain(['backup', folder], { DATA_DIR: dataDir })).toMatchObject({
    ...DONE,
    stdout: expect.stringMatching(/^Backed up the database and \d+ files /u),
  });
  stopped = true;
  await starting;
  // The server has noticed nothing.
  for (const id of started) expect((await watchToEnd(server.url, id)).at(-1)?.__typename).toBe('GenerationCompleted');

  expect([...(await storedFiles(folder)).values()]).not.toContain(false);
  expect(integrityOf(folder)).toBe('ok');
  expect((await readdir(folder)).toSorted()).toEqual(['blobs', 'darkroom-backup.json', 'darkroom.sqlite']);

  // Into another place, beside the server that goes on with the original.
  expect(await runMain(['restore', folder], { DATA_DIR: fresh })).toMatchObject({
    ...DONE,
    stdout: expect.stringMatching(/^Restored the database and /u),
  });
  await using restored = await startProcessAt(upstream, { dataDir: fresh });
  for (const [id, events] of before) {
    const again = await watchToEnd(restored.url, id);
    expect(again.map(({ cursor }) => cursor)).toEqual(events.map(({ cursor }) => cursor));
    await expectBytes(restored.url, again);
  }
  let inTheMiddle = 0;
  for (const id of started) {
    const events = await watchToEnd(restored.url, id).catch(() => null);
    // Accepted after the backup.
    if (events === null) continue;
    inTheMiddle += 1;
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(typesOf(events).filter((type) => TERMINAL_TYPES.includes(type))).toEqual([events.at(-1)?.__typename]);
    await expectBytes(restored.url, events);
  }
  expect(inTheMiddle).toBeGreaterThan(0);
  await upstream.close();
});

it('a second backup copies only what is new', async () => {
  await picturedDataDir();
  await backUp();
  const names = [...(await storedFiles(folder)).keys()];
  const inodes = await Promise.all(names.map(async (name) => (await stat(blobPath(folder, name))).ino));
  const again = await backUp();
  expect(again).toMatchObject({ ...DONE, stdout: expect.stringContaining(`${names.length} files (0 copied, 0.0 MB`) });
  expect(await Promise.all(names.map(async (name) => (await stat(blobPath(folder, name))).ino))).toEqual(inodes);
  {
    await using server = await startServerHere({ dataDir });
    await makeImage(server.url, { prompt: 'another boat [sim:duration=0]' });
  }
  const { stdout } = await backUp();
  expect(stdout).not.toContain('(0 copied');
  expect(stdout).toContain(`${names.length} already there`);
  expect([...namedFiles(folder)].toSorted()).toEqual([...(await storedFiles(folder)).keys()].toSorted());
});

it('a file that breaks off in the backup is copied anew', async () => {
  const { image } = await picturedDataDir();
  await backUp();
  await writeFile(blobPath(folder, image.sha256), 'half');
  expect((await backUp()).stdout).toContain('1 copied');
  expect((await storedFiles(folder)).get(image.sha256)).toBe(true);
});

describe('a backup that cannot be had', () => {
  it('takes one folder', async () => {
    expect(await runMain(['backup'], { DATA_DIR: dataDir })).toMatchObject({ code: 2 });
    expect(await runCommandHere(['backup', folder, '--all'], { DATA_DIR: dataDir })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm run backup -- <folder>'),
    });
  });

  it('needs a database', async () => {
    expect(await backUp()).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no database') });
  });

  it('leaves a folder alone that is not its own', async () => {
    await picturedDataDir();
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    expect(await backUp()).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
    expect(await readdir(folder)).toEqual(['thesis.tex']);
    // Nor does it write into the data itself.
    expect(await runCommandHere(['backup', dataDir], { DATA_DIR: dataDir })).toMatchObject({ code: 1 });
  });

  it('says what is lost already, and has the rest', async () => {
    const { image } = await picturedDataDir();
    const count = namedFiles(dataDir).size;
    await rm(blobPath(dataDir, image.sha256));
    const told = await backUp();
    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining(image.sha256) });
    expect((await storedFiles(folder)).size).toBe(count - 1);
    expect(integrityOf(folder)).toBe('ok');
  });

  it('does not miss a partial image that a power cut took', async () => {
    await picturedDataDir();
    const unsynced = await readdir(join(dataDir, 'blobs', 'unsynced'), { recursive: true, withFileTypes: true });
    const [lost, ...others] = unsynced.filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/u.test(entry.name));
    expect(others.length).toBeGreaterThan(0);
    await writeFile(join(lost?.parentPath ?? '', lost?.name ?? ''), 'torn');
    const count = namedFiles(dataDir).size;
    expect(await backUp()).toMatchObject(DONE);
    expect((await storedFiles(folder)).size).toBe(count - 1);
  });

  it('leaves the backup before it as it was when it is broken off', async () => {
    await picturedDataDir();
    await backUp();
    // What one has left that was killed, long ago.
    const left = join(folder, 'darkroom.sqlite.0198.partial');
    await writeFile(left, 'SQLite format 3');
    await utimes(left, new Date(0), new Date(0));
    const before = await stat(join(folder, 'darkroom.sqlite'));
    // It cannot write where the files are to go.
    await rm(join(folder, 'blobs'), { recursive: true });
    await writeFile(join(folder, 'blobs'), '');
    expect(await backUp()).toMatchObject({ code: 1, stderr: expect.stringMatching(/^darkroom: /u) });
    expect((await readdir(folder)).toSorted()).toEqual(['blobs', 'darkroom-backup.json', 'darkroom.sqlite']);
    expect((await stat(join(folder, 'darkroom.sqlite'))).ino).toBe(before.ino);
  });
});

describe('restoring', () => {
  it('does not overwrite a database unless it is told to, and never below a server', async () => {
    const { callId } = await picturedDataDir();
    await backUp();
    {
      await using server = await startServer({ dataDir });
      await makeImage(server.url, { prompt: 'a later one [sim:duration=0]' });
      expect(await restoreTo(dataDir)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
      const refused = await restoreTo(dataDir, '--force');
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('another server (process ') });
      const { events } = await makeImage(server.url, { prompt: 'and on [sim:duration=0]' });
      expect(events.at(-1)?.__typename).toBe('GenerationCompleted');
      // A server that was killed gives up nothing, and leaves its log beside the database.
      await server.stop('SIGKILL');
    }
    expect(await restoreTo(dataDir, '--force')).toMatchObject(DONE);
    expect(namedFiles(dataDir)).toEqual(namedFiles(folder));
    expect(integrityOf(dataDir)).toBe('ok');
    await using again = await startServerHere({ dataDir });
    expect((await watchToEnd(again.url, callId)).at(-1)?.__typename).toBe('GenerationCompleted');
  });

  it('puts nothing in place when a file of the backup is damaged, unless it is told to do without', async () => {
    const { callId, image } = await picturedDataDir();
    await backUp();
    await appendFile(blobPath(folder, image.sha256), 'x');
    const refused = await restoreTo(fresh);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(image.sha256) });
    expect(refused.stderr).toContain('--incomplete');
    expect(await readdir(fresh)).toEqual(['blobs']);
    expect(await restoreTo(fresh, '--incomplete')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(image.sha256),
    });
    await using server = await startServerHere({ dataDir: fresh });
    expect((await watchToEnd(server.url, callId)).at(-1)?.__typename).toBe('GenerationCompleted');
  });

  it('heals files that are damaged at the goal', async () => {
    const { image } = await picturedDataDir();
    await backUp();
    await writeFile(blobPath(dataDir, image.sha256), Buffer.alloc(image.byteSize));
    expect(await restoreTo(dataDir, '--force')).toMatchObject({ ...DONE, stdout: expect.stringContaining('1 copied') });
    expect((await storedFiles(dataDir)).get(image.sha256)).toBe(true);
  });

  it('takes nothing for a backup that is none, or was broken off', async () => {
    await mkdir(folder);
    expect(await restoreTo(fresh)).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a backup') });
    await rm(folder, { recursive: true });
    await picturedDataDir();
    await backUp();
    await rm(join(folder, 'darkroom.sqlite'));
    expect(await restoreTo(fresh)).toMatchObject({ code: 1, stderr: expect.stringContaining('was interrupted') });
    await writeFile(join(folder, 'darkroom.sqlite'), 'SQLite format 3\0 and then nothing');
    expect(await restoreTo(fresh)).toMatchObject({ code: 1, stderr: expect.stringContaining('is damaged') });
    expect(await readdir(fresh)).toEqual([]);
    expect(await runCommandHere(['restore'], { DATA_DIR: fresh })).toMatchObject({ code: 2 });
    expect(await restoreTo(fresh, '--fast')).toMatchObject({ code: 2 });
  });
});
