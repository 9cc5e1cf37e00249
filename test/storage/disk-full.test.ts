/** A disk that is full, on a small one of its own: calls end honestly, nothing torn is served, and it passes by itself. */
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  allOf,
  callDetails,
  collect,
  countRows,
  eventually,
  fetchBytes,
  firstOf,
  generate,
  generateToEnd,
  makeImage,
  sha256,
  TERMINAL_TYPES,
  typesOf,
  watch,
  watchToEnd,
} from '../api/steps.ts';
import { startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import { execute } from '../support/client.ts';
import { GenerateImage } from '../support/documents.ts';
import { newDataDir, startServer } from '../support/server.ts';
import { integrityOf, mountSmallDisk, namedFiles, readiness, storedFiles, whyNoSmallDisk } from './steps.ts';

const missing = await whyNoSmallDisk();
if (missing !== null) console.warn(`Left out: tests of a full disk; ${missing}`);

const READY = { status: 200, body: { status: 'ready' } };

/** What must hold of a data folder whatever happened to it. */
async function expectSound(dataDir: string): Promise<void> {
  expect(integrityOf(dataDir)).toBe('ok');
  const files = await storedFiles(dataDir);
  expect([...files].filter(([, whole]) => !whole)).toEqual([]);
  expect([...namedFiles(dataDir)].filter((name) => !files.has(name))).toEqual([]);
}

describe.skipIf(missing !== null)('a full disk', () => {
  it('pictures are made until it is full: every call ends, every picture that is shown is whole, and space helps', async () => {
    await using disk = await mountSmallDisk('32m');
    // Large pictures fill the disk soon.
    await using server = await startServer({ dataDir: disk.path, env: { SIMULATOR_ART: 'detailed' } });
    await disk.fill(12);
    const made: string[] = [];
    for (;;) {
      const { data: accepted } = await execute(server.url, GenerateImage, {
        input: { prompt: `picture ${made.length} [sim:duration=0]`, options: { partialImages: 3 } },
      });
      // Not even the call could be stored.
      if (accepted?.generateImage.__typename !== 'GenerateImageSuccess') break;
      const { id } = accepted.generateImage.call;
      made.push(id);
      if ((await statusSoon(server.url, id)) !== 'COMPLETED') break;
    }
    expect(made.length).toBeGreaterThan(2);
    expect(await readiness(server.url)).toMatchObject({ status: 503, body: { checks: { blobs: 'failing' } } });
    await expectSound(disk.path);

    await disk.free();
    const ends: string[] = [];
    for (const id of made) {
      const events = await watchToEnd(server.url, id);
      ends.push(events.at(-1)?.__typename ?? '');
      for (const { image } of allOf(events, 'ImageCompleted')) {
        expect(sha256(await fetchBytes(image.url))).toBe(image.sha256);
      }
    }
    expect(ends.slice(0, -1)).toEqual(ends.slice(1).map(() => 'GenerationCompleted'));
    expect(TERMINAL_TYPES).toContain(ends.at(-1));
    expect(await readiness(server.url)).toMatchObject(READY);
    const { events } = await generateToEnd(server.url, { prompt: 'and on [sim:duration=0]' });
    expect(events.at(-1)?.__typename).toBe('GenerationCompleted');
    await expectSound(disk.path);
  });

  it('a call that can be recorded no more ends when there is space again, and the server has stayed up', async () => {
    const full = Promise.withResolvers<void>();
    const upstream = await startDevelopingUpstream({
      partials: 1,
      hold: (_, nth) => (nth === 1 ? full.promise : undefined),
    });
    await using disk = await mountSmallDisk('24m');
    await using server = await startProcessAt(upstream, { dataDir: disk.path });
    const before = await makeImage(server.url, { prompt: 'before' });
    const { image } = firstOf(before.events, 'ImageCompleted');
    const { id } = await generate(server.url, { prompt: 'in the middle' });
    await eventually('the request', () => upstream.requests.at(1));
    await collect(watch(server.url, id), 2);

    await disk.fill();
    const rows = countRows(disk.path);
    full.resolve();
    expect(await readiness(server.url)).toMatchObject({
      status: 503,
      body: { checks: { database: 'failing', blobs: 'failing' } },
    });
    const { data: nothing, errors } = await execute(server.url, GenerateImage, { input: { prompt: 'refused' } });
    expect({ nothing, code: errors?.[0]?.extensions?.['code'] }).toEqual({
      nothing: null,
      code: 'INTERNAL_SERVER_ERROR',
    });
    expect(JSON.stringify(errors)).not.toMatch(/disk|SQLITE|darkroom-/u);
    await eventually('the trouble in the log', () => server.output().includes('trying again') || undefined);
    // Reading goes on, of rows and of bytes.
    expect(sha256(await fetchBytes(image.url))).toBe(image.sha256);
    expect(await callDetails(server.url, id)).toMatchObject({ status: 'IN_PROGRESS', images: [] });
    expect(countRows(disk.path)).toEqual(rows);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);

    await disk.free();
    const events = await watchToEnd(server.url, id);
    expect(typesOf(events).filter((type) => TERMINAL_TYPES.includes(type))).toEqual(['GenerationFailed']);
    expect(['OUTCOME_UNKNOWN', 'INTERNAL']).toContain(firstOf(events, 'GenerationFailed').failure.code);
    expect(await readiness(server.url)).toMatchObject(READY);
    const after = await generateToEnd(server.url, { prompt: 'after' });
    expect(after.events.at(-1)?.__typename).toBe('GenerationCompleted');
    // Each call asked once: nothing is bought twice because it could not be stored.
    expect(upstream.requests.map(({ body }) => body['input'])).toEqual(['before', 'in the middle', 'after']);
    await expectSound(disk.path);
    await upstream.close();
  });

  it('pictures on a full disk of their own: the failure is recorded at once, in plain words', async () => {
    await using disk = await mountSmallDisk('24m');
    const dataDir = await newDataDir();
    await mkdir(join(disk.path, 'blobs'));
    await symlink(join(disk.path, 'blobs'), join(dataDir, 'blobs'));
    await using server = await startServer({ dataDir });
    await disk.fill();
    const { events } = await generateToEnd(server.url, { prompt: 'a boat [sim:duration=0]' });
    expect(firstOf(events, 'GenerationFailed').failure).toMatchObject({
      code: 'INTERNAL',
      message: 'The image could not be stored on this server.',
      retryable: true,
    });
    expect(await readiness(server.url)).toMatchObject({
      status: 503,
      body: { checks: { blobs: 'failing', database: 'ok' } },
    });
    expect(await storedFiles(dataDir)).toEqual(new Map());
    await disk.free();
    const { events: again } = await generateToEnd(server.url, { prompt: 'a boat [sim:duration=0]' });
    expect(again.at(-1)?.__typename).toBe('GenerationCompleted');
    expect(await readiness(server.url)).toMatchObject(READY);
    await expectSound(dataDir);
    await server.stop();
    await rm(dataDir, { recursive: true });
  });
});

/** Where the call stands when it has ended, or after some seconds. */
async function statusSoon(url: string, id: string): Promise<string> {
  const end = performance.now() + 5_000;
  for (;;) {
    const { status } = await callDetails(url, id);
    if (status === 'COMPLETED' || status === 'FAILED' || performance.now() > end) return status;
    await delay(50);
  }
}
