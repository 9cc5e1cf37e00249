/** A stored file that is gone, truncated or unreadable: never served, never sent on, and no error shows a path. */
import { mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderedCall } from '../api/orders.ts';
import { callDetails, type EventOf, firstOf, makeImage, refine, untilForgotten, watchToEnd } from '../api/steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import { execute } from '../support/client.ts';
import { DataUris } from '../support/documents.ts';
import { newDataDir, type TestServer } from '../support/server.ts';
import { blobPath } from './steps.ts';

const DAMAGES: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'is gone': (file) => rm(file),
  'breaks off': (file) => truncate(file, 40),
  'has other bytes of the same number': async (file) => writeFile(file, Buffer.alloc((await stat(file)).size, 7)),
  'cannot be read': async (file) => {
    await rm(file);
    await mkdir(file);
  },
};

interface Damaged {
  readonly callId: string;
  readonly imageId: string;
  readonly image: EventOf<'ImageCompleted'>['image'];
}

const DAMAGE_NAMES = Object.keys(DAMAGES);

/** One server with an image for each kind of damage, whose files are damaged while it runs. */
let upstream: DevelopingUpstream;
let server: TestServer;
let damaged: ReadonlyMap<string, Damaged>;
/**
 * Another server, on data of the same kind that was damaged while no server ran. Its upstream does not know the ids of
 * the upstream that made the images, so a refinement has to send their bytes.
 */
let otherUpstream: DevelopingUpstream;
let otherServer: TestServer;
let otherDamaged: ReadonlyMap<string, Damaged>;
let otherDataDir: string;

beforeAll(async () => {
  upstream = await startDevelopingUpstream({ partials: 0 });
  otherUpstream = await startDevelopingUpstream({ partials: 0 });
  otherDataDir = await newDataDir();
  server = await startProcessAt(upstream);
  damaged = await damagedImages(server);
  {
    await using before = await startProcessAt(upstream, { dataDir: otherDataDir });
    otherDamaged = await damagedImages(before);
    await before.stop();
  }
  otherServer = await startProcessAt(otherUpstream, { dataDir: otherDataDir });
  await untilForgotten();
});
afterAll(async () => {
  for (const each of [server, otherServer]) await each[Symbol.asyncDispose]();
  for (const each of [upstream, otherUpstream]) await each.close();
  await rm(otherDataDir, { recursive: true });
});

async function damagedImages({ url, dataDir }: TestServer): Promise<ReadonlyMap<string, Damaged>> {
  const images = new Map<string, Damaged>();
  for (const name of DAMAGE_NAMES) {
    const { callId, imageId, events } = await makeImage(url, { prompt: `a boat that ${name}` });
    const { image } = firstOf(events, 'ImageCompleted');
    await DAMAGES[name]?.(blobPath(dataDir, image.sha256));
    images.set(name, { callId, imageId, image });
  }
  return images;
}

function damagedBy(damage: string, images = damaged): Damaged {
  const image = images.get(damage);
  if (image === undefined) throw new Error(`no image ${damage}`);
  return image;
}

describe.each(DAMAGE_NAMES)('a stored file that %s', (damage) => {
  it('is an error of the server in a data URI, without a path', async () => {
    const { callId, imageId } = damagedBy(damage);
    const { data, errors } = await execute(server.url, DataUris, { callId, imageId });
    expect(data?.image).toEqual({ dataUri: null });
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) }),
    ]);
    expect(JSON.stringify(errors)).not.toContain(server.dataDir);
  });

  it('fails a refinement that would send it, before the upstream is asked', async () => {
    const { imageId } = damagedBy(damage, otherDamaged);
    const { id } = await refine(otherServer.url, { imageId, prompt: 'with a lighthouse' });
    const { failure } = firstOf(await watchToEnd(otherServer.url, id), 'GenerationFailed');
    expect(failure).toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('on this server') });
    expect(failure.message).not.toContain(otherDataDir);
    expect(await callDetails(otherServer.url, id)).toMatchObject({ route: 'IMAGE_BYTES', attempts: 1 });
    expect(otherUpstream.requests).toEqual([]);
    expect((await orderedCall(otherServer.url, id)).cost).toBeNull();
  });

  it('does not hinder a refinement that names the upstream response instead', async () => {
    const { imageId } = damagedBy(damage);
    const requestsBefore = upstream.requests.length;
    const { id } = await refine(server.url, { imageId, prompt: 'with a lighthouse' });
    expect((await watchToEnd(server.url, id)).at(-1)?.__typename).toBe('GenerationCompleted');
    expect(await callDetails(server.url, id)).toMatchObject({ route: 'PREVIOUS_RESPONSE' });
    expect(upstream.requests).toHaveLength(requestsBefore + 1);
  });
});

it.each(['is gone', 'breaks off', 'cannot be read'])(
  'a stored file that %s answers 500, and the log says why',
  async (damage) => {
    const { image } = damagedBy(damage);
    const loggedBefore = server.output().length;
    const response = await fetch(image.url);
    expect({ status: response.status, cache: response.headers.get('cache-control') }).toEqual({
      status: 500,
      cache: 'no-store',
    });
    expect(await response.text()).toBe('The image could not be read.\n');
    expect(server.output().slice(loggedBefore)).toContain(image.sha256);
  },
);
