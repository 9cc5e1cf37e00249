/** Subscriptions of graphql-ws and graphql-sse through connections that are cut, with and without what docs/clients.md adds. */
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './api.ts';
import { openEvents } from './app/events';
import { resumable } from './app/resumable';
import { openSocket } from './app/socket';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api[Symbol.asyncDispose]());

const WATCH =
  'subscription ($callId: ID!, $after: String) { generationEvents(callId: $callId, after: $after) { __typename cursor sequence } }';

interface Sink {
  next(result: { readonly data?: unknown }): void;
  error(error: unknown): void;
  complete(): void;
}

interface Subscriber {
  subscribe(request: { query: string; variables: Record<string, unknown> }, sink: Sink): () => void;
}

/** The sequence of every event of a new call, whose connection is cut twice, and after its terminal event. */
async function watch(client: Subscriber): Promise<readonly number[]> {
  const { generateImage } = await api.request(
    `mutation {
      generateImage(input: { prompt: "a kite", options: { partialImages: 3 } }) {
        ... on GenerateImageSuccess { call { id } }
        ... on Error { code message }
      }
    }`,
  );
  const sequences: number[] = [];
  await new Promise<void>((complete, error) => {
    client.subscribe(
      { query: WATCH, variables: { callId: generateImage.call.id } },
      {
        next({ data }) {
          // The document asks for it.
          const { generationEvents } = data as { generationEvents: { __typename: string; sequence: number } };
          const { __typename, sequence } = generationEvents;
          const isNew = sequence > Math.max(0, ...sequences);
          if (isNew && (sequence === 2 || sequence === 4 || __typename === 'GenerationCompleted')) api.cut();
          sequences.push(sequence);
        },
        complete,
        error,
      },
    );
  });
  return sequences;
}

const retryWait = () => new Promise<void>((resolve) => setTimeout(resolve, 50));
const socketOptions = () => ({
  url: api.url.replace('http', 'ws'),
  retryAttempts: 9,
  shouldRetry: () => true,
  retryWait,
});

describe.each([
  ['graphql-ws', () => openSocket(api.url), () => createSocket(socketOptions())],
  ['graphql-sse', () => openEvents(api.url), () => createEvents({ url: api.url, retryAttempts: 9, retry: retryWait })],
] as const)('%s', (_, open, openPlain) => {
  it('resumes by cursor after each cut (promise 2)', async () => {
    const sequences = await watch(open());
    expect(sequences.length).toBeGreaterThan(5);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });

  it('would repeat events by itself', async () => {
    const sequences = await watch(openPlain());
    expect(sequences.filter((sequence) => sequence === 1).length).toBeGreaterThan(1);
  });

  it('ends with the error of a subscription that is refused, without repeating it', async () => {
    let requests = 0;
    const error = await new Promise((resolve) => {
      open().subscribe(
        { query: WATCH, variables: { callId: btoa('GenerationCall:00000000-0000-7000-8000-000000000000') } },
        {
          next: ({ errors }: { errors?: unknown }) => {
            requests += 1;
            resolve(errors);
          },
          error: resolve,
          complete: () => resolve(null),
        },
      );
    });
    expect(JSON.stringify(error)).toContain('NOT_FOUND');
    expect(requests).toBeLessThan(2);
  });
});

it('refuses iterate, which would not resume', () => {
  expect(() => resumable(createSocket(socketOptions())).iterate({ query: WATCH })).toThrow('Use subscribe');
});
