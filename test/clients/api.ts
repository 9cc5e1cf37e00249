/** A server of its own process behind a proxy that can cut, and what another tab does with its API. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { newDataDir, startServer } from '../support/server.ts';
import type { ChatQuery } from './app/gql/graphql';
import { isShown } from './app/shown';
import { uploadImage } from './app/upload';
import { startCuttingProxy } from './cutting-proxy.ts';

export interface Api extends AsyncDisposable {
  /** The address of the API, through the proxy. */
  readonly url: string;
  /** Cuts all connections. */
  cut(): void;
  /** Starts the server again, which deletes for good what is in the trash. */
  restart(): Promise<void>;
  /** Generates images one after another. @returns their ids */
  generate(prompts: readonly string[]): Promise<readonly string[]>;
  /** Uploads an image, as another tab. @returns its id */
  upload(conversationId?: string): Promise<string>;
  /** Runs an operation that must succeed, as another tab. */
  // biome-ignore lint/suspicious/noExplicitAny: each document is a string in its test, beside what is read from its answer; nothing could type them.
  request(query: string, variables?: Record<string, unknown>): Promise<any>;
}

/** A PNG of one pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export async function startApi(env: Readonly<Record<string, string>> = {}): Promise<Api> {
  const dataDir = await newDataDir();
  const start = (given: Readonly<Record<string, string>> = {}) =>
    startServer({ dataDir, env: { SIMULATOR_DURATION_MS: '600', TRASH_RETENTION_DAYS: '0', ...env, ...given } });
  let server = await start();
  const proxy = await startCuttingProxy(server.url);
  const request: Api['request'] = async (query, variables) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  const generateOne = async (prompt: string): Promise<string> => {
    const { generateImage } = await request(
      `mutation ($input: GenerateImageInput!) {
        generateImage(input: $input) { ... on GenerateImageSuccess { call { id } } ... on Error { code message } }
      }`,
      { input: { prompt, options: { partialImages: 0 } } },
    );
    return eventually(async () => {
      const { generationCall } = await request('query ($id: ID!) { generationCall(id: $id) { images { id } } }', {
        id: generateImage.call.id,
      });
      return generationCall.images[0]?.id ?? null;
    });
  };
  const upload = async (conversationId?: string) => {
    const file = new File([PICTURE], 'dot.png', { type: 'image/png' });
    const result = await uploadImage(`${server.url}/graphql`, file, { conversationId });
    if (result.__typename !== 'UploadImageSuccess') throw new Error(JSON.stringify(result));
    return result.image.id;
  };
  return {
    upload,
    url: proxy.url,
    cut: proxy.cut,
    async restart() {
      await server.stop();
      server = await start({ PORT: new URL(server.url).port });
    },
    request,
    async generate(prompts) {
      const ids: string[] = [];
      for (const prompt of prompts) ids.push(await generateOne(prompt));
      return ids;
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a tab shows, as ids. */
export interface Tab {
  /** The gallery without a filter: its first three images, without those in the trash. */
  gallery(): readonly string[];
  favorites(): readonly string[];
  /** Of the images with the word "lighthouse". */
  found(): readonly string[];
  trash(): readonly string[];
  /** Deletes an image in this tab. */
  delete(imageId: string): Promise<unknown>;
}

/** What the views of `Tab` ask for. */
export const FILTERS = { favorites: { favorite: true }, found: { search: 'lighthouse' }, trash: { deleted: true } };

/** Checks what a tab shows while another one generates, marks, deletes and restores, and when the server empties the trash. */
export async function followsAnotherTab(api: Api, [c, b, a]: readonly string[], tab: Tab): Promise<void> {
  const shows = (expected: Partial<Record<'gallery' | keyof typeof FILTERS, readonly (string | undefined)[]>>) => {
    const views = Object.keys(expected) as (keyof typeof expected)[];
    const shown = () => Object.fromEntries(views.map((view) => [view, tab[view]()]));
    return vi.waitFor(() => expect(shown()).toEqual(expected), { timeout: TIMEOUT_MS, interval: 20 });
  };
  const change = (mutation: string, input: object) => api.request(changeOf(mutation), { input });

  await shows({ gallery: [c, b, a], favorites: [], found: [], trash: [] });
  await change('updateImage', { imageId: b, favorite: true, addTags: ['Lighthouse'] });
  await shows({ favorites: [b], found: [b] });
  await change('deleteImage', { imageId: b });
  await shows({ gallery: [c, a], favorites: [], found: [], trash: [b] });
  await change('restoreImage', { imageId: b });
  await shows({ gallery: [c, b, a], favorites: [b], found: [b], trash: [] });

  const { image } = await api.request('query ($id: ID!) { image(id: $id) { conversation { id } } }', { id: c });
  await change('deleteConversation', { conversationId: image.conversation.id });
  await shows({ gallery: [b, a], trash: [c] });
  await change('restoreConversation', { conversationId: image.conversation.id });
  await shows({ gallery: [c, b, a], trash: [] });

  await tab.delete(a ?? '');
  await shows({ gallery: [c, b], trash: [a] });
  const [found] = await api.generate(['a lighthouse at night']);
  await shows({ gallery: [found, c, b], found: [found, b], trash: [a] });
  await api.restart();
  await shows({ gallery: [found, c, b], found: [found, b], trash: [] });
}

/** A mutation that must succeed. */
function changeOf(mutation: string): string {
  const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
  return `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename ... on Error { code message } } }`;
}

/** The ids of all images, newest first. */
export async function newestFirst(api: Api): Promise<readonly string[]> {
  const { images } = await api.request('{ images(first: 100) { edges { node { id } } } }');
  return images.edges.map(({ node }: { node: { id: string } }) => node.id);
}

/** The cursor behind everything that happened so far. */
export async function cursorOf(api: Api): Promise<string> {
  return (await api.request('{ viewer { cursor } }')).viewer.cursor;
}

/** What a chat view shows: calls by their prompt and status, and the images that are not in the trash by their id. */
export interface ChatView {
  /** From the oldest to the newest. */
  items(): readonly string[];
  /** The images of all calls. */
  images(): readonly string[];
}

/** As the document `Chat` asks for them. */
export type ChatItem = NonNullable<ChatQuery['conversation']>['items']['edges'][number]['node'];

/** What a component of the chat view leaves of its items. */
export function viewOf(items: () => readonly ChatItem[]): ChatView {
  const calls = () => items().filter((item) => item.__typename === 'GenerationCall');
  return {
    items: () =>
      items()
        .filter((item) => item.__typename !== 'Image' || isShown(item))
        .map((item) => (item.__typename === 'Image' ? item.id : `${item.prompt} ${item.status}`)),
    images: () =>
      calls()
        .flatMap(({ images }) => images.filter(isShown))
        .map(({ id }) => id),
  };
}

/** Checks what a chat view shows while another tab goes on with the conversation, whose first call is "the first message". */
export async function chatsWithAnotherTab(api: Api, conversationId: string, view: ChatView): Promise<void> {
  const shows = (...items: string[]) =>
    vi.waitFor(() => expect(view.items()).toEqual(items), { timeout: TIMEOUT_MS, interval: 20 });
  await shows('the first message COMPLETED');
  const [image = ''] = view.images();
  const upload = await api.upload(conversationId);
  await shows('the first message COMPLETED', upload);
  api.cut();
  await api.request(changeOf('generateImage'), { input: { prompt: 'from another tab', conversationId } });
  await shows('the first message COMPLETED', upload, 'from another tab COMPLETED');
  for (const imageId of [upload, image]) await api.request(changeOf('deleteImage'), { input: { imageId } });
  await shows('the first message COMPLETED', 'from another tab COMPLETED');
  await vi.waitFor(() => expect(view.images()).not.toContain(image), { timeout: TIMEOUT_MS });
  for (const imageId of [upload, image]) await api.request(changeOf('restoreImage'), { input: { imageId } });
  await shows('the first message COMPLETED', upload, 'from another tab COMPLETED');
  await vi.waitFor(() => expect(view.images()[0]).toBe(image), { timeout: TIMEOUT_MS });
  expect(view.images()).toHaveLength(2);
}

/** Counts the queries and mutations over HTTP from now on, of the client and not of `api`. */
export function countRequests(api: Api): () => number {
  const spy = vi.spyOn(globalThis, 'fetch');
  return () => spy.mock.calls.filter(([url]) => String(url) === api.url).length;
}

const TIMEOUT_MS = 30_000;

/** Asks again until there is a value. @throws {Error} after 30 seconds */
export async function eventually<Value>(read: () => Value | null | undefined | Promise<Value | null | undefined>) {
  for (const start = Date.now(); Date.now() - start < TIMEOUT_MS; await delay(20)) {
    const value = await read();
    if (value != null && value !== false) return value;
  }
  throw new Error('It did not happen within 30 seconds.');
}
