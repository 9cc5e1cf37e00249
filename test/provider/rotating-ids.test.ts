/**
 * Services that give an image another id in each event, or none. An image is one by its place in the output and its bytes:
 * it is delivered once, under one index, and different images stay different.
 */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KnownImage } from '../../src/provider/image-provider.ts';
import {
  base64,
  type Json,
  jsonReply,
  keptStream,
  numbered,
  recordedEvents,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { Follower } from './follow.ts';
import { collect, pictureBytes, picturesOf, providerFor, run, Sinks } from './run.ts';

const CAT = { bytes: pictureBytes('cat', 9_000), partials: [pictureBytes('cat 0', 4_000)] };
const DOG = { bytes: pictureBytes('dog', 8_000), partials: [pictureBytes('dog 0', 3_000)] };
const ONE = recordedEvents({ pictures: [CAT] });
const TWO = recordedEvents({ pictures: [CAT, DOG] });

const CAT_TOLD = [
  { type: 'partial', image: 0, partial: 0, bytes: CAT.partials[0] },
  { type: 'image', image: 0, bytes: CAT.bytes },
];
const DOG_TOLD = [
  { type: 'partial', image: 1, partial: 0, bytes: DOG.partials[0] },
  { type: 'image', image: 1, bytes: DOG.bytes },
];

type Change = (key: string, value: unknown) => unknown;

/** The events with changed ids of their image items. `event` counts from 0. */
function changed(
  events: readonly Json[],
  change: (id: string, event: number, type: string) => string | undefined,
): Json[] {
  return events.map((event, nth) => {
    const replace: Change = (key, value) =>
      (key === 'id' || key === 'item_id') && String(value).startsWith('ig_')
        ? change(String(value), nth, String(event['type']))
        : value;
    return JSON.parse(JSON.stringify(event), replace);
  });
}

const endsOnly = (events: readonly Json[]) =>
  changed(events, (id, _, type) => (type === 'response.completed' ? `${id}_end` : id));
const rotating = (events: readonly Json[]) => changed(events, (id, event) => `${id}_${event}`);
const withoutIds = (events: readonly Json[]) => changed(events, () => undefined);
const withoutMost = (events: readonly Json[]) =>
  changed(events, (id, _, type) => (type === 'response.output_item.done' ? id : undefined));

const HABITS: Readonly<Record<string, (events: readonly Json[]) => Json[]>> = {
  'gives another id at the end': endsOnly,
  'gives another id in each event': rotating,
  'gives no id': withoutIds,
  'gives an id only to what is done': withoutMost,
  'gives another id in each event and announces nothing': (events) =>
    rotating(events).filter(({ type }) => type !== 'response.output_item.added'),
  'gives another id in each event and repeats them all': (events) => {
    const [first, second] = [rotating(events), changed(events, (id, event) => `${id}_again_${event}`)];
    return first.flatMap((event, nth) => (nth === first.length - 1 ? [event] : [event, second[nth] ?? {}]));
  },
  'gives another id and no place at the end of an item': (events) =>
    rotating(events).map(({ output_index: index, ...event }) =>
      event['type'] === 'response.output_item.done' && index !== 0 ? event : { ...event, output_index: index },
    ),
};

describe.each(Object.entries(HABITS))('a service that %s', (_, habit) => {
  it('makes one image of one, with its partial images', async () => {
    const { events, error, sinks } = await run(streamReply(numbered(habit(ONE))));
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual(CAT_TOLD);
    expect(sinks.open).toBe(0);
  });

  it('makes two images of two', async () => {
    const { events, error, sinks } = await run(streamReply(numbered(habit(TWO))));
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual([...CAT_TOLD, ...DOG_TOLD]);
    expect(events.at(-1)).toMatchObject({ type: 'completed', imagesMissing: false });
    expect(sinks.open).toBe(0);
  });

  it('makes two images of two that have the same bytes', async () => {
    // Without a place, the same bytes are a repetition.
    if (habit === HABITS['gives another id and no place at the end of an item']) return;
    const twins = recordedEvents({ pictures: [CAT, { bytes: CAT.bytes }] });
    const { events } = await run(streamReply(numbered(habit(twins))));
    expect(picturesOf(events)).toEqual([...CAT_TOLD, { type: 'image', image: 1, bytes: CAT.bytes }]);
  });

  it('loses and repeats no image when its stream is cut anywhere', async () => {
    const events = numbered(habit(TWO));
    const lengths = events.map((event) => sse(event).length);
    const ends = lengths.map((_, nth) => lengths.slice(0, nth + 1).reduce((sum, length) => sum + length, 0));
    for (const [nth, end] of ends.slice(1).entries()) {
      const upstream = await startScriptedUpstream(keptStream({ events, cuts: [end + (nth % 3)] }));
      const follower = await new Follower({ provider: providerFor(upstream.baseURL) }).run();
      await upstream.close();
      expect([...follower.images.values()]).toEqual([[CAT.bytes], [DOG.bytes]]);
      expect(follower.completed).toMatchObject({ imagesMissing: false });
    }
  });
});

describe('what is stored of a response is recognised when it is read again under other ids', () => {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const stored: KnownImage = { itemId: 'ig_0', imageIndex: 0, stored: true, sha256: hash(CAT.bytes) };
  const begun: KnownImage = { itemId: 'ig_0', imageIndex: 0, stored: false };
  const nameless: KnownImage = { ...stored, itemId: null };
  const last = (events: readonly Json[]) => ({ ...(endsOnly(events).at(-1)?.['response'] as object) });
  const cat = [0, CAT.bytes];
  const dog = [1, DOG.bytes];

  it.each<[string, readonly Json[], readonly KnownImage[], unknown[]]>([
    ['its image', ONE, [stored], []],
    ['its image without an id', ONE, [nameless], []],
    ['a partial image of it', ONE, [begun], [cat]],
    ['one of its images', TWO, [stored], [dog]],
    ['one of its images without an id', TWO, [nameless], [dog]],
    ['a partial image of one of its images', TWO, [begun], [cat, dog]],
    ['both of its images', TWO, [stored, { itemId: 'ig_1', imageIndex: 1, stored: true, sha256: hash(DOG.bytes) }], []],
    ['nothing', TWO, [], [cat, dog]],
  ])('%s', async (_, events, known, expected) => {
    for (const operation of ['retrieve', 'resume', 'replay'] as const) {
      const upstream = await startScriptedUpstream(() =>
        operation === 'retrieve' ? jsonReply(last(events)) : streamReply(numbered(endsOnly(events)).slice(-1)),
      );
      const sinks = new Sinks();
      const reading = { signal: new AbortController().signal, openSink: sinks.openSink };
      const provider = providerFor(upstream.baseURL);
      const told =
        operation === 'retrieve'
          ? await collect(provider.retrieve('resp_scripted', reading, known))
          : await collect(provider.resume('resp_scripted', operation === 'resume' ? 9 : null, reading, known));
      await upstream.close();
      const images = told.flatMap((event) => (event.type === 'image' ? [[event.imageIndex, event.picture]] : []));
      expect([operation, images]).toEqual([operation, expected]);
      expect(told.at(-1)).toMatchObject({ type: 'completed', imagesMissing: false });
      expect(sinks.open).toBe(0);
    }
  });
});

describe('one id', () => {
  it('for a partial image and another for the image still makes different bytes two images', async () => {
    const events = rotating(ONE);
    const done =
      events.find(({ type, output_index: index }) => type === 'response.output_item.done' && index === 1) ?? {};
    const item = { ...(done['item'] as object), id: 'ig_other', result: base64(DOG.bytes) };
    const { events: told } = await run(
      streamReply(numbered([...events.slice(0, -1), { ...done, item }, ...events.slice(-1)])),
    );
    expect(picturesOf(told)).toEqual([...CAT_TOLD, { type: 'image', image: 1, bytes: DOG.bytes }]);
  });

  it('under which a picture came is not decoded again', async () => {
    const { sinks } = await run(streamReply(ONE));
    expect(sinks.opened).toBe(2);
  });
});
