/** One generation from beginning to end, as a frontend meets it: events, fields, bytes. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data, execute, TRANSPORTS } from '../support/client.ts';
import { ConversationDetails, DataUris, ImageDetails, NodeById, NodesById, WhoAmI } from '../support/documents.ts';
import type { RunningServer } from '../support/server.ts';
import { openShop, orderToEnd } from './orders.ts';
import {
  allOf,
  callDetails,
  fetchBytes,
  firstOf,
  generate,
  generateToEnd,
  makeImage,
  sha256,
  typesOf,
  unknownId,
  watchToEnd,
} from './steps.ts';

const CAT = 'a gray tabby cat hugging an otter with an orange scarf';
/** For what needs none of them: less to draw. */
const NO_PARTIALS = { partialImages: 0 } as const;

let server: RunningServer;
let url: string;

beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '0' } });
  ({ url } = server);
});
afterAll(() => server?.[Symbol.asyncDispose]());

describe.each(Object.entries(TRANSPORTS))('a generation watched over %s', (_, over) => {
  it('tells every step in order, then completes', async () => {
    const call = await generate(url, { prompt: CAT, options: { partialImages: 3 } });
    expect(call).toMatchObject({ kind: 'GENERATE', prompt: CAT, conversation: { title: CAT } });
    const events = await watchToEnd(url, call.id, { over });
    expect(typesOf(events)).toEqual([
      'GenerationQueued',
      'GenerationStarted',
      'PartialImageReceived',
      'PartialImageReceived',
      'PartialImageReceived',
      'ImageCompleted',
      'GenerationCompleted',
    ]);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events.every((event) => event.call.id === call.id)).toBe(true);
    expect(firstOf(events, 'GenerationStarted').attempt).toBe(1);
    expect(allOf(events, 'PartialImageReceived').map(({ partial }) => partial.index)).toEqual([0, 1, 2]);
    const { image } = firstOf(events, 'ImageCompleted');
    expect(firstOf(events, 'GenerationCompleted').images).toEqual([
      { id: image.id, url: image.url, sha256: image.sha256 },
    ]);
    const moments = events.map(({ at }) => at);
    expect(moments).toEqual(moments.toSorted());
  });

  it('never carries the bytes of a picture, only where they are', async () => {
    const { id } = await generate(url, { prompt: CAT });
    const events = await watchToEnd(url, id, { over });
    // Three pictures of a hundred kilobytes or more would not fit.
    expect(JSON.stringify(events).length).toBeLessThan(8_000);
    expect(JSON.stringify(events)).not.toContain('base64,');
  });
});

describe('a mainline model that would call its tool again', () => {
  const prompt = 'a fox [sim:two-images]';

  it('makes no second picture, which nobody asked for', async () => {
    const { id } = await generateToEnd(url, { prompt, options: NO_PARTIALS });
    expect((await callDetails(url, id)).images).toHaveLength(1);
  });

  it('is not told so where the upstream may refuse that: all its pictures are kept', async () => {
    await using shop = await openShop();
    const { call } = await orderToEnd(shop.url, { prompt, options: NO_PARTIALS });
    expect(call).toMatchObject({ status: 'COMPLETED', images: [{}, {}] });
    expect(shop.creates()).toMatchObject([{ body: expect.not.objectContaining({ max_tool_calls: 1 }) }]);
  });
});

describe('a finished call', () => {
  it('keeps what was asked, what came and when', async () => {
    const options = { size: '1024x1536', quality: 'LOW', format: 'WEBP', compression: 80 } as const;
    const { id, events } = await generateToEnd(url, { prompt: CAT, options });
    const call = await callDetails(url, id);
    expect(call).toMatchObject({
      id,
      kind: 'GENERATE',
      status: 'COMPLETED',
      prompt: CAT,
      route: null,
      attempts: 1,
      failure: null,
      sources: [],
      requested: { ...options, model: null, background: null, partialImages: 2 },
      conversation: { title: CAT },
      cursor: events.at(-1)?.cursor,
      responseId: expect.stringMatching(/^resp_/u),
      createdAt: firstOf(events, 'GenerationQueued').at,
      startedAt: firstOf(events, 'GenerationStarted').at,
      firstPartialAt: firstOf(events, 'PartialImageReceived').at,
      endedAt: firstOf(events, 'GenerationCompleted').at,
    });
    expect(call.revisedPrompt).toContain(CAT);
    expect(call.partialImages).toEqual(allOf(events, 'PartialImageReceived').map(({ partial }) => partial));
    expect(call.images).toEqual(firstOf(events, 'GenerationCompleted').images);
  });

  it('has partial images that are still served, each a picture of the size it says', async () => {
    const { events } = await generateToEnd(url, { prompt: CAT });
    for (const { partial } of allOf(events, 'PartialImageReceived')) {
      const bytes = await fetchBytes(partial.url);
      const { width, height, format } = await sharp(bytes).metadata();
      expect({ width, height, format: format?.toUpperCase(), byteSize: bytes.length }).toEqual({
        width: partial.width,
        height: partial.height,
        format: partial.format,
        byteSize: partial.byteSize,
      });
    }
  });

  it('belongs to a conversation of its own, whose cover is its picture', async () => {
    const { callId, imageId } = await makeImage(url, { prompt: CAT, options: NO_PARTIALS });
    const { conversation } = await callDetails(url, callId);
    const details = await data(url, ConversationDetails, { id: conversation.id });
    expect(details.conversation).toMatchObject({
      title: CAT,
      cover: { id: imageId },
      calls: { edges: [{ node: { id: callId } }] },
      images: { edges: [{ node: { id: imageId } }] },
    });
  });
});

describe('a finished image', () => {
  it.each([
    { format: 'PNG', extension: '.png', mediaType: 'image/png', options: {} },
    { format: 'PNG', extension: '.png', mediaType: 'image/png', options: { background: 'TRANSPARENT' } },
    { format: 'WEBP', extension: '.webp', mediaType: 'image/webp', options: { format: 'WEBP', size: '1536x1024' } },
    { format: 'JPEG', extension: '.jpg', mediaType: 'image/jpeg', options: { format: 'JPEG', compression: 60 } },
  ] as const)('is the bytes it says it is, with the options $options', async (row) => {
    const { events } = await generateToEnd(url, { prompt: CAT, options: row.options });
    const { image } = firstOf(events, 'ImageCompleted');
    const response = await fetch(image.url);
    const bytes = Buffer.from(await response.arrayBuffer());
    const { width, height, format } = await sharp(bytes).metadata();
    expect(new URL(image.url).pathname.endsWith(row.extension)).toBe(true);
    expect(response.headers.get('content-type')).toBe(row.mediaType);
    expect({ width, height, format: format?.toUpperCase() }).toEqual({
      width: image.width,
      height: image.height,
      format: row.format,
    });
    expect(image).toMatchObject({ format: row.format, byteSize: bytes.length, sha256: sha256(bytes) });
    if ('size' in row.options) expect(`${width}x${height}`).toBe(row.options.size);
  });

  it('tells where it came from, what was asked and what the upstream did', async () => {
    const prompt = 'a lighthouse at dusk';
    const { callId, imageId } = await makeImage(url, { prompt, options: { quality: 'MEDIUM', format: 'WEBP' } });
    const { image } = await data(url, ImageDetails, { id: imageId });
    const { conversation } = await callDetails(url, callId);
    expect(image).toMatchObject({
      id: imageId,
      origin: 'GENERATED',
      prompt,
      revisedPrompt: expect.stringContaining(prompt),
      requested: { quality: 'MEDIUM', format: 'WEBP', size: null, partialImages: 2 },
      actual: { quality: 'MEDIUM', format: 'WEBP', size: `${image?.width}x${image?.height}` },
      call: { id: callId },
      conversation: { id: conversation.id },
      sources: [],
      lineage: [{ id: imageId }],
      refinements: { edges: [] },
    });
    expect(Date.parse(image?.createdAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('has a thumbhash of some 25 bytes, that never changes', async () => {
    const { imageId } = await makeImage(url, { prompt: CAT, options: NO_PARTIALS });
    const first = await data(url, ImageDetails, { id: imageId });
    const second = await data(url, ImageDetails, { id: imageId });
    const bytes = Buffer.from(first.image?.thumbhash ?? '', 'base64');
    expect(bytes.length).toBeGreaterThanOrEqual(5);
    expect(bytes.length).toBeLessThanOrEqual(30);
    expect(second.image?.thumbhash).toBe(first.image?.thumbhash);
  });

  it('is another picture for another prompt', async () => {
    const prompts = ['a lighthouse at dusk', 'a red bicycle', 'mountains under snow'];
    const made = await Promise.all(prompts.map((prompt) => generateToEnd(url, { prompt, options: NO_PARTIALS })));
    const hashes = made.map(({ events }) => firstOf(events, 'ImageCompleted').image.sha256);
    expect(new Set(hashes).size).toBe(3);
  });

  it('comes as a data URI of the same bytes when that is selected, partials as well', async () => {
    const { callId, imageId, events } = await makeImage(url, { prompt: CAT });
    const { image, generationCall } = await data(url, DataUris, { callId, imageId });
    const { url: imageUrl } = firstOf(events, 'ImageCompleted').image;
    expect(image?.dataUri).toBe(`data:image/png;base64,${(await fetchBytes(imageUrl)).toString('base64')}`);
    expect(generationCall?.partialImages).toHaveLength(2);
    for (const partial of generationCall?.partialImages ?? []) {
      expect(partial.dataUri).toBe(`data:image/png;base64,${(await fetchBytes(partial.url)).toString('base64')}`);
    }
  });

  it('comes as no data URI when it has more bytes than were allowed', async () => {
    const { callId, imageId, events } = await makeImage(url, { prompt: CAT, options: NO_PARTIALS });
    const { byteSize } = firstOf(events, 'ImageCompleted').image;
    const tooFew = await data(url, DataUris, { callId, imageId, maxBytes: byteSize - 1 });
    const enough = await data(url, DataUris, { callId, imageId, maxBytes: byteSize });
    expect(tooFew.image?.dataUri).toBeNull();
    expect(enough.image?.dataUri).toMatch(/^data:image\/png;base64,/u);
  });

  it('is answered without base64 when no data URI is selected', async () => {
    const { callId, imageId } = await makeImage(url, { prompt: CAT });
    const answers = JSON.stringify([
      await execute(url, ImageDetails, { id: imageId }),
      await callDetails(url, callId),
      await execute(url, NodeById, { id: imageId }),
    ]);
    expect(answers).not.toContain('base64,');
    expect(answers.length).toBeLessThan(6_000);
  });
});

describe('node', () => {
  it('finds each kind of thing again by its id alone', async () => {
    const { callId, imageId } = await makeImage(url, { prompt: CAT, options: NO_PARTIALS });
    const { conversation } = await callDetails(url, callId);
    const ids = [imageId, callId, conversation.id];
    const single = await Promise.all(ids.map((id) => data(url, NodeById, { id })));
    const { nodes } = await data(url, NodesById, { ids });
    const expected = [
      { __typename: 'Image', id: imageId },
      { __typename: 'GenerationCall', id: callId },
      { __typename: 'Conversation', id: conversation.id },
    ];
    expect(single.map(({ node }) => node)).toEqual(expected);
    expect(nodes).toEqual(expected);
  });

  it('is null, in its place, for what is not there', async () => {
    const { imageId } = await makeImage(url, { prompt: CAT, options: NO_PARTIALS });
    const { nodes } = await data(url, NodesById, { ids: [unknownId('Image'), imageId, unknownId('Conversation')] });
    expect(nodes).toEqual([null, { __typename: 'Image', id: imageId }, null]);
    expect(await data(url, NodeById, { id: unknownId('GenerationCall') })).toEqual({ node: null });
  });
});

describe('viewer', () => {
  it('is the local principal, whose pictures the simulator makes', async () => {
    const { viewer } = await data(url, WhoAmI, {});
    expect(viewer).toMatchObject({ principal: 'local', upstream: { kind: 'SIMULATOR', imageModel: null } });
  });
});
