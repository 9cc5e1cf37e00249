/** viewerEvents and conversationEvents as a gallery and a chat use them: query first, follow then, resume by cursor. */
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data, TRANSPORTS } from '../support/client.ts';
import type { TimelineQuery } from '../support/gql/graphql.ts';
import { Gallery, Timeline, WatchConversationLog, WatchViewer } from '../support/log-documents.ts';
import type { RunningServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { archiveClient } from './archive-client.ts';
import { clientWith } from './keyed-client.ts';
import {
  callDetails,
  collect,
  fetchBytes,
  generate,
  type LogEvent,
  makeImage,
  openDatabase,
  picture,
  rawId,
  refusal,
  type Transport,
  unknownId,
  watch,
  watchConversationLog,
  watchToEnd,
  watchViewer,
  within,
} from './steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startServerAt } from './upstreams.ts';

const PARTIALS = 2;
const transports = Object.entries(TRANSPORTS);

let upstream: DevelopingUpstream;
let server: RunningServer;
let url: string;

beforeAll(async () => {
  upstream = await startDevelopingUpstream({ partials: PARTIALS, gapMs: () => Math.random() * 15 });
  server = await startServerAt(upstream);
  ({ url } = server);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

/** Where everything is now. */
async function cursorNow(): Promise<string> {
  const { viewer } = await data(url, Gallery, {});
  if (viewer.cursor === null) throw new Error('the viewer has no cursor');
  return viewer.cursor;
}

const cursorsOf = (events: readonly LogEvent[]) => events.map(({ cursor }) => cursor);

/** Follows until `isAll`, over connections that break at random moments if there are drops. */
async function follow(
  connect: (after: string | null, signal: AbortSignal) => AsyncGenerator<LogEvent>,
  isAll: (seen: readonly LogEvent[]) => boolean,
  drops: boolean,
): Promise<readonly LogEvent[]> {
  const seen: LogEvent[] = [];
  for (let connections = 1; connections <= 200; connections += 1) {
    const dropped = AbortSignal.timeout(drops ? Math.round(15 + Math.random() * 60 + 4 * connections) : 30_000);
    for await (const event of connect(seen.at(-1)?.cursor ?? null, dropped)) {
      seen.push(event);
      if (isAll(seen)) return seen;
    }
  }
  return seen;
}

describe('viewerEvents', () => {
  it('promises 1, 2: are one order for everybody, without a gap in any call, through drops and reconnects', async () => {
    const first = await generate(url, { prompt: 'the first' });
    const conversationId = first.conversation.id;
    const work = Promise.all([
      ...Array.from({ length: 3 }, (_, number) => generate(url, { prompt: `of its own, ${number}` })),
      ...Array.from({ length: 3 }, (_, number) =>
        generate(url, { prompt: `with the first, ${number}`, conversationId }),
      ),
      uploadPicture(url, await picture('red'), { conversationId }),
      uploadPicture(url, await picture('blue')),
    ]);
    const isAll = (seen: readonly LogEvent[]) =>
      seen.filter(({ __typename }) => __typename === 'GenerationCompleted').length === 7 &&
      seen.filter(({ __typename }) => __typename === 'ImageUploaded').length === 2;
    const [steady = [], ...others] = await Promise.all(
      [{ over: TRANSPORTS.WebSocket, drops: false }, ...transports.map(([, over]) => ({ over, drops: true }))].map(
        ({ over, drops }) =>
          within(30_000, 'a follower', () =>
            follow((after, signal) => watchViewer(url, { after, over, signal }), isAll, drops),
          ),
      ),
    );
    await work;
    for (const other of others) expect(cursorsOf(other)).toEqual(cursorsOf(steady));
    const byCall = Map.groupBy(
      steady.filter((event) => 'sequence' in event && event.sequence !== null),
      (event) => ('call' in event ? event.call?.id : undefined),
    );
    for (const events of byCall.values()) {
      expect(events.map((event) => ('sequence' in event ? event.sequence : 0))).toEqual(
        events.map((_, index) => index + 1),
      );
    }
    expect(byCall.size).toBe(7);
  });

  it('promise 4: what an event names is stored before it: its row, and the bytes behind its URL', async () => {
    const after = await cursorNow();
    const events = watchViewer(url, { after });
    await uploadPicture(url, await picture('green'));
    await generate(url, { prompt: 'stored before seen' });
    const stored: string[] = [];
    using database = openDatabase(server.dataDir);
    await within(20_000, 'all events', async () => {
      for await (const event of events) {
        const [, place] = Buffer.from(event.cursor, 'base64url').toString().split('~');
        stored.push(String(database.prepare('select type from events where id = ?').pluck().get(Number(place))));
        expect(stored.at(-1)).toBe(event.__typename);
        const found =
          (event.__typename === 'ImageUploaded' && event.uploaded?.url) ||
          (event.__typename === 'PartialImageReceived' && event.partial.url) ||
          (event.__typename === 'ImageCompleted' && event.image.url);
        if (found) expect((await fetchBytes(found)).length).toBeGreaterThan(50);
        if (event.__typename === 'GenerationCompleted') break;
      }
    });
    expect(stored).toContain('ImageUploaded');
    expect(stored.filter((type) => type === 'PartialImageReceived')).toHaveLength(PARTIALS);
  });

  it('promise 2: the cursor of the viewer shows what a query missed, wherever it stands in the document', async () => {
    for (let round = 0; round < 10; round += 1) {
      const busy = Promise.all(Array.from({ length: 3 }, () => generate(url, { prompt: 'meanwhile' })));
      const { viewer, images, generationCalls } = await data(url, Gallery, {});
      const shown = new Set([...images.edges, ...generationCalls.edges].map(({ node }) => node.id));
      const started = await busy;
      // Each call is shown by the query, or its first event comes behind the cursor.
      const missing = started.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
      const queued = new Set<string>();
      for await (const event of watchViewer(url, { after: viewer.cursor })) {
        if (missing.every((id) => queued.has(id))) break;
        if (event.__typename === 'GenerationQueued' && event.call) queued.add(event.call.id);
        if (missing.every((id) => queued.has(id))) break;
      }
    }
  });
});

describe.each(transports)('over %s', (_, over: Transport) => {
  it('promise 3: viewerEvents stay open behind a terminal event, and show the next call, conversation and upload', async () => {
    await makeImage(url, { prompt: 'the first' });
    const tail = watchViewer(url, { over, after: await cursorNow() });
    const next = tail.next();
    expect(await Promise.race([next, delay(200, 'silence')])).toBe('silence');
    const second = await generate(url, { prompt: 'the second' });
    // Sooner than the slow poll would find it: it was woken.
    expect(await within(2_500, 'the conversation', () => next)).toMatchObject({
      value: { __typename: 'ConversationCreated', conversation: { id: second.conversation.id, title: 'the second' } },
    });
    const rest = await collect(tail, 4 + PARTIALS);
    expect(rest.at(-1)?.__typename).toBe('GenerationCompleted');
  });

  it('promise 2: a cursor of any subscription resumes the other two, and is refused with the reason otherwise', async () => {
    const { callId } = await makeImage(url, { prompt: 'three logs' });
    const conversationId = (await callDetails(url, callId)).conversation.id;
    await uploadPicture(url, await picture('white'), { conversationId });
    const ofConversation = await collect(watchConversationLog(url, conversationId, { over }), 5 + PARTIALS);
    const ofCall = await watchToEnd(url, callId, { over });
    expect(ofConversation.slice(0, -1).map(({ cursor }) => cursor)).toEqual(ofCall.map(({ cursor }) => cursor));
    const upload = ofConversation.at(-1);
    expect(upload).toMatchObject({ __typename: 'ImageUploaded', sequence: null, call: null });
    for (const [index, { cursor }] of ofCall.entries()) {
      const behind = ofConversation.slice(index + 1);
      expect(cursorsOf(await collect(watchViewer(url, { over, after: cursor }), behind.length))).toEqual(
        cursorsOf(behind),
      );
    }
    // Behind the upload the call has no event: closed.
    expect(await watchToEnd(url, callId, { over, after: upload?.cursor ?? null })).toEqual([]);
    const other = await makeImage(url, { prompt: 'another one' });
    const foreign = other.events[0]?.cursor ?? null;
    expect(await refusal(over(url, WatchConversationLog, { conversationId, after: foreign }))).toMatchObject([
      {
        extensions: {
          code: 'INVALID_INPUT',
          fields: [{ field: 'after', message: expect.stringMatching(/^belongs to another conversation\./u) }],
        },
      },
    ]);
    expect(await refusal(over(url, WatchViewer, { after: 'bm9uc2Vuc2U' }))).toMatchObject([
      { extensions: { code: 'INVALID_INPUT', fields: [{ field: 'after' }] } },
    ]);
  });

  it('promise 3: up to date, closed and gone are told apart, also in a subscription that is open', async () => {
    const { callId, events } = await makeImage(url, { prompt: 'to be purged' });
    const conversationId = (await callDetails(url, callId)).conversation.id;
    const after = events.at(-1)?.cursor ?? null;
    // Closed: the call has ended.
    expect(await watchToEnd(url, callId, { over, after })).toEqual([]);
    // Up to date: more can follow.
    const end = refusal(over(url, WatchConversationLog, { conversationId, after }));
    end.catch(() => undefined);
    expect(await Promise.race([end, delay(300, 'open')])).toBe('open');
    purge(server.dataDir, conversationId);
    expect(await within(10_000, 'the end', () => end)).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    // Gone, for those who come later, too.
    expect(await refusal(over(url, WatchConversationLog, { conversationId, after }))).toMatchObject([
      { extensions: { code: 'NOT_FOUND', field: 'conversationId' } },
    ]);
  });
});

/** Removes the rows of a conversation, from another process as it were: nobody is notified. */
function purge(dataDir: string, conversationId: string): void {
  const database = new SQLite(`${dataDir}/darkroom.sqlite`);
  try {
    database.pragma('foreign_keys = OFF');
    const id = rawId(conversationId);
    for (const table of ['events', 'images', 'calls']) {
      database.prepare(`delete from ${table} where conversation_id = ?`).run(id);
    }
    database.prepare('delete from conversations where id = ?').run(id);
  } finally {
    database.close();
  }
}

describe('the timeline of a conversation', () => {
  it('has calls and uploads in the order in which they came, both ways, in pages of any size', async () => {
    const first = await generate(url, { prompt: 'the first of the timeline' });
    const id = first.conversation.id;
    const ids = [first.id];
    for (let number = 0; number < 4; number += 1) {
      const purpose = number === 2 ? 'MASK' : 'SOURCE';
      ids.push((await uploadPicture(url, await picture('red'), { conversationId: id, purpose })).id);
      ids.push((await generate(url, { prompt: `call ${number}`, conversationId: id })).id);
    }
    for (const size of [1, 2, 4, 100]) {
      for (const direction of ['first', 'last'] as const) {
        const found: string[] = [];
        for (let cursor: string | null = null; ; ) {
          const window: object =
            direction === 'first' ? { first: size, after: cursor } : { last: size, before: cursor };
          const { conversation }: TimelineQuery = await data(url, Timeline, { id, ...window });
          const { edges, pageInfo } = conversation?.items ?? { edges: [], pageInfo: null };
          const page = edges.map(({ node }) => node.id);
          expect(conversation?.items.totalCount).toBe(ids.length);
          if (direction === 'first') found.push(...page);
          else found.unshift(...page);
          const isMore = direction === 'first' ? pageInfo?.hasNextPage : pageInfo?.hasPreviousPage;
          if (!isMore) break;
          cursor = (direction === 'first' ? pageInfo?.endCursor : pageInfo?.startCursor) ?? null;
        }
        expect(found, `${direction} ${size}`).toEqual(ids);
      }
    }
  });

  it('leaves out what is in the trash, and does not count it', async () => {
    const { run } = archiveClient(url, 'none');
    const { id: callId, conversation } = await generate(url, { prompt: 'stays' });
    const { id } = conversation;
    const { id: imageId } = await uploadPicture(url, await picture('red'), { conversationId: id });
    await run('deleteImage', { imageId });
    const itemsOf = async () => (await data(url, Timeline, { id })).conversation?.items;
    expect(await itemsOf()).toMatchObject({ totalCount: 1, edges: [{ node: { id: callId } }] });
    await run('restoreImage', { imageId });
    expect(await itemsOf()).toMatchObject({
      totalCount: 2,
      edges: [{ node: { id: callId } }, { node: { id: imageId } }],
    });
  });

  it('promise 2: shows an upload, or has it behind its cursor, whatever happens during the query', async () => {
    const { conversation } = await generate(url, { prompt: 'meanwhile' });
    const { id } = conversation;
    for (let round = 0; round < 10; round += 1) {
      const bytes = await picture('red');
      const busy = Promise.all([1, 2, 3].map(() => uploadPicture(url, bytes, { conversationId: id })));
      await delay(round * 3);
      const shown = (await data(url, Timeline, { id, last: 100 })).conversation;
      const missing = new Set((await busy).map((image) => image.id));
      for (const { node } of shown?.items.edges ?? []) missing.delete(node.id);
      if (missing.size === 0) continue;
      await within(5_000, 'the uploads that the query did not show', async () => {
        for await (const event of watchConversationLog(url, id, { after: shown?.cursor ?? null })) {
          if (event.__typename === 'ImageUploaded') missing.delete(event.imageId);
          if (missing.size === 0) break;
        }
      });
    }
  });

  it('promise 2: the answer of a mutation has the cursor behind its own event', async () => {
    const { data: send } = clientWith(url, 'none');
    const created = await send(
      'mutation { createConversation(input: { title: "Kites" }) { ... on CreateConversationSuccess { conversation { id cursor } } } }',
    );
    const { id, cursor } = created.createConversation.conversation;
    const change = async (mutation: string, more = {}) => {
      const name = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
      const answer = await send(
        `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { ... on ${name}Success { conversation { cursor } } } }`,
        { input: { conversationId: id, ...more } },
      );
      return answer[mutation].conversation.cursor;
    };
    const cursors = [
      cursor,
      await change('updateConversation', { title: 'Boats' }),
      await change('deleteConversation'),
      await change('restoreConversation'),
    ];
    expect((await data(url, Timeline, { id })).conversation?.cursor).toBe(cursors.at(-1));
    const types = ['ConversationUpdated', 'ConversationDeleted', 'ConversationRestored'];
    for (const [index, after] of cursors.slice(0, -1).entries()) {
      const events = await collect(watchConversationLog(url, id, { after }), types.length - index);
      expect(events.map(({ __typename }) => __typename)).toEqual(types.slice(index));
    }
  });

  it('promise 2: goes on where its cursor is, with what the query did not show', async () => {
    const first = await generate(url, { prompt: 'queried first' });
    const id = first.conversation.id;
    await watchToEnd(url, first.id);
    const { conversation } = await data(url, Timeline, { id });
    const tail = watchConversationLog(url, id, { after: conversation?.cursor ?? null });
    const next = tail.next();
    expect(await Promise.race([next, delay(200, 'silence')])).toBe('silence');
    const { id: uploadId } = await uploadPicture(url, await picture('black'), { conversationId: id });
    expect(await within(2_500, 'the upload', () => next)).toMatchObject({
      value: { __typename: 'ImageUploaded', imageId: uploadId },
    });
    await tail.return(undefined);
    // The same place in the log of the viewer.
    const everything = watchViewer(url, { after: conversation?.cursor ?? null });
    expect(await within(2_500, 'the upload', () => everything.next())).toMatchObject({
      value: { __typename: 'ImageUploaded', imageId: uploadId },
    });
    await everything.return(undefined);
  });
});

it('a viewer without anything has a cursor, and follows what comes', async () => {
  await using fresh = await startServerHere();
  const { viewer } = await data(fresh.url, Gallery, {});
  const events = watchViewer(fresh.url, { after: viewer.cursor });
  const next = events.next();
  const { id } = await generate(fresh.url, { prompt: 'the very first' });
  expect(await within(5_000, 'the first event', () => next)).toMatchObject({
    value: { __typename: 'ConversationCreated' },
  });
  await events.return(undefined);
  await collect(watch(fresh.url, id));
  expect(await refusal(TRANSPORTS.SSE(fresh.url, WatchViewer, { after: unknownId('Conversation') }))).toMatchObject([
    { extensions: { code: 'INVALID_INPUT' } },
  ]);
});
