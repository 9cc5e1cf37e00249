/**
 * The peer for idle subscribers: graphql-ws as in the first example of its documentation, on bare `ws`, with a schema
 * that has only what the subscription selects. It sends the past events of a call, and then nothing more.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import '../harness/collect-on-signal.ts';
import { serveCalls } from '../harness/serve-calls.ts';

const schema = buildSchema(`
  type Query { nothing: Boolean }
  type Subscription { generationEvents(callId: ID!, after: String): GenerationEvent! }
  interface GenerationEvent { sequence: Int! cursor: String! }
  type GenerationQueued implements GenerationEvent { sequence: Int! cursor: String! }
  type GenerationStarted implements GenerationEvent { sequence: Int! cursor: String! }
  type PartialImageReceived implements GenerationEvent { sequence: Int! cursor: String! partial: PartialImage! }
  type ImageCompleted implements GenerationEvent { sequence: Int! cursor: String! image: Image! }
  type GenerationFailed implements GenerationEvent { sequence: Int! cursor: String! failure: Failure! }
  type PartialImage { index: Int! url: String! }
  type Image { id: ID! url: String! }
  type Failure { code: String! message: String! }
`);

async function* generationEvents() {
  for (const [index, __typename] of ['GenerationQueued', 'GenerationStarted'].entries()) {
    yield { generationEvents: { __typename, sequence: index + 1, cursor: 'c'.repeat(60) } };
  }
  await new Promise(() => undefined);
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/graphql', perMessageDeflate: false });
useServer({ schema, roots: { subscription: { generationEvents } } }, server);
await once(server, 'listening');
// The address of a server that listens on a port is an AddressInfo.
const { port } = server.address() as AddressInfo;

const api = { url: () => `http://127.0.0.1:${port}` };

export type BareGraphqlWsApi = typeof api;

serveCalls(api);
