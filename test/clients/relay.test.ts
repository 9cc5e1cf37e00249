/** Relay's compiler and runtime with the app of docs/clients.md, against a real server. */
import {
  commitMutation,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  type GraphQLTaggedNode,
  getFragment,
  getPaginationMetadata,
  getPaginationVariables,
  getRequest,
  getSingularSelector,
  type MutationParameters,
  type Disposable as RelayDisposable,
  requestSubscription,
  type Variables,
} from 'relay-runtime';
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
} from './api.ts';
import type { CallView_call$data } from './app/relay/__generated__/CallView_call.graphql';
import type { CallViewGenerateMutation } from './app/relay/__generated__/CallViewGenerateMutation.graphql';
import CallViewRefetchQuery from './app/relay/__generated__/CallViewRefetchQuery.graphql';
import type { CallViewRefineMutation } from './app/relay/__generated__/CallViewRefineMutation.graphql';
import type { ChatView_conversation$data } from './app/relay/__generated__/ChatView_conversation.graphql';
import type { ChatViewQuery } from './app/relay/__generated__/ChatViewQuery.graphql';
import type { Gallery_image$data } from './app/relay/__generated__/Gallery_image.graphql';
import type { Gallery_query$data } from './app/relay/__generated__/Gallery_query.graphql';
import GalleryPaginationQuery from './app/relay/__generated__/GalleryPaginationQuery.graphql';
import { callFragment, callSubscription, generateMutation, refineMutation } from './app/relay/CallView';
import { chatConnection, chatFragment, chatQuery, chatSubscription } from './app/relay/ChatView';
import { createEnvironment } from './app/relay/environment';
import {
  deleteMutation,
  galleryConnection,
  galleryFragment,
  galleryQuery,
  gallerySubscription,
  imageFragment,
} from './app/relay/Gallery';
import { isShown } from './app/shown';
import { takeWarnings } from './fail-on-warnings.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api[Symbol.asyncDispose]());

function mutate<Mutation extends MutationParameters>(
  environment: Environment,
  mutation: GraphQLTaggedNode,
  variables: Mutation['variables'],
): Promise<Mutation['response']> {
  return new Promise((onCompleted, onError) => {
    commitMutation<Mutation>(environment, { mutation, variables, onCompleted, onError });
  });
}

interface Follow {
  readonly events: readonly unknown[];
  readonly completed: Promise<void>;
  dispose(): void;
}

function follow(
  environment: Environment,
  subscription: GraphQLTaggedNode,
  variables: Variables,
  changed: (event: unknown) => void = () => {},
): Follow {
  const events: unknown[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { dispose }: RelayDisposable = requestSubscription(environment, {
    subscription,
    variables,
    onNext: (data) => {
      events.push(data);
      changed(data);
    },
    onCompleted: resolve,
    onError: reject,
  });
  return { events, completed: promise, dispose };
}

/**
 * What a component with this fragment shows, as it was last: loads the query, and reads the fragment at the field `root` of
 * its result, or at the result itself.
 */
async function show<Data>(
  environment: Environment,
  {
    query,
    variables,
    root,
    fragment,
  }: { query: GraphQLTaggedNode; variables: Variables; root?: string; fragment: GraphQLTaggedNode },
  changed: (data: Data) => void = () => {},
): Promise<() => Data> {
  await fetchQuery(environment, query, variables).toPromise();
  const operation = createOperationDescriptor(getRequest(query), variables);
  environment.retain(operation);
  const { data } = environment.lookup(operation.fragment);
  const selector = getSingularSelector(getFragment(fragment), root === undefined ? data : data?.[root]);
  if (selector == null) throw new Error(`There is no ${root}.`);
  const snapshot = environment.lookup(selector);
  expect(snapshot.isMissingData).toBe(false);
  // The compiler made the type of the data from the fragment.
  let shown = snapshot.data as Data;
  environment.subscribe(snapshot, (next) => {
    expect(next.isMissingData).toBe(false);
    shown = next.data as Data;
    changed(shown);
  });
  return () => shown;
}

/** What a component with this fragment shows of `key` now. */
function read<Data>(environment: Environment, fragment: GraphQLTaggedNode, key: unknown): Data {
  const selector = getSingularSelector(getFragment(fragment), key);
  if (selector == null) throw new Error('It is not loaded.');
  // The compiler made the type of the data from the fragment.
  return environment.lookup(selector).data as Data;
}

async function showGallery(environment: Environment, variables: Variables, isIncluded = isShown) {
  const shown = await show<Gallery_query$data>(environment, {
    query: galleryQuery,
    variables,
    fragment: galleryFragment,
  });
  const images = () => shown().images.edges.map(({ node }) => node);
  return () =>
    images()
      .filter(isIncluded)
      .map(({ id }) => id);
}

/** What `loadNext` and `loadPrevious` of usePaginationFragment do. */
async function loadMore(environment: Environment, direction: 'forward' | 'backward', count: number, cursor: unknown) {
  const { paginationMetadata } = getPaginationMetadata(getFragment(galleryFragment), 'loadMore');
  const variables = getPaginationVariables(direction, count, String(cursor), {}, {}, paginationMetadata);
  await fetchQuery(environment, GalleryPaginationQuery, variables).toPromise();
}

function pageInfo(environment: Environment) {
  return environment.getStore().getSource().get(`${galleryConnection()}:pageInfo`);
}

async function generate(environment: Environment, prompt: string) {
  const input = { prompt, options: { partialImages: 3 } };
  const { generateImage } = await mutate<CallViewGenerateMutation>(environment, generateMutation, { input });
  if (generateImage.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(generateImage));
  return { id: generateImage.call?.id ?? '', conversationId: generateImage.call?.conversation.id ?? '' };
}

describe('Relay', () => {
  it('watches the partial images of a call, resumes by cursor after a cut (promise 2), and refines', async () => {
    const environment = createEnvironment(api.url);
    const call = await generate(environment, 'a kite over the sea');
    const partials = new Set<number>();
    const shown = await show<CallView_call$data>(
      environment,
      { query: CallViewRefetchQuery, variables: { id: call.id }, root: 'node', fragment: callFragment },
      ({ partialImages: { length } }) => {
        // An event has the call as it is now: on a busy machine two partial images arrive with one.
        if (length > 0 && Math.max(0, ...partials) === 0) api.cut();
        partials.add(length);
      },
    );
    const { events, completed } = follow(environment, callSubscription, { callId: call.id });
    await completed;
    expect(Math.max(...partials)).toBe(3);
    const sequences = events.map(
      (event) => (event as { generationEvents: { sequence: number } }).generationEvents.sequence,
    );
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));

    expect(shown()).toMatchObject({ status: 'COMPLETED', partialImages: [{}, {}, {}], images: [{}] });
    const input = { imageId: shown().images[0]?.id ?? '', prompt: 'now in snow' };
    const { refineImage } = await mutate<CallViewRefineMutation>(environment, refineMutation, { input });
    expect(refineImage).toMatchObject({ __typename: 'RefineImageSuccess' });
  });

  it('shows the error of a mutation', async () => {
    const environment = createEnvironment(api.url);
    const { generateImage } = await mutate<CallViewGenerateMutation>(environment, generateMutation, {
      input: { prompt: '' },
    });
    expect(generateImage).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT' });
  });

  it('pages a gallery in both directions', async () => {
    await api.generate(['one', 'two', 'three', 'four', 'five']);
    const all = await newestFirst(api);
    const environment = createEnvironment(api.url);
    const forward = await showGallery(environment, { first: 2 });
    await loadMore(environment, 'forward', 2, pageInfo(environment)?.endCursor);
    expect(forward()).toEqual(all.slice(0, 4));

    const other = createEnvironment(api.url);
    const back = await showGallery(other, { last: 2 });
    await loadMore(other, 'backward', 2, pageInfo(other)?.startCursor);
    expect(back()).toEqual(all.slice(-4));
  });

  it('updates the gallery by events, also by those of a time without a connection', async () => {
    await api.generate(['a first one', 'a second one']);
    const environment = createEnvironment(api.url);
    const shown = await showGallery(environment, { first: 2 });
    const after = await cursorOf(api);
    const requests = countRequests(api);
    const { dispose } = follow(environment, gallerySubscription, { after, connections: [galleryConnection()] });
    const [seen = ''] = await api.generate(['while connected']);
    await eventually(() => shown().includes(seen));
    api.cut();
    const [missed = ''] = await api.generate(['while cut']);
    await eventually(() => shown().includes(missed));
    const uploaded = await api.upload();
    await eventually(() => shown().includes(uploaded));
    expect(shown()).toEqual((await newestFirst(api)).slice(0, 5));
    expect(requests()).toBe(0);
    dispose();
  });

  it('shows in every list what another tab marks, deletes and restores', async () => {
    const images = (await api.generate(['one', 'two', 'three'])).toReversed();
    const environment = createEnvironment(api.url);
    const gallery = await showGallery(environment, { first: 3 });
    const viewOf = (filter: object) => showGallery(environment, { first: 3, filter }, () => true);
    const tab = {
      gallery: () => gallery().slice(0, 3),
      favorites: await viewOf(FILTERS.favorites),
      found: await viewOf(FILTERS.found),
      trash: await viewOf(FILTERS.trash),
      delete: (imageId: string) => mutate(environment, deleteMutation, { imageId }),
    };
    // What `refetch` of usePaginationFragment does.
    const refetch = (filter?: object) =>
      void fetchQuery(environment, GalleryPaginationQuery, { first: 3, filter }).subscribe({});
    const variables = { after: await cursorOf(api), connections: [galleryConnection()] };
    const { dispose } = follow(environment, gallerySubscription, variables, (event) => {
      const { __typename: type } = (event as { viewerEvents: { __typename: string } }).viewerEvents;
      if (!/^Image|^Conversation(Deleted|Restored)/u.test(type)) return;
      for (const filter of Object.values(FILTERS)) refetch(filter);
      if (type === 'ConversationRestored') refetch();
    });
    await followsAnotherTab(api, images, tab);
    dispose();
  });

  it('updates a chat view by events', async () => {
    const environment = createEnvironment(api.url);
    const { conversationId } = await generate(environment, 'the first message');
    const variables = { conversationId, last: 10 };
    const shown = await show<ChatView_conversation$data>(environment, {
      query: chatQuery,
      variables,
      root: 'conversation',
      fragment: chatFragment,
    });
    const loaded = await fetchQuery<ChatViewQuery>(environment, chatQuery, variables).toPromise();
    const { dispose } = follow(environment, chatSubscription, {
      conversationId,
      after: loaded?.conversation?.cursor,
      connections: [chatConnection(conversationId)],
    });
    const items = () =>
      shown().items.edges.map(({ node: { call, image } }) => ({
        call: call && read<CallView_call$data>(environment, callFragment, call),
        image: image && read<Gallery_image$data>(environment, imageFragment, image),
      }));
    await chatsWithAnotherTab(api, conversationId, {
      items: () =>
        items().flatMap(({ call, image }) => {
          if (call) return [`${call.prompt} ${call.status}`];
          return image && isShown(image) ? [image.id] : [];
        }),
      images: () => items().flatMap(({ call }) => call?.images.filter(isShown).map(({ id }) => id) ?? []),
    });
    dispose();
  });

  it('would print a warning for a wrong use', () => {
    getSingularSelector(getFragment(galleryFragment), {});
    expect(takeWarnings().join()).toContain('Gallery_query');
  });
});
