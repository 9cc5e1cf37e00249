/** The numbered promises about the event stream, raced for real: many calls, many subscribers, many drops. */
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data, TRANSPORTS } from '../support/client.ts';
import { CallSnapshot, WatchCall } from '../support/documents.ts';
import { recordedEvents, startScriptedUpstream, streamReply } from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import {
  allOf,
  callDetails,
  collect,
  type Event,
  eventually,
  fetchBytes,
  firstOf,
  generate,
  generateToEnd,
  openDatabase,
  rawId,
  refusal,
  sha256,
  TERMINAL_TYPES,
  type Transport,
  typesOf,
  unknownId,
  watch,
  watchToEnd,
  within,
} from './steps.ts';
import { type DevelopingUpstream, startDevelopingUpstream, startServerAt } from './upstreams.ts';

const transports = Object.entries(TRANSPORTS);
const PARTIALS = 4;

let upstream: DevelopingUpstream;
let server: RunningServer;
let url: string;
/** Requests whose final picture waits until the test lets it go. */
const held = new Map<number, Promise<void>>();

beforeAll(async () => {
  upstream = await startDevelopingUpstream({
    partials: PARTIALS,
    gapMs: () => Math.random() * 25,
    hold: (type, nth) => (type === 'response.image_generation_call.completed' ? held.get(nth) : undefined),
  });
  server = await startServerAt(upstream, { env: { CONCURRENCY: '10' } });
  ({ url } = server);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

/** Makes the next request wait before its final picture. */
function holdNext(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held.set(upstream.requests.length, promise);
  return resolve;
}

interface Log {
  readonly seen: Event[];
  readonly connections: number;
}

/** Follows a call as a phone on a train does: cut off at random moments, back with the last cursor each time. */
async function followWithDrops(callId: string, over: Transport): Promise<Log> {
  const seen: Event[] = [];
  await delay(Math.random() * 300);
  for (let connections = 1; ; connections += 1) {
    // Longer each time, so that a slow machine gets on as well.
    const dropped = AbortSignal.timeout(Math.round(20 + Math.random() * 80 + 4 * connections));
    const after = seen.at(-1)?.cursor ?? null;
    for await (const event of watch(url, callId, { after, over, signal: dropped })) seen.push(event);
    if (!dropped.aborted) return { seen, connections };
    if (connections > 200) throw new Error(`the subscription never completed: ${typesOf(seen)}`);
  }
}

/** What an event says, without the state of its call at the moment it was sent. */
function told({ call: _, ...event }: Event) {
  return event;
}

function expectWhole(events: readonly Event[]): void {
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(typesOf(events).filter((type) => TERMINAL_TYPES.includes(type))).toEqual([events.at(-1)?.__typename]);
}

describe('thirty calls at once', () => {
  it('promises 1, 2, 3: whoever drops and reconnects, whenever and over whatever, sees the same log: gap-free, none twice, one end', async () => {
    let connections = 0;
    await Promise.all(
      Array.from({ length: 30 }, async (_, number) => {
        const { id } = await generate(url, { prompt: `picture ${number}` });
        const [steady, ...logs] = await Promise.all([
          watchToEnd(url, id),
          ...transports.map(([__, over]) => within(90_000, 'a follower', () => followWithDrops(id, over))),
        ]);
        expectWhole(steady);
        expect(steady).toHaveLength(4 + PARTIALS);
        for (const log of logs) {
          expect(log.seen.map(told)).toEqual(steady.map(told));
          connections += log.connections;
        }
      }),
    );
    // Otherwise nobody was dropped, and nothing was tested.
    expect(connections).toBeGreaterThan(100);
  }, 120_000);
});

describe.each(transports)('over %s', (_, over) => {
  it('promise 2: a subscriber that gives any cursor gets exactly what stands behind it', async () => {
    const { id, events } = await generateToEnd(url, { prompt: 'a boat' });
    for (const [index, { cursor }] of events.entries()) {
      const rest = await watchToEnd(url, id, { over, after: cursor });
      expect(rest.map(told)).toEqual(events.slice(index + 1).map(told));
    }
  });

  it('promise 3: closed, behind the terminal event the subscription completes at once with nothing', async () => {
    const { id, events } = await generateToEnd(url, { prompt: 'a boat' });
    const startedAt = performance.now();
    expect(await watchToEnd(url, id, { over, after: events.at(-1)?.cursor ?? null })).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('promise 3: gone, a call that is not there is an error', async () => {
    const errors = await refusal(over(url, WatchCall, { callId: unknownId('GenerationCall'), after: null }));
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', field: 'callId' } }]);
  });

  it('promise 3: up to date, the subscription stays open in silence and goes on with what comes', async () => {
    const release = holdNext();
    const { id } = await generate(url, { prompt: 'a slow boat' });
    const before = await collect(watch(url, id), 2 + PARTIALS);
    const tail = watch(url, id, { over, after: before.at(-1)?.cursor ?? null });
    const next = tail.next();
    expect(await Promise.race([next, delay(300, 'silence')])).toBe('silence');
    release();
    // Sooner than the slow poll would find it: it was woken.
    expect(await within(2_500, 'the next event', () => next)).toMatchObject({
      done: false,
      value: { __typename: 'ImageCompleted', sequence: 3 + PARTIALS },
    });
    expect(typesOf(await collect(tail))).toEqual(['GenerationCompleted']);
  });

  it('promise 4: whoever sees an event finds it in the database, and its bytes at its address', async () => {
    const { id } = await generate(url, { prompt: 'a durable boat' });
    using database = openDatabase(server.dataDir);
    const stored = database.prepare('select type from events where call_id = ? and sequence = ?').pluck();
    const partialRow = database.prepare('select sha256 from partial_images where call_id = ? and partial_index = ?');
    const imageRow = database.prepare('select sha256 from images where id = ?');
    let pictures = 0;
    for await (const event of watch(url, id, { over })) {
      // Without an await in between: another process sees it at the very moment we do.
      expect(stored.get(rawId(id), event.sequence)).toBe(event.__typename);
      if (event.__typename === 'PartialImageReceived') {
        const { partial } = event;
        const row = partialRow.get(rawId(id), partial.index);
        expect(row).toEqual({ sha256: sha256(await fetchBytes(partial.url)) });
        pictures += 1;
      }
      if (event.__typename === 'ImageCompleted') {
        expect(imageRow.get(rawId(event.image.id))).toEqual({ sha256: event.image.sha256 });
        expect(sha256(await fetchBytes(event.image.url))).toBe(event.image.sha256);
        pictures += 1;
      }
    }
    expect(pictures).toBe(PARTIALS + 1);
  });

  it('a closed tab stops nothing: the call completes without a subscriber', async () => {
    const release = holdNext();
    const { id } = await generate(url, { prompt: 'a boat that nobody watches' });
    const tab = new AbortController();
    const seen: Event[] = [];
    for await (const event of watch(url, id, { over, signal: tab.signal })) {
      seen.push(event);
      if (event.__typename === 'PartialImageReceived') tab.abort();
    }
    expect(seen.length).toBeLessThan(4 + PARTIALS);
    release();
    const call = await eventually('the end of the call', async () => {
      const details = await callDetails(url, id);
      return details.endedAt === null ? undefined : details;
    });
    expect(call).toMatchObject({ status: 'COMPLETED', images: [{}] });
    expect(call.partialImages).toHaveLength(PARTIALS);
  });
});

describe('a page that is opened in the middle', () => {
  it('promise 2: snapshot and then tail, nothing is missed and nothing comes twice', async () => {
    const openPage = async (id: string) => {
      await delay(Math.random() * 400);
      const { generationCall } = await data(url, CallSnapshot, { id });
      const rest = await watchToEnd(url, id, { after: generationCall?.cursor ?? null });
      return {
        partials: [
          ...(generationCall?.partialImages.map(({ index }) => index) ?? []),
          ...allOf(rest, 'PartialImageReceived').map(({ partial }) => partial.index),
        ],
        images: [...(generationCall?.images ?? []), ...allOf(rest, 'ImageCompleted')].length,
        ended: generationCall?.status === 'COMPLETED' ? rest.length === 0 : rest.at(-1)?.__typename,
      };
    };
    const pages = await Promise.all(
      Array.from({ length: 5 }, async (_, number) => {
        const { id } = await generate(url, { prompt: `page ${number}` });
        return Promise.all(Array.from({ length: 20 }, () => openPage(id)));
      }),
    );
    for (const { partials, images, ended } of pages.flat()) {
      expect(partials).toEqual(Array.from({ length: PARTIALS }, (_, index) => index));
      expect(images).toBe(1);
      expect([true, 'GenerationCompleted']).toContain(ended);
    }
  });
});

describe('promise 8: original bytes are kept untouched', () => {
  it('partials and pictures are those that the upstream sent', async () => {
    const { id, events } = await generateToEnd(url, { prompt: 'a faithful boat' });
    const sent = upstream.sent.get((await callDetails(url, id)).responseId ?? '');
    const { image } = firstOf(events, 'ImageCompleted');
    expect(image.sha256).toBe(sha256(sent?.bytes ?? Buffer.alloc(0)));
    expect(await fetchBytes(image.url)).toEqual(sent?.bytes);
    const partials = await Promise.all(
      allOf(events, 'PartialImageReceived').map(({ partial }) => fetchBytes(partial.url)),
    );
    expect(partials).toEqual(sent?.partials);
  });

  it('even what an encoder would drop: metadata, and what stands behind the picture', async () => {
    const formats = ['png', 'jpeg', 'webp', 'gif'] as const;
    const files = await Promise.all(
      formats.map(async (format) => {
        const plain = sharp({ create: { width: 48, height: 32, channels: 3, background: 'teal' } });
        const encoded = await plain
          .withExif({ IFD0: { Copyright: 'somebody' } })
          .toFormat(format)
          .toBuffer();
        return { format, bytes: Buffer.concat([encoded, Buffer.from('a provenance manifest')]) };
      }),
    );
    const other = await startScriptedUpstream((_, nth) => {
      const { format, bytes } = files[nth] ?? { bytes: Buffer.alloc(0) };
      return streamReply(recordedEvents({ pictures: [{ bytes, item: { output_format: format } }] }));
    });
    await using fresh = await startServerAt(other);
    for (const { format, bytes } of files) {
      const { events } = await generateToEnd(fresh.url, { prompt: `a boat as ${format}` });
      const { image } = firstOf(events, 'ImageCompleted');
      expect(await fetchBytes(image.url)).toEqual(bytes);
      expect(image).toMatchObject({
        sha256: sha256(bytes),
        byteSize: bytes.length,
        width: 48,
        height: 32,
        format: format.toUpperCase(),
      });
    }
    await other.close();
  });
});
