/** Lists: Relay connections that go both ways, show every row once, and stand still while new rows come. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data, execute } from '../support/client.ts';
import { Conversations, GenerationCalls, Images } from '../support/documents.ts';
import type { ImagesQueryVariables } from '../support/gql/graphql.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, makeImage } from './steps.ts';

interface Made {
  readonly imageId: string;
  readonly callId: string;
  readonly conversationId: string;
}

let server: RunningServer;
let url: string;
/** The oldest first. */
const made: Made[] = [];

async function make(prompt: string): Promise<Made> {
  const { imageId, callId } = await makeImage(url, {
    prompt: `${prompt} [sim:duration=0]`,
    options: { partialImages: 0 },
  });
  const { conversation } = await callDetails(url, callId);
  return { imageId, callId, conversationId: conversation.id };
}

beforeAll(async () => {
  server = await startServerHere();
  ({ url } = server);
  for (let number = 1; number <= 7; number += 1) made.push(await make(`${number} red apples`));
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function images(variables: ImagesQueryVariables) {
  const { images: connection } = await data(url, Images, variables);
  return { ...connection, ids: connection.edges.map(({ node }) => node.id) };
}

/** All pages one after the other; the walk ends when the server says so. */
async function walk(direction: 'forward' | 'backward', size: number, variables: ImagesQueryVariables = {}) {
  const pages: string[][] = [];
  let place: ImagesQueryVariables = direction === 'forward' ? { first: size } : { last: size };
  for (;;) {
    const { ids, pageInfo } = await images({ ...variables, ...place });
    pages.push(ids);
    if (direction === 'forward' && pageInfo.hasNextPage) place = { first: size, after: pageInfo.endCursor };
    else if (direction === 'backward' && pageInfo.hasPreviousPage) place = { last: size, before: pageInfo.startCursor };
    else return pages;
    if (pages.length > 20) throw new Error(`the pages do not end: ${JSON.stringify(pages)}`);
  }
}

const oldestFirst = () => made.map(({ imageId }) => imageId);
const newestFirst = () => oldestFirst().toReversed();

describe('a list of images', () => {
  it.each([1, 3, 7, 100])('shows every one once, the newest first, in pages of %i', async (size) => {
    const pages = await walk('forward', size);
    expect(pages.flat()).toEqual(newestFirst());
    expect(pages).toHaveLength(Math.ceil(made.length / size));
  });

  it.each([1, 3, 7])('shows every one once from its far end, in pages of %i', async (size) => {
    const pages = await walk('backward', size);
    expect(pages.toReversed().flat()).toEqual(newestFirst());
  });

  it('turns around when the oldest are asked for first', async () => {
    const orderBy = { field: 'CREATED_AT', direction: 'ASC' } as const;
    expect((await walk('forward', 3, { orderBy })).flat()).toEqual(oldestFirst());
    expect((await walk('backward', 3, { orderBy })).toReversed().flat()).toEqual(oldestFirst());
  });

  it('stands still while new rows come: no row twice, none left out', async () => {
    const before = newestFirst();
    const first = await images({ first: 3 });
    const extra = await make('an eighth red apple');
    const second = await images({ first: 100, after: first.pageInfo.endCursor });
    made.push(extra);
    expect([...first.ids, ...second.ids]).toEqual(before);
    const newer = await images({ last: 10, before: first.pageInfo.startCursor });
    expect(newer.ids).toEqual([extra.imageId]);
  });

  it('has cursors at each edge that lead to the neighbours', async () => {
    const all = await images({ first: 100 });
    const third = all.edges[2]?.cursor;
    expect((await images({ first: 1, after: third })).ids).toEqual([newestFirst()[3]]);
    expect((await images({ last: 1, before: third })).ids).toEqual([newestFirst()[1]]);
    expect(all.pageInfo).toMatchObject({ startCursor: all.edges[0]?.cursor, endCursor: all.edges.at(-1)?.cursor });
  });

  it('can be asked for no rows at all', async () => {
    expect((await images({ first: 0 })).ids).toEqual([]);
  });

  it('knows that rows stand ahead of a page that begins behind a cursor', async () => {
    const { pageInfo } = await images({ first: 2 });
    expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await images({ first: 100, after: pageInfo.endCursor });
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('can be narrowed to one conversation', async () => {
    const { conversationId, imageId } = made[2] ?? { conversationId: '', imageId: '' };
    expect((await images({ filter: { conversationId } })).ids).toEqual([imageId]);
  });
});

describe('a cursor of a list', () => {
  const invalid = (field: string, message: string) => ({
    data: null,
    errors: [{ extensions: { code: 'INVALID_INPUT', fields: [{ field, message: expect.stringContaining(message) }] } }],
  });

  it('is rejected by another list, by the same list with another filter or order, and by that of another parent', async () => {
    const { endCursor: after } = (await images({ first: 2 })).pageInfo;
    const [one, other] = made.map(({ conversationId }) => conversationId);
    const another = invalid('after', 'belongs to another list, or to this list with another filter or order.');
    expect(await execute(url, Conversations, { after })).toMatchObject(another);
    expect(await execute(url, GenerationCalls, { after })).toMatchObject(another);
    expect(await execute(url, Images, { after, filter: { conversationId: one ?? '' } })).toMatchObject(another);
    const orderBy = { field: 'CREATED_AT', direction: 'ASC' } as const;
    expect(await execute(url, Images, { after, orderBy })).toMatchObject(another);
    expect(await execute(url, Images, { before: after, orderBy })).toMatchObject(invalid('before', 'another list'));
    const filtered = (await images({ first: 1, filter: { conversationId: one ?? '' } })).pageInfo.endCursor;
    expect(await execute(url, Images, { after: filtered, filter: { conversationId: other ?? '' } })).toMatchObject(
      another,
    );
    expect(await execute(url, Images, { after: filtered })).toMatchObject(another);
    expect(await execute(url, Images, { after: filtered, filter: { conversationId: one ?? '' } })).not.toHaveProperty(
      'errors',
    );
  });

  it('is one for a filter, however its statuses are written', async () => {
    const list = { first: 1, filter: { statuses: ['COMPLETED', 'FAILED'] } } as const;
    const page = await data(url, GenerationCalls, { ...list, filter: { statuses: [...list.filter.statuses] } });
    const after = page.generationCalls.pageInfo.endCursor;
    const turned = await data(url, GenerationCalls, { first: 1, after, filter: { statuses: ['FAILED', 'COMPLETED'] } });
    expect(turned.generationCalls.edges).toHaveLength(1);
  });

  it('is rejected when it is one of an earlier version, which named no list', async () => {
    const [, , id = ''] = Buffer.from((await images({ first: 1 })).pageInfo.endCursor ?? '', 'base64url')
      .toString()
      .split('~');
    const after = Buffer.from(id).toString('base64url');
    expect(await execute(url, Images, { after })).toMatchObject(invalid('after', 'is not a cursor of this list.'));
  });
});

describe('the other lists', () => {
  it('show calls, the newest first, of one conversation or one status where asked', async () => {
    const { generationCalls } = await data(url, GenerationCalls, { first: 100 });
    expect(generationCalls.edges.map(({ node }) => node.id)).toEqual(made.map(({ callId }) => callId).toReversed());
    const { conversationId, callId } = made[0] ?? { conversationId: '', callId: '' };
    const ofOne = await data(url, GenerationCalls, { filter: { conversationId } });
    expect(ofOne.generationCalls.edges.map(({ node }) => node.id)).toEqual([callId]);
    const failed = await data(url, GenerationCalls, { filter: { statuses: ['FAILED', 'QUEUED'] } });
    expect(failed.generationCalls.edges).toEqual([]);
    const completed = await data(url, GenerationCalls, { first: 2, filter: { statuses: ['COMPLETED'] } });
    expect(completed.generationCalls.edges).toHaveLength(2);
  });

  it('show conversations, the newest first, page by page', async () => {
    const newest = made.map(({ conversationId }) => conversationId).toReversed();
    const first = await data(url, Conversations, { first: 4 });
    const after = first.conversations.pageInfo.endCursor;
    const second = await data(url, Conversations, { first: 100, after });
    const ids = [first, second].flatMap(({ conversations }) => conversations.edges.map(({ node }) => node.id));
    expect(ids).toEqual(newest);
  });
});
