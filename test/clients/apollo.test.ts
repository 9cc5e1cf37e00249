/** Apollo Client with the app of docs/clients.md, against a real server. */
import { type ApolloClient, HttpLink, InMemoryCache, ApolloClient as PlainClient } from '@apollo/client';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Api,
  type ChatItem,
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
import { followChat } from './app/apollo/chat';
import { createApolloClient } from './app/apollo/client';
import { followGallery } from './app/apollo/gallery';
import { CallState, Chat, DeleteImage, Gallery, Generate, Refine, WatchCall } from './app/documents';
import type { ChatQuery, GalleryQuery, GalleryQueryVariables } from './app/gql/graphql';
import { isShown } from './app/shown';
import { takeWarnings } from './fail-on-warnings.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api[Symbol.asyncDispose]());

function useClient(): ApolloClient & Disposable {
  const client = createApolloClient(api.url);
  return Object.assign(client, { [Symbol.dispose]: () => client.stop() });
}

async function generate(client: ApolloClient, prompt: string, conversationId?: string) {
  const { data } = await client.mutate({
    mutation: Generate,
    variables: { input: { prompt, conversationId, options: { partialImages: 3 } } },
  });
  if (data?.generateImage.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(data));
  return data.generateImage.call;
}

/** The ids that a view of the gallery shows, whenever it is asked. */
function viewGallery(client: ApolloClient, variables: GalleryQueryVariables, isIncluded = isShown) {
  const query = client.watchQuery({ query: Gallery, variables, notifyOnNetworkStatusChange: false });
  let images: GalleryQuery['images'] | undefined;
  query.subscribe(({ data }) => {
    // Complete results only: the documents ask for no partial data.
    images = data?.images as typeof images;
  });
  const shown = () => images?.edges.map(({ node }) => node).filter(isIncluded) ?? [];
  return { query, ids: () => shown().map(({ id }) => id) };
}

describe('Apollo Client', () => {
  it('watches the partial images of a call, resumes by cursor after a cut (promise 2), and refines', async () => {
    using client = useClient();
    const call = await generate(client, 'a kite over the sea');
    const sequences: number[] = [];
    const partials: number[] = [];
    // What a component of this call shows.
    client.cache.watchFragment({ fragment: CallState, fragmentName: 'CallState', from: call }).subscribe(({ data }) => {
      const { length = 0 } = data?.partialImages ?? [];
      // An event has the call as it is now: on a busy machine two partial images arrive with one.
      if (length > 0 && partials.every((earlier) => earlier === 0)) api.cut();
      partials.push(length);
    });
    await new Promise<void>((complete, error) => {
      client.subscribe({ query: WatchCall, variables: { callId: call.id } }).subscribe({
        next: ({ data }) => void sequences.push(data?.generationEvents.sequence ?? 0),
        complete,
        error,
      });
    });
    expect(Math.max(...partials)).toBe(3);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));

    const done = client.cache.readFragment({ fragment: CallState, fragmentName: 'CallState', from: call });
    expect(done).toMatchObject({
      status: 'COMPLETED',
      partialImages: [{}, {}, {}],
      images: [{ caption: call.prompt }],
    });
    const refined = await client.mutate({
      mutation: Refine,
      variables: { input: { imageId: done?.images[0]?.id ?? '', prompt: 'now in snow' } },
    });
    expect(refined.data?.refineImage).toMatchObject({ __typename: 'RefineImageSuccess' });
  });

  it('shows the error of a mutation', async () => {
    using client = useClient();
    const { data } = await client.mutate({ mutation: Generate, variables: { input: { prompt: '' } } });
    expect(data?.generateImage).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
  });

  it('pages a gallery in both directions', async () => {
    await api.generate(['one', 'two', 'three', 'four', 'five']);
    const all = await newestFirst(api);
    using client = useClient();
    const forward = viewGallery(client, { first: 2 });
    await eventually(() => forward.ids().length === 2);
    const { data } = await client.query({ query: Gallery, variables: { first: 2 } });
    await forward.query.fetchMore({ variables: { first: 2, after: data?.images.pageInfo.endCursor } });
    await eventually(() => forward.ids().length === 4);
    expect(forward.ids()).toEqual(all.slice(0, 4));

    using other = useClient();
    const back = viewGallery(other, { last: 2 });
    await eventually(() => back.ids().length === 2);
    const page = await other.query({ query: Gallery, variables: { last: 2 } });
    await back.query.fetchMore({
      variables: { first: undefined, last: 2, before: page.data?.images.pageInfo.startCursor },
    });
    await eventually(() => back.ids().length === 4);
    expect(back.ids()).toEqual(all.slice(-4));
  });

  it('updates the gallery by events, also by those of a time without a connection', async () => {
    await api.generate(['a first one', 'a second one']);
    using client = useClient();
    const gallery = viewGallery(client, { first: 2 });
    await eventually(() => gallery.ids().length === 2);
    const requests = countRequests(api);
    const stop = followGallery(client, undefined);
    const [seen = ''] = await api.generate(['while connected']);
    await eventually(() => gallery.ids().includes(seen));
    api.cut();
    const [missed = ''] = await api.generate(['while cut']);
    await eventually(() => gallery.ids().includes(missed));
    const uploaded = await api.upload();
    await eventually(() => gallery.ids().includes(uploaded));
    expect(gallery.ids()).toEqual((await newestFirst(api)).slice(0, 5));
    expect(requests()).toBe(0);
    stop();
  });

  it('shows in every list what another tab marks, deletes and restores', async () => {
    const images = (await api.generate(['one', 'two', 'three'])).toReversed();
    using client = useClient();
    const { mutate } = client;
    const gallery = viewGallery(client, { first: 3 });
    const listOf = (filter: object) => viewGallery(client, { first: 3, filter }, () => true).ids;
    const stop = followGallery(client, await cursorOf(api));
    await followsAnotherTab(api, images, {
      gallery: () => gallery.ids().slice(0, 3),
      favorites: listOf(FILTERS.favorites),
      found: listOf(FILTERS.found),
      trash: listOf(FILTERS.trash),
      delete: (imageId) => mutate({ mutation: DeleteImage, variables: { imageId } }),
    });
    stop();
  });

  it('updates a chat view by events', async () => {
    using client = useClient();
    const call = await generate(client, 'the first message');
    const conversationId = call.conversation.id;
    const variables = { conversationId, last: 10 };
    let shown: readonly ChatItem[] = [];
    client.watchQuery({ query: Chat, variables }).subscribe(({ data }) => {
      // Complete results only, as above.
      const chat = data as ChatQuery | undefined;
      shown = chat?.conversation?.items.edges.map(({ node }) => node) ?? [];
    });
    const { data } = await client.query({ query: Chat, variables });
    const stop = followChat(client, conversationId, data?.conversation?.cursor ?? '');
    await chatsWithAnotherTab(
      api,
      conversationId,
      viewOf(() => shown),
    );
    stop();
  });

  it('would print warnings without the rules for its cache', async () => {
    const client = new PlainClient({ cache: new InMemoryCache(), link: new HttpLink({ uri: api.url }) });
    const [id] = await newestFirst(api);
    for (const field of ['quality', 'format']) {
      const query = parse(`query ($id: ID!) { image(id: $id) { id requested { ${field} } } }`);
      await client.query({ query, variables: { id } });
    }
    expect(takeWarnings().join()).toContain('Cache data may be lost');
    client.stop();
  });
});
