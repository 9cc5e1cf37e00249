/** @darkroom/client below Apollo Client, urql and Relay, through connections that are cut: no resuming code of one's own. */
import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { OperationTypeNode } from 'graphql';
import {
  Environment,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DarkroomLink } from '../../client/src/apollo.ts';
import { subscribe } from '../../client/src/subscribe.ts';
import { eventStream } from '../../client/src/transports/event-stream.ts';
import type { Transport } from '../../client/src/transports/transport.ts';
import { webSocket } from '../../client/src/transports/web-socket.ts';
import { darkroomExchange } from '../../client/src/urql.ts';
import { type Api, startApi } from './api.ts';
import { createCache as createApolloCache } from './app/apollo/cache';
import { WatchCall } from './app/documents';
import { callSubscription } from './app/relay/CallView';
import { createCache as createUrqlCache } from './app/urql/cache';

let api: Api;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api[Symbol.asyncDispose]());

interface Observer {
  next(sequence: number): void;
  error(error: unknown): void;
  complete(): void;
}

type Watch = (transport: Transport, callId: string, observer: Observer) => void;

const LIBRARIES: readonly (readonly [string, Watch])[] = [
  [
    'Apollo Client',
    (transport, callId, observer) => {
      const client = new ApolloClient({
        cache: createApolloCache(),
        link: ApolloLink.split(
          ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
          new DarkroomLink(transport),
          new HttpLink({ uri: api.url }),
        ),
      });
      client.subscribe({ query: WatchCall, variables: { callId } }).subscribe({
        next: ({ data }) => observer.next(data?.generationEvents.sequence ?? 0),
        error: (error) => observer.error(error),
        complete: () => observer.complete(),
      });
    },
  ],
  [
    'urql with Graphcache',
    (transport, callId, observer) => {
      const exchanges = [createUrqlCache(), fetchExchange, darkroomExchange(transport)];
      const client = new Client({ url: api.url, preferGetMethod: false, exchanges });
      client.subscription(WatchCall, { callId }).subscribe(({ data, error, hasNext }) => {
        if (error) observer.error(error);
        // With the last result again, urql tells that the subscription is complete.
        else if (hasNext) observer.next(data?.generationEvents.sequence ?? 0);
        else observer.complete();
      });
    },
  ],
  [
    'Relay',
    (transport, callId, observer) => {
      const environment = new Environment({
        store: new Store(new RecordSource()),
        network: Network.create(
          () => Promise.reject(new Error('nothing is queried')),
          ({ text }, variables) =>
            Observable.create<GraphQLResponse>((sink) =>
              subscribe(
                transport,
                { query: text ?? '', variables },
                {
                  // The response is that of the document.
                  next: (result) => sink.next(result as GraphQLResponse),
                  error: (error) => sink.error(error instanceof Error ? error : new Error(String(error))),
                  complete: () => sink.complete(),
                },
              ),
            ),
        ),
      });
      requestSubscription<{ readonly variables: { callId: string }; readonly response: unknown }>(environment, {
        subscription: callSubscription,
        variables: { callId },
        onNext: (data) => {
          const { generationEvents } = data as { generationEvents: { sequence: number } };
          observer.next(generationEvents.sequence);
        },
        onError: (error) => observer.error(error),
        onCompleted: () => observer.complete(),
      });
    },
  ],
];

const TRANSPORTS = [
  ['WebSocket', webSocket],
  ['server-sent events', eventStream],
] as const;

const CASES = LIBRARIES.flatMap(([library, watch]) =>
  TRANSPORTS.map(([name, transport]) => ({ library, watch, name, transport })),
);

it.each(CASES)('$library resumes by cursor after each cut over $name (promise 2)', async ({ watch, transport }) => {
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
    const next = (sequence: number) => {
      sequences.push(sequence);
      if (sequences.length === 2 || sequences.length === 4) api.cut();
    };
    watch(transport({ url: api.url }), generateImage.call.id, { next, error, complete });
  });
  expect(sequences.length).toBeGreaterThan(5);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});
