/** Subscribers who ask the same of one call are answered once for all: each must have what it would have alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fetchBytes, generate, sha256, watchToEnd, within } from '../api/steps.ts';
import { overSse, TRANSPORTS } from '../support/client.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    env: { ALLOWED_HOSTS: 'darkroom.test', SIMULATOR_DURATION_MS: '1500', SIMULATOR_ART: 'detailed' },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const WATCH = `subscription ($callId: ID!, $after: String, $urls: Boolean = true) {
  generationEvents(callId: $callId, after: $after) {
    __typename sequence cursor
    ... on PartialImageReceived { partial { index url @include(if: $urls) } }
    ... on ImageCompleted { image { ...Picture } }
  }
}
fragment Picture on Image { id url @include(if: $urls) }`;
const WATCH_BYTES = `subscription ($callId: ID!) {
  generationEvents(callId: $callId) { sequence ... on PartialImageReceived { partial { dataUri } } }
}`;

const WATCH_PICTURES = `subscription ($callId: ID!) {
  generationEvents(callId: $callId) {
    ... on PartialImageReceived { partial { url dataUri } }
    ... on ImageCompleted { image { url dataUri } }
  }
}`;

interface PictureBytes {
  readonly url: string;
  readonly dataUri: string;
}

interface WithBytes {
  readonly partial?: PictureBytes;
  readonly image?: PictureBytes;
}

/** The pictures of a payload of WATCH_PICTURES. */
function picturesIn(payload: unknown): readonly PictureBytes[] {
  const { partial, image } = (payload as { data: { generationEvents: WithBytes } }).data.generationEvents;
  return [partial ?? [], image ?? []].flat();
}

interface Subscriber {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the client calls the server. */
  readonly host?: string;
  /** For how long nothing is read behind each message. */
  readonly pauseMs?: number;
}

/** The payloads of all events, as they came over a WebSocket of its own. */
function payloadsOf({ query, variables, host, pauseMs }: Subscriber): Promise<readonly unknown[]> {
  const headers = host === undefined ? {} : { Host: host };
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  const payloads: unknown[] = [];
  return within(20_000, 'the end of a subscription', async () => {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data) => {
        if (pauseMs !== undefined) {
          socket.pause();
          setTimeout(() => socket.resume(), pauseMs);
        }
        // What this server sends are messages of the protocol.
        const { id, type, payload } = JSON.parse(String(data)) as { id?: string; type: string; payload?: unknown };
        if (type === 'connection_ack') {
          socket.send(JSON.stringify({ id: 'mine', type: 'subscribe', payload: { query, variables } }));
        } else if (type === 'next' && id === 'mine') payloads.push(payload);
        else if (type === 'complete' && id === 'mine') resolve();
        else reject(new Error(String(data)));
      });
    });
    socket.close();
    return payloads;
  });
}

describe('subscribers of one call', () => {
  it('promises 1-3: each get all events, as they asked for them, wherever they reached the server', async () => {
    const { id: callId } = await generate(server.url, { prompt: 'a boat', options: { partialImages: 3 } });
    const alike = { query: WATCH, variables: { callId } };
    const sse: unknown[] = [];
    const [first, second, bare, elsewhere, bytes] = await Promise.all([
      payloadsOf(alike),
      payloadsOf(alike),
      payloadsOf({ query: WATCH, variables: { callId, urls: false } }),
      payloadsOf({ ...alike, host: 'darkroom.test' }),
      payloadsOf({ query: WATCH_BYTES, variables: { callId } }),
      (async () => {
        for await (const payload of overSse(server.url, WATCH as never, { callId })) sse.push(payload);
      })(),
    ]);
    const alone = await payloadsOf(alike);

    // Queued, started, three partials, the picture, completed.
    expect(alone).toHaveLength(7);
    expect(first).toEqual(alone);
    expect(second).toEqual(alone);
    expect(sse).toEqual(alone);
    const text = JSON.stringify(alone);
    expect(elsewhere).toEqual(JSON.parse(text.replaceAll(server.url, 'http://darkroom.test')));
    expect(bare).toEqual(JSON.parse(text.replace(/,"url":"[^"]+"/gu, '')));
    expect(bytes).toHaveLength(7);
    expect(JSON.stringify(bytes).match(/data:image\/png;base64,/gu)).toHaveLength(3);
  });

  const FORMATS = [
    { mediaType: 'image/png', isLarge: true, options: { format: 'PNG' } },
    { mediaType: 'image/jpeg', isLarge: false, options: { format: 'JPEG', compression: 5, size: '1024x640' } },
  ] as const;

  it.each(
    Object.entries(TRANSPORTS).flatMap(([transport, follow]) =>
      FORMATS.map((format) => ({ transport, follow, ...format })),
    ),
  )(
    'are told the very bytes over $transport, of $mediaType',
    async ({ follow, mediaType, isLarge, options: asked }) => {
      const options = { partialImages: 3, ...asked };
      const { id: callId } = await generate(server.url, { prompt: 'a boat', options });
      const told: PictureBytes[] = [];
      for await (const { data } of follow(server.url, WATCH_PICTURES as never, { callId })) {
        // What this subscription asks for.
        const { partial, image } = (data as { generationEvents: WithBytes }).generationEvents;
        told.push(...[partial ?? [], image ?? []].flat());
      }
      expect(told).toHaveLength(4);
      for (const { url, dataUri } of told) {
        const bytes = await fetchBytes(url);
        // What is large goes another way.
        expect(bytes.length > 48 * 1024).toBe(isLarge);
        expect(dataUri).toBe(`data:${mediaType};base64,${bytes.toString('base64')}`);
      }
    },
  );

  it('are told the bytes of their own pictures, when many come at once and some are slow', async () => {
    const calls = await Promise.all(
      ['a boat', 'a tree', 'a house', 'a bridge'].map((prompt) =>
        generate(server.url, { prompt, options: { partialImages: 3 } }),
      ),
    );
    const told = await Promise.all(
      calls.flatMap(({ id: callId }) =>
        [false, false, true].map((isSlow) =>
          payloadsOf({ query: WATCH_PICTURES, variables: { callId }, ...(isSlow ? { pauseMs: 400 } : {}) }),
        ),
      ),
    );
    const hashes = new Map<string, string>();
    for (const { url, dataUri } of told.flat().flatMap(picturesIn)) {
      const hash = sha256(Buffer.from(dataUri.slice(dataUri.indexOf(',') + 1), 'base64'));
      if (!hashes.has(url)) hashes.set(url, sha256(await fetchBytes(url)));
      expect(hash).toBe(hashes.get(url));
    }
    expect(hashes.size).toBe(16);
    expect(told.flat().flatMap(picturesIn)).toHaveLength(48);
  });

  it('promise 2: who comes later gets what is behind its cursor, and the others are not disturbed', async () => {
    const { id: callId } = await generate(server.url, { prompt: 'a boat', options: { partialImages: 3 } });
    const query = WATCH;
    const all = payloadsOf({ query, variables: { callId } });
    const events = await watchToEnd(server.url, callId);
    const late = await Promise.all(
      events.map(({ cursor: after }) => payloadsOf({ query, variables: { callId, after } })),
    );
    for (const [index, payloads] of late.entries()) expect(payloads).toEqual((await all).slice(index + 1));
  });
});
