/** Ids: what is looked up by one that nobody has, by a wrong one, and by one of an earlier version. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import type { Result } from '../support/client.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, makeImage, unknownId } from './steps.ts';

let server: RunningServer;
let imageId: string;
let callId: string;
let conversationId: string;
beforeAll(async () => {
  server = await startServerHere();
  ({ imageId, callId } = await makeImage(server.url, { prompt: 'a red boat [sim:duration=0]' }));
  conversationId = (await callDetails(server.url, callId)).conversation.id;
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function ask(query: string, variables: object): Promise<Result<Readonly<Record<string, unknown>>>> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Result<Readonly<Record<string, unknown>>>;
}

/** As earlier versions wrote it: base64 with padding. */
const inBase64 = (id: string) => Buffer.from(id, 'base64url').toString('base64');
const idsOf = (nodes: unknown) => (nodes as ({ readonly id: string } | null)[]).map((node) => node?.id ?? null);

describe('an id that names nothing', () => {
  const NOTHING = ['abc', '', '💥', '-1', btoa('Image:1'), btoa('ApiKey:01980000-0000-7000-8000-000000000001')];

  it.each([
    ['node', 'Image'],
    ['image', 'Image'],
    ['generationCall', 'GenerationCall'],
    ['conversation', 'Conversation'],
  ])('is answered by %s like a well-formed one that nobody has', async (field, type) => {
    const query = `query ($id: ID!) { ${field}(id: $id) { id } }`;
    const unknown = await ask(query, { id: unknownId(type) });
    expect(unknown).toEqual({ data: { [field]: null } });
    for (const id of NOTHING) expect(await ask(query, { id }), id).toEqual(unknown);
  });

  it('of another type is not found either', async () => {
    for (const [field, id] of Object.entries({ image: callId, generationCall: conversationId, conversation: imageId }))
      expect(await ask(`query ($id: ID!) { ${field}(id: $id) { id } }`, { id })).toEqual({ data: { [field]: null } });
  });

  it('is null in nodes, alone among the others', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }';
    const ids = ['nonsense', imageId, ...NOTHING, callId, unknownId('Image'), conversationId, imageId];
    for (let times = 0; times < 4; times += 1) {
      // Compiled code answers from the third time on.
      const { data, errors } = await ask(query, { ids });
      expect(errors).toBeUndefined();
      const nulls = NOTHING.map(() => null);
      expect(idsOf(data?.['nodes'])).toEqual([null, imageId, ...nulls, callId, null, conversationId, imageId]);
    }
  });
});

describe('an id', () => {
  it('is base64url without padding', () => {
    for (const id of [imageId, callId, conversationId]) expect(id).toMatch(/^[\w-]+$/u);
    // Of the three types, this one would need padding.
    expect(inBase64(conversationId)).toMatch(/==$/u);
  });

  it('of an earlier version is read everywhere, and mixed with new ones', async () => {
    const old = inBase64(conversationId);
    const { data } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: [old, inBase64(imageId), conversationId, inBase64(callId)],
    });
    expect(idsOf(data?.['nodes'])).toEqual([conversationId, imageId, conversationId, callId]);
    const page = await ask(
      `query ($id: ID!) {
        conversation(id: $id) { id }
        images(filter: { conversationId: $id }) { edges { cursor node { id } } }
        generationCalls(filter: { conversationId: $id }) { edges { node { id } } }
      }`,
      { id: old },
    );
    expect(page.data).toMatchObject({
      conversation: { id: conversationId },
      images: { edges: [{ node: { id: imageId } }] },
      generationCalls: { edges: [{ node: { id: callId } }] },
    });
  });

  it('of an earlier version is the same input for an idempotency key', async () => {
    const generate =
      'mutation ($input: GenerateImageInput!) { generateImage(input: $input) { __typename ...Started } }';
    const started = 'fragment Started on GenerateImageSuccess { call { id conversation { id } } }';
    const order = (conversation: string) =>
      ask(`${generate} ${started}`, {
        input: { prompt: 'the same boat at night', conversationId: conversation, idempotencyKey: 'an old id' },
      });
    const first = await order(inBase64(conversationId));
    expect(first.data).toMatchObject({ generateImage: { call: { conversation: { id: conversationId } } } });
    expect(await order(conversationId)).toEqual(first);
  });

  it('with padding that was never written is none', async () => {
    for (const id of [`${imageId}=`, `${conversationId}=`, `${conversationId}===`, ` ${imageId}`])
      expect(await ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ data: { node: null } });
  });
});
