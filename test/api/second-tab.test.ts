/** A gallery as docs/following.md builds it, beside another tab that changes everything: in the end both show the same. */
import { stripTypeScriptTypes } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../faults/rounds.ts';
import { startServerHere } from '../support/app.ts';
import { type ConnectionCutter, startConnectionCutter } from '../support/connection-cutter.ts';
import type { RunningServer } from '../support/server.ts';
import { FOLLOW, FOLLOW_LOOP, GALLERY_LOOP } from '../support/snippets.ts';
import { uploadPicture } from '../support/upload.ts';
import { type ArchiveClient, archiveClient } from './archive-client.ts';
import { eventually, picture } from './steps.ts';

const CHANGES = 40;
const ROUNDS = 3;

let server: RunningServer;
let cutter: ConnectionCutter;
let tab: ArchiveClient;
beforeAll(async () => {
  server = await startServerHere({ env: { SIMULATOR_DURATION_MS: '150' } });
  cutter = await startConnectionCutter(server.url);
  tab = archiveClient(server.url, 'none');
});
afterAll(async () => {
  await cutter?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

interface Tile {
  readonly id: string;
  readonly url: string;
}

const GALLERY =
  'query ($after: String) { viewer { cursor } images(first: 100, after: $after) { nodes { id url } pageInfo { hasNextPage endCursor } } }';

/** The whole list, page by page, and the cursor from before the first page. */
async function query(): Promise<{ readonly cursor: string; readonly images: readonly Tile[] }> {
  const images: Tile[] = [];
  let first: string | null = null;
  for (let after: string | null = null; ; ) {
    const { viewer, images: page } = await tab.data(GALLERY, { after });
    first ??= viewer.cursor;
    images.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return { cursor: first ?? '', images };
    after = page.pageInfo.endCursor;
  }
}

interface OpenGallery {
  ids(): readonly string[];
  stop(): Promise<void>;
}

const CLIENTS = {
  WebSocket: (host: string) => createWsClient({ url: `ws://${host}/graphql`, retryAttempts: 0 }),
  'server-sent events': (host: string) => createSseClient({ url: `http://${host}/graphql`, retryAttempts: 0 }),
} as const;

/** Runs the code of docs/following.md. */
async function openGallery(over: keyof typeof CLIENTS): Promise<OpenGallery> {
  const shown = new Map<string, Tile>();
  const reload = async () => {
    const { images } = await query();
    shown.clear();
    for (const image of images) shown.set(image.id, image);
  };
  const client = CLIENTS[over](cutter.host);
  let isStopped = false;
  const given = {
    FOLLOW,
    // Once it is stopped, the subscription is complete.
    createClient: () => ({
      iterate: (request: never) => (isStopped ? [] : client.iterate(request)),
    }),
    show: (image: Tile) => shown.set(image.id, image),
    remove: (id: string) => shown.delete(id),
    reload,
    setTimeout: (resume: () => void) => setTimeout(resume, 20),
  };
  const { cursor, images } = await query();
  for (const image of images) shown.set(image.id, image);
  const code = stripTypeScriptTypes(`${FOLLOW_LOOP.replace(/^import .*$/mu, '')}\n${GALLERY_LOOP}`);
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
  const run = new AsyncFunction('viewer', ...Object.keys(given), code)({ cursor }, ...Object.values(given));
  return {
    ids: () => [...shown.keys()].toSorted(),
    async stop() {
      isStopped = true;
      await client.dispose();
      await run.catch(() => undefined);
    },
  };
}

/** Changes anything; what cannot be done now is an answer, too. */
async function change(
  random: Random,
  known: { readonly images: string[]; readonly conversations: string[] },
): Promise<void> {
  const one = (ids: readonly string[]) => ids[random.integer(0, Math.max(0, ids.length - 1))];
  const [imageId, conversationId] = [one(known.images), one(known.conversations)];
  const changes = [
    async () => {
      const input = random.next() < 0.5 && conversationId !== undefined ? { conversationId } : {};
      const { call } = await tab.run('generateImage', { prompt: 'a kite', ...input });
      if (call) known.conversations.push(call.conversation.id);
    },
    async () => {
      // It is refused when the conversation is in the trash.
      const into = random.next() < 0.5 || conversationId === undefined ? {} : { conversationId };
      await uploadPicture(server.url, await picture('red'), into).catch(() => undefined);
      known.images.push(...(await tab.listed()).images);
    },
    () => tab.run('updateImage', { imageId, favorite: random.next() < 0.5 }),
    () => tab.run('deleteImage', { imageId }),
    () => tab.run('restoreImage', { imageId }),
    () => tab.run('updateConversation', { conversationId, title: `number ${random.integer(1, 100)}` }),
    () => tab.run('deleteConversation', { conversationId }),
    () => tab.run('restoreConversation', { conversationId }),
  ];
  const isPossible = imageId !== undefined && conversationId !== undefined;
  await changes[random.integer(0, isPossible ? changes.length - 1 : 1)]?.();
}

describe.each(Object.keys(CLIENTS) as (keyof typeof CLIENTS)[])('over %s', (over) => {
  it('promise 2: a gallery that queries first and follows then shows what another tab shows, over connections that are cut', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const random = createRandom(`${over} ${round}`);
      const known = { images: [] as string[], conversations: [] as string[] };
      // It is opened in the middle of the changes.
      const before = Array.from({ length: 3 }, () => change(random, known));
      const gallery = await openGallery(over);
      try {
        await Promise.all(before);
        for (let number = 0; number < CHANGES; number += 1) {
          if (number % 10 === 0)
            cutter.cut([
              { afterEvents: 2, kind: 'reset' },
              { afterEvents: 1, kind: 'end' },
            ]);
          await change(random, known);
          if (random.next() < 0.2) await delay(random.integer(1, 60));
        }
        await eventually('every call to end', async () => {
          const { calls } = await tab.data(
            '{ calls: generationCalls(first: 1, filter: { statuses: [QUEUED, IN_PROGRESS] }) { nodes { id } } }',
          );
          return calls.nodes.length === 0 ? true : undefined;
        });
        const expected = (await query()).images.map(({ id }) => id).toSorted();
        await eventually('the gallery to be up to date', () =>
          gallery.ids().join() === expected.join() ? true : undefined,
        ).catch(() => undefined);
        expect(gallery.ids(), `round ${round}`).toEqual(expected);
        expect(expected.length).toBeGreaterThan(2);
      } finally {
        await gallery.stop();
      }
    }
  });
});
