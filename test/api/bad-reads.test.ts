/** Queries and subscriptions that ask for what cannot be: errors outside of a union, each with its code. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/domain/cursor.ts';
import { data, TRANSPORTS } from '../support/client.ts';
import {
  GenerateImage,
  GenerationCalls,
  ImageDetails,
  Images,
  NodesById,
  WatchCall,
  WatchConversation,
} from '../support/documents.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, countRows, errorsOf, generateToEnd, makeImage, refusal } from './steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startServerAt } from './upstreams.ts';

let upstream: DevelopingUpstream;
let server: RunningServer;
let url: string;
let imageId: string;
let callId: string;
let conversationId: string;
let cursor: string;
/** A call whose cursors belong to nothing else. */
let otherCursor: string;

beforeAll(async () => {
  upstream = await startDevelopingUpstream();
  server = await startServerAt(upstream);
  ({ url } = server);
  const made = await makeImage(url, { prompt: 'a good one' });
  ({ imageId, callId } = made);
  cursor = made.events.at(-1)?.cursor ?? '';
  ({ id: conversationId } = (await callDetails(url, callId)).conversation);
  const other = await generateToEnd(url, { prompt: 'another one' });
  otherCursor = other.events.at(-1)?.cursor ?? '';
});
afterAll(async () => {
  // Whatever these tests asked for, nothing came of it.
  expect({ requests: upstream.requests.length, calls: countRows(server.dataDir)['calls'] }).toEqual({
    requests: 2,
    calls: 2,
  });
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

it('an id with something behind it names nothing: one thing has one id', async () => {
  for (const id of [`${imageId}AAAA`, `${imageId}!`, ` ${imageId}`]) {
    expect(await data(url, ImageDetails, { id })).toEqual({ image: null });
    expect(await data(url, NodesById, { ids: [imageId, id] })).toMatchObject({ nodes: [{ id: imageId }, null] });
  }
});

describe('queries carry extensions.code', () => {
  it.each(['variables', 'extensions'])('a URL whose %s are no JSON', async (name) => {
    const response = await fetch(`${url}/graphql?query={__typename}&${name}={`);
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        errors: [
          {
            message: 'The parameters "variables" and "extensions" of the URL must be JSON.',
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      },
    ]);
    expect(server.output()).not.toContain('unexpected error');
  });

  it.each([
    { variables: { first: -1 }, field: 'first' },
    { variables: { first: 101 }, field: 'first' },
    { variables: { last: -1 }, field: 'last' },
    { variables: { last: 101 }, field: 'last' },
    { variables: { first: 1, last: 1 }, field: 'last' },
    { variables: { after: 'nonsense' }, field: 'after' },
    { variables: { before: '' }, field: 'before' },
  ])('for a page of $variables', async ({ variables, field }) => {
    const invalid = { extensions: { code: 'INVALID_INPUT', fields: [{ field }] } };
    expect(await errorsOf(url, Images, variables)).toMatchObject([invalid]);
    expect(await errorsOf(url, GenerationCalls, variables)).toMatchObject([invalid]);
  });

  it('for a filter by an id that is none, or of another thing', async () => {
    for (const id of ['nonsense', imageId]) {
      expect(await errorsOf(url, Images, { filter: { conversationId: id } })).toMatchObject([
        { extensions: { code: 'INVALID_INPUT', fields: [{ field: 'filter.conversationId' }] } },
      ]);
    }
  });

  it("for a list's cursor with something behind it", async () => {
    const { images } = await data(url, Images, { first: 1 });
    for (const after of [`${images.pageInfo.endCursor}!`, `${images.pageInfo.endCursor}\n`]) {
      expect(await errorsOf(url, Images, { after })).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
    }
  });

  it.each([
    { what: 'a syntax error', body: { query: '{ viewer {' } },
    { what: 'an unknown field', body: { query: '{ nothing }' } },
    { what: 'no query', body: {} },
    {
      what: 'a variable of the wrong type',
      body: {
        query: String(GenerateImage),
        variables: { input: { prompt: 'a boat', options: { quality: 'BEST' } } },
      },
    },
    {
      what: 'a variable that is missing',
      body: { query: String(GenerateImage), variables: {} },
    },
    {
      what: 'a size that is a number',
      body: { query: 'mutation { generateImage(input: { prompt: "a", options: { size: 5 } }) { __typename } }' },
    },
  ])('for $what', async ({ body }) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
  });
});

describe.each(Object.entries(TRANSPORTS))('a subscription over %s', (_, over) => {
  it.each(['', 'nonsense', '{"after":1}', '💥'])('refuses %j as a cursor', async (after) => {
    const invalid = [{ extensions: { code: 'INVALID_INPUT', fields: [{ field: 'after' }] } }];
    expect(await refusal(over(url, WatchCall, { callId, after }))).toMatchObject(invalid);
    expect(await refusal(over(url, WatchConversation, { conversationId, after }))).toMatchObject(invalid);
  });

  it('refuses a cursor with something behind it', async () => {
    const invalid = [{ extensions: { code: 'INVALID_INPUT', fields: [{ field: 'after' }] } }];
    expect(await refusal(over(url, WatchCall, { callId, after: `${cursor}AA` }))).toMatchObject(invalid);
  });

  it('refuses a cursor ahead of the newest event', async () => {
    const decoded = decodeCursor(cursor);
    if (decoded === null) throw new Error('there is no cursor to change');
    const after = encodeCursor({ ...decoded, sequence: 999, position: 999 });
    const ahead = [{ extensions: { fields: [{ message: expect.stringContaining('ahead of the newest event') }] } }];
    expect(await refusal(over(url, WatchCall, { callId, after }))).toMatchObject(ahead);
    expect(await refusal(over(url, WatchConversation, { conversationId, after }))).toMatchObject(ahead);
  });

  it('refuses ids that are none, or of another thing', async () => {
    for (const id of ['nonsense', imageId]) {
      const invalid = (field: string) => [{ extensions: { code: 'INVALID_INPUT', fields: [{ field }] } }];
      expect(await refusal(over(url, WatchCall, { callId: id }))).toMatchObject(invalid('callId'));
      expect(await refusal(over(url, WatchConversation, { conversationId: id }))).toMatchObject(
        invalid('conversationId'),
      );
    }
  });

  it('refuses the cursor of another call or conversation', async () => {
    const other = (what: string) => [
      { extensions: { fields: [{ field: 'after', message: expect.stringContaining(`belongs to another ${what}`) }] } },
    ];
    const after = otherCursor;
    expect(await refusal(over(url, WatchCall, { callId, after }))).toMatchObject(other('call'));
    expect(await refusal(over(url, WatchConversation, { conversationId, after }))).toMatchObject(other('conversation'));
  });
});
