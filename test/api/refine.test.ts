/** Changing pictures: which one is meant, how the upstream is told, and what happens when it has forgotten. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data } from '../support/client.ts';
import { ConversationDetails, ImageDetails } from '../support/documents.ts';
import {
  errorReply,
  type Json,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { newDataDir, type RunningServer, startServer } from '../support/server.ts';
import {
  callDetails,
  fetchBytes,
  firstOf,
  generate,
  makeImage,
  picture,
  refine,
  typesOf,
  watchToEnd,
} from './steps.ts';
import { carries, startDevelopingUpstream, startServerAt } from './upstreams.ts';

/** Enough for these tests, and quickly drawn. */
const FAST = { partialImages: 0 } as const;
const PLAIN = ['GenerationQueued', 'GenerationStarted', 'ImageCompleted', 'GenerationCompleted'];
const SECOND_ATTEMPT = PLAIN.toSpliced(2, 0, 'GenerationRetrying', 'GenerationStarted');

let server: RunningServer;
let url: string;

beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '0' } });
  ({ url } = server);
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function image(id: string, at = url) {
  const details = await data(at, ImageDetails, { id });
  if (details.image === null) throw new Error(`there is no image ${id}`);
  const { sources, lineage, refinements, ...rest } = details.image;
  return {
    ...rest,
    sources: sources.map((source) => source.id),
    lineage: lineage.map((ancestor) => ancestor.id),
    refinements: refinements.edges.map(({ node }) => node.id),
  };
}

async function refineToEnd(imageId: string, prompt: string, at = url) {
  const { id } = await refine(at, { imageId, prompt, options: FAST });
  const events = await watchToEnd(at, id);
  return { events, call: await callDetails(at, id), imageId: firstOf(events, 'ImageCompleted').image.id };
}

describe('a refinement', () => {
  it('goes on from the upstream response that made the picture, in the same conversation', async () => {
    const first = await makeImage(url, { prompt: 'a cat', options: FAST });
    const second = await refineToEnd(first.imageId, 'now make it snow');
    expect(typesOf(second.events)).toEqual(PLAIN);
    const { conversation } = await callDetails(url, first.callId);
    expect(second.call).toMatchObject({
      kind: 'REFINE',
      status: 'COMPLETED',
      prompt: 'now make it snow',
      route: 'PREVIOUS_RESPONSE',
      attempts: 1,
      conversation: { id: conversation.id, title: 'a cat' },
      sources: [{ id: first.imageId }],
    });
    const [before, after] = [await image(first.imageId), await image(second.imageId)];
    expect(after.sha256).not.toBe(before.sha256);
    expect(before).toMatchObject({ lineage: [first.imageId], refinements: [second.imageId] });
    expect(after).toMatchObject({
      sources: [first.imageId],
      lineage: [first.imageId, second.imageId],
      refinements: [],
    });
  });

  it('can begin at any older picture: a branch, each with its own line', async () => {
    const { imageId: root, callId } = await makeImage(url, { prompt: 'a house', options: FAST });
    const left = await refineToEnd(root, 'paint it red');
    const leaf = await refineToEnd(left.imageId, 'add a garden');
    const right = await refineToEnd(root, 'paint it blue');
    expect(right.call).toMatchObject({ route: 'PREVIOUS_RESPONSE', sources: [{ id: root }] });
    expect((await image(leaf.imageId)).lineage).toEqual([root, left.imageId, leaf.imageId]);
    expect((await image(right.imageId)).lineage).toEqual([root, right.imageId]);
    expect((await image(root)).refinements).toEqual([left.imageId, right.imageId]);
    const { conversation } = await callDetails(url, callId);
    const { conversation: thread } = await data(url, ConversationDetails, { id: conversation.id });
    expect(thread?.cover?.id).toBe(right.imageId);
    expect(thread?.images.edges.map(({ node }) => node.id)).toEqual([root, left.imageId, leaf.imageId, right.imageId]);
  });

  it('sends the picture itself when the upstream has forgotten it, and says so', async () => {
    const { imageId } = await makeImage(url, { prompt: 'a fleeting cat [sim:forget]', options: FAST });
    const second = await refineToEnd(imageId, 'now make it snow');
    expect(typesOf(second.events)).toEqual(SECOND_ATTEMPT);
    expect(firstOf(second.events, 'GenerationRetrying')).toMatchObject({
      attempt: 2,
      reason: expect.stringContaining('no longer has the earlier image'),
    });
    expect(second.call).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES', attempts: 2, failure: null });
    expect((await image(second.imageId)).lineage).toEqual([imageId, second.imageId]);
  });
});

describe('a generation in a conversation', () => {
  it('goes on from its newest picture', async () => {
    const upstream = await startDevelopingUpstream({ partials: 0 });
    await using own = await startServerAt(upstream);
    const first = await generate(own.url, { prompt: 'a cat' });
    await watchToEnd(own.url, first.id);
    const conversationId = first.conversation.id;
    const second = await generate(own.url, { prompt: 'and a dog', conversationId });
    expect(second).toMatchObject({ kind: 'GENERATE', conversation: { id: conversationId, title: 'a cat' } });
    await watchToEnd(own.url, second.id);
    const third = await generate(own.url, { prompt: 'and a bird', conversationId });
    await watchToEnd(own.url, third.id);
    expect(upstream.requests.map(({ body }) => body['previous_response_id'])).toEqual([undefined, 'resp_0', 'resp_1']);
    expect(await callDetails(own.url, third.id)).toMatchObject({ status: 'COMPLETED', route: 'PREVIOUS_RESPONSE' });
    await upstream.close();
  });

  it('begins anew where there is no picture yet', async () => {
    const failed = await generate(url, { prompt: 'nothing [sim:no-image]', options: FAST });
    expect(typesOf(await watchToEnd(url, failed.id)).at(-1)).toBe('GenerationFailed');
    const next = await generate(url, { prompt: 'a cat', conversationId: failed.conversation.id, options: FAST });
    await watchToEnd(url, next.id);
    expect(await callDetails(url, next.id)).toMatchObject({ status: 'COMPLETED', route: null, sources: [] });
  });
});

describe('what the upstream is sent', () => {
  /** Makes one picture, refines it, and returns what the upstream was asked and what it had sent. */
  async function refineAt(first: Reply, ...rest: readonly Reply[]) {
    const upstream = await startScriptedUpstream((_, nth) => [first, ...rest][nth] ?? { beforeHeaders: 'destroy' });
    await using own = await startServerAt(upstream);
    const { events } = await makeImage(own.url, { prompt: 'a cat' });
    const made = firstOf(events, 'GenerationCompleted').images.at(-1);
    const { id } = await refine(own.url, { imageId: made?.id ?? '', prompt: 'now make it snow' });
    const watched = await watchToEnd(own.url, id);
    const call = await callDetails(own.url, id);
    await upstream.close();
    return { call, events: watched, bodies: upstream.requests.slice(1).map(({ body }) => body) };
  }

  const made = async (colours: readonly string[], responseId: string) => {
    const pictures = await Promise.all(
      colours.map(async (colour, index) => ({ bytes: await picture(colour), itemId: `ig_${responseId}_${index}` })),
    );
    return streamReply(recordedEvents({ responseId, pictures }));
  };
  const editTool = (body: Json | undefined) => expect(body?.['tools']).toMatchObject([{ action: 'edit' }]);

  it('is the id of the response, and the order to edit', async () => {
    const { call, bodies } = await refineAt(await made(['red'], 'resp_a'), await made(['blue'], 'resp_b'));
    expect(call).toMatchObject({ status: 'COMPLETED', route: 'PREVIOUS_RESPONSE', responseId: 'resp_b' });
    expect(bodies).toMatchObject([{ previous_response_id: 'resp_a', input: 'now make it snow' }]);
    editTool(bodies[0]);
  });

  it('is the id of the one picture that is meant where the response made several', async () => {
    const { call, bodies } = await refineAt(await made(['red', 'green'], 'resp_a'), await made(['blue'], 'resp_b'));
    expect(call).toMatchObject({ status: 'COMPLETED', route: 'CONTEXT_ITEMS' });
    expect(bodies).toMatchObject([{ input: [{ type: 'image_generation_call', id: 'ig_resp_a_1' }, { role: 'user' }] }]);
    expect(bodies[0]).not.toHaveProperty('previous_response_id');
  });

  it('promise 6: are our bytes in a second recorded attempt, when the upstream refuses the first for what it forgot', async () => {
    const lost = errorReply(400, {
      type: 'invalid_request_error',
      code: 'previous_response_not_found',
      param: 'previous_response_id',
      message: "Previous response with id 'resp_a' not found.",
    });
    const { call, bodies, events } = await refineAt(
      await made(['red'], 'resp_a'),
      lost,
      await made(['blue'], 'resp_b'),
    );
    expect(call).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES', attempts: 2, responseId: 'resp_b' });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).not.toHaveProperty('previous_response_id');
    expect(carries(bodies[1] ?? {}, await picture('red'))).toBe(true);
    editTool(bodies[1]);
    expect(typesOf(events)).toEqual(SECOND_ATTEMPT);
  });

  it('promise 6: is nothing more when the refusal has another reason', async () => {
    const refused = errorReply(400, { code: 'invalid_value', message: 'Bad.' });
    const { call, bodies } = await refineAt(await made(['red'], 'resp_a'), refused);
    expect(call).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'INVALID_REQUEST' } });
    expect(bodies).toHaveLength(1);
  });
});

describe('a picture stays refinable for ever', () => {
  it('behind a restart, when the upstream has forgotten everything; and at another upstream, which is sent our bytes', async () => {
    const dataDir = await newDataDir();
    const env = { SIMULATOR_DURATION_MS: '0' };
    let imageId: string;
    {
      await using before = await startServer({ dataDir, env });
      ({ imageId } = await makeImage(before.url, { prompt: 'an old cat', options: FAST }));
      await before.stop();
    }
    {
      await using after = await startServer({ dataDir, env });
      const { call, events } = await refineToEnd(imageId, 'now make it snow', after.url);
      expect(typesOf(events)).toEqual(SECOND_ATTEMPT);
      expect(call).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES', attempts: 2 });
      await after.stop();
    }
    const upstream = await startDevelopingUpstream({ partials: 0 });
    {
      await using elsewhere = await startServerAt(upstream, { dataDir });
      const { call, events } = await refineToEnd(imageId, 'now make it rain', elsewhere.url);
      // Ids of the simulator mean nothing here: nobody has to say so first.
      expect(typesOf(events)).toEqual(PLAIN);
      expect(call).toMatchObject({ status: 'COMPLETED', route: 'IMAGE_BYTES', attempts: 1 });
      const bytes = await fetchBytes((await image(imageId, elsewhere.url)).url);
      expect(upstream.requests).toHaveLength(1);
      expect(carries(upstream.requests[0]?.body ?? {}, bytes)).toBe(true);
    }
    await upstream.close();
    await rm(dataDir, { recursive: true });
  });
});
