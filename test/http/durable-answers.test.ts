/** Promise 4: what was read is told when it is on the disk, over every way that the server answers. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../schema/global-id.ts';
import { schema } from '../../schema/index.ts';
import { createGraphqlServer } from '../../src/http/graphql.ts';
import { createHttpServer, listen } from '../../src/http/server.ts';
import { serveWebSocket } from '../../src/http/websocket.ts';
import { eventually } from '../api/steps.ts';
import { openReader, openSse } from './readers.ts';

const KEEP_ALIVE_MS = 10_000;
const WATCH = `subscription { generationEvents(callId: "${encodeGlobalId('GenerationCall', randomUUID())}") { sequence } }`;

let disk = Promise.withResolvers<void>();
let waiting = 0;
let server: Server;
let url: string;
let closeSockets: () => Promise<void>;

async function* oneEvent() {
  yield { type: 'GenerationQueued', callId: 'c', conversationId: 'c', sequence: 1, position: 1, at: '' };
}

beforeAll(async () => {
  const logger = pino({ level: 'silent' });
  const isAllowedOrigin = () => true;
  const graphql = createGraphqlServer({
    schema,
    contextFor: () => ({ principal: 'somebody', eventStreams: { ofCall: async () => oneEvent() } }),
    audienceOf: () => randomUUID(),
    graphiqlFor: async () => ({}),
    isAllowedOrigin,
    eventStream: { keepAliveMs: KEEP_ALIVE_MS, stopping: new AbortController().signal },
    settled() {
      waiting += 1;
      return disk.promise;
    },
    logger,
  });
  const images = () => Promise.reject(new Error('no pictures here'));
  server = createHttpServer({ graphql, schema, images, readiness: {}, isAllowedOrigin, logger });
  const limits = { keepAliveMs: KEEP_ALIVE_MS, maxBufferedBytes: 1_000_000, maxOperationsPerSocket: 10 };
  closeSockets = serveWebSocket({ server, graphql, isAllowedOrigin, limits, logger });
  url = await listen(server, '127.0.0.1', 0);
});
afterAll(async () => {
  server.close();
  await closeSockets();
  server.closeAllConnections();
});
beforeEach(() => {
  disk = Promise.withResolvers<void>();
  waiting = 0;
});

/** Checks that nothing has come while the disk is busy, and lets it go. */
async function letGo(hasCome: () => boolean): Promise<void> {
  await eventually('the answer to be ready', () => waiting > 0 || undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(hasCome()).toBe(false);
  disk.resolve();
  await eventually('the answer', () => hasCome() || undefined);
}

describe('an answer waits for the disk', () => {
  it.each(['application/json', 'application/graphql-response+json;q=1'])('to a query that takes %s', async (accept) => {
    let answer: unknown;
    const asked = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: '{ viewer { principal } }' }),
    }).then(async (response) => {
      answer = await response.json();
    });
    await letGo(() => answer !== undefined);
    await asked;
    expect(answer).toEqual({ data: { viewer: { principal: 'somebody' } } });
  });

  it('to a subscription over WebSocket', async () => {
    using reader = await openReader(url);
    reader.subscribe('1', WATCH);
    await letGo(() => reader.messages.some(({ type }) => type === 'next'));
  });

  it('to a subscription over server-sent events', async () => {
    using reader = await openSse(url, WATCH, {});
    await letGo(() => reader.text().includes('"sequence":1'));
  });
});
