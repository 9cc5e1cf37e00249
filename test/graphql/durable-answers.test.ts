/** Promise 4: what was read is told when it is on the disk, over every way that the server answers. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../schema/relay/global-id.ts';
import { eventually } from '../api/steps.ts';
import { type BareServer, startBareServer } from '../http/bare-server.ts';
import { openReader, openSse } from './readers.ts';

const KEEP_ALIVE_MS = 10_000;
const WATCH = `subscription { generationEvents(callId: "${encodeGlobalId('GenerationCall', randomUUID())}") { sequence } }`;

let disk = Promise.withResolvers<void>();
let waiting = 0;
let bare: BareServer;
let url: string;

async function* oneEvent() {
  yield { type: 'GenerationQueued', callId: 'c', conversationId: 'c', sequence: 1, position: 1, at: '' };
}

beforeAll(async () => {
  bare = await startBareServer({
    keepAliveMs: KEEP_ALIVE_MS,
    contextFor: () => ({ principal: 'somebody', eventStreams: { ofCall: async () => oneEvent() } }),
    audienceOf: () => randomUUID(),
    settled() {
      waiting += 1;
      return disk.promise;
    },
  });
  ({ url } = bare);
});
afterAll(() => bare[Symbol.asyncDispose]());
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
