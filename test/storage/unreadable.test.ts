/** A stored file that is gone, torn or not readable: never served, never sent on, and said without a word of paths. */
import { mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { orderedCall } from '../api/orders.ts';
import { callDetails, firstOf, makeImage, refine, untilForgotten, watchToEnd } from '../api/steps.ts';
import { startDevelopingUpstream, startServerAt } from '../api/upstreams.ts';
import { execute } from '../support/client.ts';
import { DataUris } from '../support/documents.ts';
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

async function damagedImage(damage: string) {
  const upstream = await startDevelopingUpstream({ partials: 0 });
  const server = await startServerAt(upstream);
  const { callId, imageId, events } = await makeImage(server.url, { prompt: 'a boat' });
  const { image } = firstOf(events, 'ImageCompleted');
  await DAMAGES[damage]?.(blobPath(server.dataDir, image.sha256));
  await untilForgotten();
  return { upstream, server, callId, imageId, image };
}

describe.each(Object.keys(DAMAGES))('a stored file that %s', (damage) => {
  it('is an error of the server in a data URI, without a path', async () => {
    const { upstream, server, callId, imageId } = await damagedImage(damage);
    await using _ = server;
    const { data, errors } = await execute(server.url, DataUris, { callId, imageId });
    expect(data?.image).toEqual({ dataUri: null });
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR' }) }),
    ]);
    expect(JSON.stringify(errors)).not.toContain(server.dataDir);
    await upstream.close();
  });

  it('fails a refinement that would send it, before the upstream is asked', async () => {
    const { upstream, server, imageId } = await damagedImage(damage);
    await using _ = server;
    // Its upstream does not know this one's ids, so the bytes are the only way.
    await server.stop();
    const other = await startDevelopingUpstream({ partials: 0 });
    await using again = await startServerAt(other, { dataDir: server.dataDir });
    const { id } = await refine(again.url, { imageId, prompt: 'with a lighthouse' });
    const { failure } = firstOf(await watchToEnd(again.url, id), 'GenerationFailed');
    expect(failure).toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('on this server') });
    expect(failure.message).not.toContain(server.dataDir);
    expect(await callDetails(again.url, id)).toMatchObject({ route: 'IMAGE_BYTES', attempts: 1 });
    expect(other.requests).toEqual([]);
    expect((await orderedCall(again.url, id)).cost).toBeNull();
    await other.close();
    await upstream.close();
  });

  it('does not hinder a refinement that names the upstream response instead', async () => {
    const { upstream, server, imageId } = await damagedImage(damage);
    await using _ = server;
    const { id } = await refine(server.url, { imageId, prompt: 'with a lighthouse' });
    expect((await watchToEnd(server.url, id)).at(-1)?.__typename).toBe('GenerationCompleted');
    expect(await callDetails(server.url, id)).toMatchObject({ route: 'PREVIOUS_RESPONSE' });
    expect(upstream.requests).toHaveLength(2);
    await upstream.close();
  });
});

it.each(['is gone', 'breaks off', 'cannot be read'])(
  'a stored file that %s answers 500, and the log says why',
  async (damage) => {
    const { upstream, server, image } = await damagedImage(damage);
    await using _ = server;
    const response = await fetch(image.url);
    expect({ status: response.status, cache: response.headers.get('cache-control') }).toEqual({
      status: 500,
      cache: 'no-store',
    });
    expect(await response.text()).toBe('The image could not be read.\n');
    expect(server.output()).toContain(image.sha256);
    await upstream.close();
  },
);
