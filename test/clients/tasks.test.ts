/** The tasks that docs/generate.md and docs/refine.md show for Apollo Client, urql and Relay, against a real server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, startApi } from './api.ts';
import { createApolloClient } from './app/apollo/client';
import { generate as apolloGenerate } from './app/apollo/generate';
import { refine as apolloRefine } from './app/apollo/refine';
import type { CallStateFragment } from './app/gql/graphql';
import { createEnvironment } from './app/relay/environment';
import { generate as relayGenerate } from './app/relay/generate';
import { refine as relayRefine } from './app/relay/refine';
import { createUrqlClient } from './app/urql/client';
import { generate as urqlGenerate } from './app/urql/generate';
import { refine as urqlRefine } from './app/urql/refine';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const INPUT = { prompt: 'a kite', options: { partialImages: 2 } };

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
