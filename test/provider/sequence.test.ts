/** The sequence number of an event, after which a run can be resumed without losing anything. */
import { describe, expect, it } from 'vitest';
import type { ProviderEvent } from '../../src/provider/image-provider.ts';
import { type Json, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { pictureBytes, run } from './run.ts';

const CAT = { bytes: pictureBytes('cat', 9_000), partials: [pictureBytes('cat 0', 4_000)] };

describe('the sequence that an event carries', () => {
  const told = async (events: readonly Json[]) => {
    const all: [string, number | null][] = [];
    const onEvent = (event: ProviderEvent<Buffer>) => {
      all.push([event.type, event.upstreamSequence]);
      return undefined;
    };
    await run(streamReply(events), { onEvent });
    return all;
  };
  const ONE = recordedEvents({ pictures: [CAT] });

  it('is that of its upstream event, and progress stands for the events that tell nothing else', async () => {
    expect(await told(ONE)).toEqual([
      ['accepted', 0],
      ['progress', 1],
      ['progress', 2],
      ['progress', 3],
      ['progress', 4],
      ['progress', 5],
      ['progress', 6],
      ['partial', 7],
      ['progress', 8],
      ['image', 9],
      ['progress', 10],
      ['progress', 11],
      ['completed', 12],
    ]);
  });

  it('stays below an event that is still missing', async () => {
    const partialLate = [...ONE.slice(0, 7), ...ONE.slice(8, 9), ...ONE.slice(7, 8), ...ONE.slice(9)];
    expect((await told(partialLate)).slice(6, 9)).toEqual([
      ['progress', 6],
      ['partial', 8],
      ['image', 9],
    ]);
    const partialNever = ONE.filter((_, index) => index !== 7);
    expect((await told(partialNever)).slice(6)).toEqual([
      ['progress', 6],
      ['image', 6],
      ['completed', 6],
    ]);
  });

  it('is that of the event before, for a picture whose event has more to tell', async () => {
    const late = ONE.filter((event) => event['type'] !== 'response.output_item.done').map((event, index) => ({
      ...event,
      sequence_number: index,
    }));
    expect((await told(late)).slice(-2)).toEqual([
      ['image', late.length - 2],
      ['completed', late.length - 1],
    ]);
    const partialFirst = ONE.slice(7).map((event, index) => ({ ...event, sequence_number: index }));
    expect((await told(partialFirst)).slice(0, 2)).toEqual([
      ['accepted', null],
      ['partial', 0],
    ]);
  });

  it('does not pass a picture whose bytes were damaged: read again, they may be whole', async () => {
    const damaged = ONE.map((event, index) =>
      index === 9 ? { ...event, item: { id: 'ig_0', type: 'image_generation_call', result: 'AAAA*AAA' } } : event,
    ).slice(0, 11);
    expect((await told(damaged)).at(-1)).toEqual(['progress', 8]);
  });

  it('counts events of any type, and is null or stays where a service does not number in earnest', async () => {
    const keepalive = ONE.flatMap((event, index) => [
      { ...event, sequence_number: 2 * index },
      { type: 'keepalive', sequence_number: 2 * index + 1 },
    ]);
    expect((await told(keepalive)).filter(([type]) => type === 'image')).toEqual([['image', 18]]);
    const unnumbered = ONE.map(({ sequence_number: _, ...event }) => event);
    expect(await told(unnumbered)).toEqual([
      ['accepted', null],
      ['partial', null],
      ['image', null],
      ['completed', null],
    ]);
    const zeros = ONE.map((event) => ({ ...event, sequence_number: 0 }));
    expect(new Set((await told(zeros)).map(([, sequence]) => sequence))).toEqual(new Set([0]));
    const fromOne = ONE.map((event, index) => ({ ...event, sequence_number: index + 1 }));
    expect((await told(fromOne)).at(-1)).toEqual(['completed', 13]);
  });
});
