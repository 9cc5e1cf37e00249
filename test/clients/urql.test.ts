/** urql with Graphcache and the app of docs/clients.md, against a real server. */
import { type Client, fetchExchange, gql, Client as PlainClient } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Api,
  chatsWithAnotherTab,
  countRequests,
  cursorOf,
  eventually,
  FILTERS,
  followsAnotherTab,
  newestFirst,
  startApi,
  viewOf,
} from './api.ts';
import {
  CallState,
  Chat,
  DeleteImage,
  FollowConversation,
  FollowGallery,
  Gallery,
  Generate,
  Refine,
  WatchCall,
} from './app/documents';
import type { ChatQuery, GalleryQuery, GalleryQueryVariables } from './app/gql/graphql';
import { isShown } from './app/shown';
import { createUrqlClient } from './app/urql/client';
import schema from './app/urql/introspection.json';
import { takeWarnings } from './fail-on-warnings.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api[Symbol.asyncDispose]());

async function generate(client: Client, prompt: string) {
  const { data, error } = await client.mutation(Generate, { input: { prompt, options: { partialImages: 3 } } });
  if (data?.generateImage.__typename !== 'GenerateImageSuccess') throw error ?? new Error(JSON.stringify(data));
  return data.generateImage.call;
}

/** What a view of the gallery shows: complete data, as it was last. */
function viewGallery(client: Client, variables: GalleryQueryVariables, isIncluded = isShown) {
  let shown: GalleryQuery['images'] | undefined;
  client.query(Gallery, variables).subscribe(({ data, error }) => {
    if (error) throw error;
    shown = data?.images;
  });
  const images = () => shown?.edges.map(({ node }) => node).filter(isIncluded) ?? [];
  return { pageInfo: () => shown?.pageInfo, ids: () => images().map(({ id }) => id) };
}

describe('urql with Graphcache', () => {
  it('watches the partial images of a call, resumes by cursor after a cut (promise 2), and refines', async () => {
    const client = createUrqlClient(api.url);
    const call = await generate(client, 'a kite over the sea');
    const query = gql`query ($id: ID!) { generationCall(id: $id) { ...CallState } } ${CallState}`;
    const partials = new Set<number>();
    // What a component of this call shows.
    const view = client.query(query, { id: call.id }).subscribe(({ data }) => {
      const { length } = data?.generationCall.partialImages ?? [];
      // An event has the call as it is now: on a busy machine two partial images arrive with one.
      if (length > 0 && Math.max(0, ...partials) === 0) api.cut();
      partials.add(length);
    });
    const sequences: number[] = [];
    let status: string | undefined;
    const watch = client.subscription(WatchCall, { callId: call.id }).subscribe(({ data, error, hasNext }) => {
      if (error) throw error;
      // When a subscription ends, urql gives its last event again.
      if (!hasNext) return;
      sequences.push(data?.generationEvents.sequence ?? 0);
      status = data?.generationEvents.call.status;
    });
    await eventually(() => status === 'COMPLETED');
    watch.unsubscribe();
    view.unsubscribe();
    expect(Math.max(...partials)).toBe(3);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));

    const done = client.readQuery(query, { id: call.id })?.data.generationCall;
    expect(done).toMatchObject({
      status: 'COMPLETED',
      partialImages: [{}, {}, {}],
      images: [{ caption: call.prompt }],
    });
    const refined = await client.mutation(Refine, { input: { imageId: done.images[0].id, prompt: 'now in snow' } });
    expect(refined.data?.refineImage).toMatchObject({ __typename: 'RefineImageSuccess' });
  });

  it('shows the error of a mutation', async () => {
    const { data } = await createUrqlClient(api.url).mutation(Generate, { input: { prompt: '' } });
    expect(data?.generateImage).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
  });

  it('pages a gallery in both directions', async () => {
    await api.generate(['one', 'two', 'three', 'four', 'five']);
    const all = await newestFirst(api);
    const client = createUrqlClient(api.url);
    const forward = viewGallery(client, { first: 2 });
    await eventually(() => forward.ids().length === 2);
    const more = viewGallery(client, { first: 2, after: forward.pageInfo()?.endCursor });
    await eventually(() => more.ids().length === 4);
    expect(more.ids()).toEqual(all.slice(0, 4));

    const other = createUrqlClient(api.url);
    const back = viewGallery(other, { last: 2 });
    await eventually(() => back.ids().length === 2);
    const before = viewGallery(other, { last: 2, before: back.pageInfo()?.startCursor });
    await eventually(() => before.ids().length === 4);
    expect(before.ids()).toEqual(all.slice(-4));
  });

  it('updates the gallery by events, also by those of a time without a connection', async () => {
    await api.generate(['a first one', 'a second one', 'a third one']);
    const client = createUrqlClient(api.url);
    const gallery = viewGallery(client, { first: 2 });
    await eventually(() => gallery.ids().length === 2);
    const more = viewGallery(client, { first: 1, after: gallery.pageInfo()?.endCursor });
    await eventually(() => more.ids().length === 3);
    const requests = countRequests(api);
    const follow = client.subscription(FollowGallery, {}).subscribe(({ error }) => {
      if (error) throw error;
    });
    const [seen = ''] = await api.generate(['while connected']);
    await eventually(() => more.ids().includes(seen));
    api.cut();
    const [missed = ''] = await api.generate(['while cut']);
    await eventually(() => more.ids().includes(missed));
    const uploaded = await api.upload();
    await eventually(() => more.ids().includes(uploaded));
    expect(more.ids()).toEqual((await newestFirst(api)).slice(0, 6));
    expect(requests()).toBe(0);
    follow.unsubscribe();
  });

  it('shows in every list what another tab marks, deletes and restores', async () => {
    const images = (await api.generate(['one', 'two', 'three'])).toReversed();
    const client = createUrqlClient(api.url);
    const gallery = viewGallery(client, { first: 3 });
    const listOf = (filter: object) => viewGallery(client, { first: 3, filter }, () => true).ids;
    const follow = client.subscription(FollowGallery, { after: await cursorOf(api) }).subscribe(({ error }) => {
      if (error) throw error;
    });
    await followsAnotherTab(api, images, {
      gallery: () => gallery.ids().slice(0, 3),
      favorites: listOf(FILTERS.favorites),
      found: listOf(FILTERS.found),
      trash: listOf(FILTERS.trash),
      delete: async (imageId) => client.mutation(DeleteImage, { imageId }),
    });
    follow.unsubscribe();
  });

  it('updates a chat view by events', async () => {
    const client = createUrqlClient(api.url);
    const call = await generate(client, 'the first message');
    const conversationId = call.conversation.id;
    const shown: { conversation?: ChatQuery['conversation'] } = {};
    const view = client.query(Chat, { conversationId, last: 10 }).subscribe(({ data, error }) => {
      if (error) throw error;
      shown.conversation = data?.conversation ?? null;
    });
    const after = await eventually(() => shown.conversation?.cursor);
    const follow = client.subscription(FollowConversation, { conversationId, after }).subscribe(({ error }) => {
      if (error) throw error;
    });
    const items = () => shown.conversation?.items.edges.map(({ node }) => node) ?? [];
    await chatsWithAnotherTab(api, conversationId, viewOf(items));
    follow.unsubscribe();
    view.unsubscribe();
  });

  it('would print warnings without the rules for its cache', async () => {
    const client = new PlainClient({
      url: api.url,
      preferGetMethod: false,
      exchanges: [cacheExchange({ schema }), fetchExchange],
    });
    await client.query(gql`{ images(first: 1) { edges { node { id requested { quality } } } } }`, {});
    expect(takeWarnings().join()).toContain('ImageSettings');
  });
});
