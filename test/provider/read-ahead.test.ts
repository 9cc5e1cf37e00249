/** While one picture is stored, the next one arrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { PictureSink, ProviderEvent } from '../../src/provider/image-provider.ts';
import {
  base64,
  type Json,
  numbered,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { pictureBytes, picturesOf, providerFor, REQUEST, Sinks } from './run.ts';

const FINAL = pictureBytes('final', 200_000);
const PARTIALS = [0, 1, 2, 3].map((index) => pictureBytes(`partial ${index}`, 100_000 + index));
/** More than enough time for a stream on loopback to arrive as far as it can. */
const SETTLED_MS = 300;

/** Sinks of which one, by its index in the order of opening, finishes only when the test releases it. */
class HeldSinks extends Sinks {
  readonly reached = Promise.withResolvers<void>();
  readonly leave = Promise.withResolvers<void>();
  readonly #held: number;

  constructor(held: number) {
    super();
    this.#held = held;
  }

  readonly openHeld = (): PictureSink<Buffer> => {
    const isHeld = this.opened === this.#held;
    const sink = this.openSink();
    if (!isHeld) return sink;
    return {
      ...sink,
      finish: async () => {
        this.reached.resolve();
        await this.leave.promise;
        return sink.finish();
      },
    };
  };
}

async function runHeld(
  events: readonly Json[],
  sinks: HeldSinks,
  whileHeld: (told: readonly ProviderEvent<Buffer>[]) => void,
) {
  const upstream = await startScriptedUpstream(() => streamReply(events));
  const told: ProviderEvent<Buffer>[] = [];
  let error: unknown = null;
  const ending = (async () => {
    const run = providerFor(upstream.baseURL).generate(REQUEST, {
      signal: new AbortController().signal,
      openSink: sinks.openHeld,
    });
    for await (const event of run) told.push(event);
  })().catch((caught: unknown) => {
    error = caught;
  });
  await sinks.reached.promise;
  await sleep(SETTLED_MS);
  whileHeld(told);
  await ending;
  await upstream.close();
  return { told, error };
}

/** One picture with four partials. */
const STAGED = recordedEvents({ pictures: [{ bytes: FINAL, partials: PARTIALS }] });
/** One picture and directly after it the end of the response, without the message that usually comes between. */
const ENDING = numbered(
  recordedEvents({ pictures: [{ bytes: FINAL, partials: [] }] }).filter(
    ({ item }) => !(typeof item === 'object' && item !== null && 'type' in item && item.type === 'message'),
  ),
);

/** Without `progress` events. */
function typesOf(events: readonly ProviderEvent<Buffer>[]): string[] {
  return events.flatMap(({ type }) => (type === 'progress' ? [] : [type]));
}

it('the next picture comes, and no more than that, while one is stored', async () => {
  const sinks = new HeldSinks(0);
  const { told, error } = await runHeld(STAGED, sinks, () => {
    expect(sinks).toMatchObject({ opened: 2, finished: 0 });
    sinks.leave.resolve();
  });
  expect(error).toBeNull();
  expect(picturesOf(told).map(({ bytes }) => bytes)).toEqual([...PARTIALS, FINAL]);
  expect(sinks).toMatchObject({ opened: 5, finished: 5, open: 0 });
});

it('nothing is told of what has come behind a picture before that picture is stored', async () => {
  const sinks = new HeldSinks(1);
  const events = recordedEvents({ pictures: [{ bytes: FINAL, partials: PARTIALS.slice(0, 2) }] });
  const { told } = await runHeld(events, sinks, (before) => {
    expect(typesOf(before)).toEqual(['accepted', 'partial']);
    sinks.leave.resolve();
  });
  expect(typesOf(told)).toEqual(['accepted', 'partial', 'partial', 'image', 'completed']);
});

it('the end of the response, which repeats a picture that is being stored, is not stored as well', async () => {
  const sinks = new HeldSinks(0);
  const { told, error } = await runHeld(ENDING, sinks, () => {
    expect(sinks).toMatchObject({ opened: 1, finished: 0 });
    sinks.leave.resolve();
  });
  expect(error).toBeNull();
  expect(told.at(-1)?.type).toBe('completed');
  expect(sinks).toMatchObject({ opened: 1, finished: 1 });
});

it('a picture that came damaged is taken from the end of the response, however late it is looked at', async () => {
  const events = ENDING.map((event): Json => {
    if (event['type'] !== 'response.output_item.done') return event;
    const item = event['item'];
    return {
      ...event,
      item: { ...(typeof item === 'object' ? item : {}), result: `${base64(FINAL).slice(0, 1_000)}*` },
    };
  });
  const upstream = await startScriptedUpstream(() => streamReply(events));
  const sinks = new Sinks();
  const told: ProviderEvent<Buffer>[] = [];
  const signal = new AbortController().signal;
  for await (const event of providerFor(upstream.baseURL).generate(REQUEST, { signal, openSink: sinks.openSink })) {
    told.push(event);
    await sleep(50);
  }
  await upstream.close();
  expect(picturesOf(told)).toEqual([{ type: 'image', image: 0, bytes: FINAL }]);
  expect(sinks.open).toBe(0);
});

it('a picture that cannot be stored ends the run, and the next one is thrown away', async () => {
  const sinks = new HeldSinks(0);
  const { told, error } = await runHeld(STAGED, sinks, () => {
    expect(sinks.opened).toBe(2);
    sinks.leave.reject(new Error('the disk is full'));
  });
  expect(error).toEqual(new Error('the disk is full'));
  expect(typesOf(told)).toEqual(['accepted']);
  expect(sinks).toMatchObject({ opened: 2, finished: 0, discarded: 2 });
});
