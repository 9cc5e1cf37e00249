/** The tasks that the pages of docs/ show for Apollo Client, urql and Relay, against a real server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pngFile } from '../support/picture-files.ts';
import { type Api, eventually, startApi } from './api.ts';
import { createApolloClient } from './app/apollo/client';
import { generate as apolloGenerate } from './app/apollo/generate';
import { refineWithin as apolloRefineWithin } from './app/apollo/mask';
import { refine as apolloRefine } from './app/apollo/refine';
import { resume as apolloResume } from './app/apollo/resume';
import { search as apolloSearch } from './app/apollo/search';
import { upload as apolloUpload } from './app/apollo/upload';
import { ImageTile } from './app/documents';
import type { CallStateFragment } from './app/gql/graphql';
import { createEnvironment } from './app/relay/environment';
import { generate as relayGenerate } from './app/relay/generate';
import { refineWithin as relayRefineWithin } from './app/relay/mask';
import { refine as relayRefine } from './app/relay/refine';
import { resume as relayResume } from './app/relay/resume';
import { search as relaySearch } from './app/relay/search';
import { upload as relayUpload } from './app/relay/upload';
import { createUrqlClient } from './app/urql/client';
import { generate as urqlGenerate } from './app/urql/generate';
import { refineWithin as urqlRefineWithin } from './app/urql/mask';
import { refine as urqlRefine } from './app/urql/refine';
import { resume as urqlResume } from './app/urql/resume';
import { search as urqlSearch } from './app/urql/search';
import { upload as urqlUpload } from './app/urql/upload';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const LIBRARIES = ['Apollo Client', 'urql', 'Relay'] as const;
type Library = (typeof LIBRARIES)[number];

const INPUT = { prompt: 'a kite', options: { partialImages: 2 } };

/** A picture of 16 by 16 pixels. As a mask, a part of it is transparent. */
function picture(part: 'opaque' | 'half'): File {
  const pixelAt = (x: number) => [200, 120, 40, part === 'half' && x < 8 ? 0 : 255];
  const bytes = pngFile({ width: 16, height: 16, colourType: 6, bitDepth: 8, pixelAt });
  return new File([new Uint8Array(bytes)], 'picture.png', { type: 'image/png' });
}

const imagesOf = async (callId: string): Promise<readonly { id: string }[]> =>
  (await api.request('query ($id: ID!) { generationCall(id: $id) { images { id } } }', { id: callId })).generationCall
    .images;
const promptOf = async (callId: string): Promise<string> =>
  (await api.request('query ($id: ID!) { generationCall(id: $id) { prompt } }', { id: callId })).generationCall.prompt;

it.each(['Apollo Client', 'urql'] as const)('%s generates, shows partial images, and refines', async (library) => {
  const shown: CallStateFragment[] = [];
  const show = (call: CallStateFragment) => void shown.push(call);
  const [apollo, urql] = [createApolloClient(api.url), createUrqlClient(api.url)];
  const isApollo = library === 'Apollo Client';
  const call = await (isApollo ? apolloGenerate(apollo, INPUT, show) : urqlGenerate(urql, INPUT, show));
  expect(call.status).toBe('COMPLETED');
  expect(shown.some(({ status, partialImages }) => status !== 'COMPLETED' && partialImages.length > 0)).toBe(true);
  const imageId = call.images[0]?.id ?? '';
  const callId = await (isApollo
    ? apolloRefine(apollo, imageId, 'make it snow')
    : urqlRefine(urql, imageId, 'make it snow'));
  expect(await promptOf(callId)).toBe('make it snow');
});

it('Relay generates and refines', async () => {
  const environment = createEnvironment(api.url);
  const callId = await relayGenerate(environment, INPUT);
  const [image] = await imagesOf(callId);
  expect(await promptOf(await relayRefine(environment, image?.id ?? '', 'make it snow'))).toBe('make it snow');
});

interface Uploader {
  upload(file: File): Promise<string>;
  refineWithin(imageId: string, mask: File, prompt: string): Promise<string>;
}

function uploaderOf(library: Library): Uploader {
  if (library === 'Apollo Client') {
    const client = createApolloClient(api.url);
    return {
      async upload(file) {
        const id = await apolloUpload(client, api.url, file);
        const image = client.cache.readFragment({
          fragment: ImageTile,
          fragmentName: 'ImageTile',
          from: { __typename: 'Image', id },
        });
        expect(image?.id).toBe(id);
        return id;
      },
      refineWithin: (...args) => apolloRefineWithin(client, api.url, ...args),
    };
  }
  if (library === 'urql') {
    const client = createUrqlClient(api.url);
    return {
      upload: (file) => urqlUpload(client, file),
      refineWithin: (...args) => urqlRefineWithin(client, ...args),
    };
  }
  const environment = createEnvironment(api.url);
  return {
    upload: (file) => relayUpload(environment, file),
    refineWithin: (...args) => relayRefineWithin(environment, ...args),
  };
}

it.each(LIBRARIES)('%s uploads an image, and changes a part of it', async (library) => {
  const uploader = uploaderOf(library);
  const imageId = await uploader.upload(picture('opaque'));
  const callId = await uploader.refineWithin(imageId, picture('half'), 'a red door');
  const { generationCall } = await api.request(
    'query ($id: ID!) { generationCall(id: $id) { prompt sources { id } mask { purpose } } }',
    { id: callId },
  );
  expect(generationCall).toMatchObject({
    prompt: 'a red door',
    sources: [{ id: imageId }],
    mask: { purpose: 'MASK' },
  });
  await expect(uploader.upload(new File(['no image'], 'a.png', { type: 'image/png' }))).rejects.toThrow('is not a PNG');
});

/** All that a search finds, page by page. */
async function found(library: Library, words: string): Promise<readonly string[]> {
  if (library === 'Apollo Client') {
    let shown: readonly string[] = [];
    let isLast = false;
    const { more, close } = apolloSearch(createApolloClient(api.url), words, (images, hasMore) => {
      shown = images.map(({ id }) => id);
      isLast = !hasMore;
    });
    await eventually(() => shown.length > 0);
    while (!isLast) {
      const before = shown.length;
      await more();
      await eventually(() => shown.length > before);
    }
    close();
    return shown;
  }
  const [urql, relay] = [createUrqlClient(api.url), createEnvironment(api.url)];
  const pages: string[][] = [];
  let after: string | null | undefined;
  do {
    const page = await (library === 'urql' ? urqlSearch(urql, words, after) : relaySearch(relay, words, after));
    pages.push(page.images.map(({ id }) => id));
    after = page.next;
  } while (after != null);
  return library === 'urql' ? (pages.at(-1) ?? []) : pages.flat();
}

it('Apollo Client, urql and Relay find every image of a search, page by page', async () => {
  await api.generate(['a boat']);
  const ids: string[] = [];
  for (let image = 0; image < 22; image++) ids.push(await api.upload());
  await api.request(
    'mutation ($ids: [ID!]!) { updateImages(input: { imageIds: $ids, addTags: ["lantern"] }) { ... on Error { code message } } }',
    { ids },
  );
  for (const library of LIBRARIES) {
    expect([library, await found(library, 'lantern')]).toEqual([library, ids.toReversed()]);
  }
});

function resume(library: Library, callId: string, after: string | null, keep: (cursor: string) => void) {
  if (library === 'Apollo Client') return apolloResume(createApolloClient(api.url), callId, after, keep);
  if (library === 'urql') return urqlResume(createUrqlClient(api.url), callId, after, keep);
  return relayResume(createEnvironment(api.url), callId, after, keep);
}

it.each(LIBRARIES)('%s goes on where a tab was closed, over a connection that is cut', async (library) => {
  const { generateImage } = await api.request(
    `mutation ($input: GenerateImageInput!) {
      generateImage(input: $input) { ... on GenerateImageSuccess { call { id } } ... on Error { code message } }
    }`,
    { input: { ...INPUT, options: { partialImages: 3 } } },
  );
  const cursors: string[] = [];
  await resume(library, generateImage.call.id, null, (cursor) => {
    cursors.push(cursor);
    if (cursors.length === 2) api.cut();
  });
  expect(new Set(cursors).size).toBe(cursors.length);
  // What follows on an uncut connection is what came over the cut one: nothing was left out, nothing came again.
  const rest: string[] = [];
  await resume(library, generateImage.call.id, cursors[1] ?? null, (cursor) => void rest.push(cursor));
  expect(rest).toEqual(cursors.slice(2));
});
