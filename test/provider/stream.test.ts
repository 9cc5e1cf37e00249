/** The events of a run for the streams that OpenAI and compatible services send. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import {
  base64,
  compatibleEvents,
  type Json,
  numbered,
  recordedEvents,
  sse,
  sseUnnamed,
  streamReply,
} from '../support/scripted-upstream.ts';
import { pictureBytes, picturesOf, providerError, run, Sinks } from './run.ts';
import { SCRIPTED_REPORT } from './scripted-report.ts';

const FINAL = pictureBytes('final', 200_000);
const PARTIALS = [pictureBytes('partial 0', 50_001), pictureBytes('partial 1', 50_002)];
const CAT = { bytes: FINAL, partials: PARTIALS };

const EXPECTED = [
  { type: 'partial', image: 0, partial: 0, bytes: PARTIALS[0] },
  { type: 'partial', image: 0, partial: 1, bytes: PARTIALS[1] },
  { type: 'image', image: 0, bytes: FINAL },
];

describe('the recorded order', () => {
  it('is told as accepted, partials, image, completed', async () => {
    const { events, error, sinks, requests } = await run(
      streamReply(recordedEvents({ pictures: [CAT], text: 'Here.' })),
    );
    expect(error).toBeNull();
    expect(events.map((event) => event.type)).toEqual(['accepted', 'partial', 'partial', 'image', 'completed']);
    expect(events[0]).toEqual({
      type: 'accepted',
      responseId: 'resp_scripted',
      requestId: 'req_scripted',
      reported: {
        ...NO_SETTINGS,
        mainlineModel: 'gpt-5.6',
        model: 'gpt-image-2',
        moderation: 'AUTO',
        compression: 100,
      },
      upstreamSequence: 0,
    });
    expect(picturesOf(events)).toEqual(EXPECTED);
    expect(events[3]).toMatchObject({
      itemId: 'ig_0',
      revisedPrompt: 'A cat, drawn in ink',
      actual: {
        ...NO_SETTINGS,
        model: 'gpt-image-2',
        mainlineModel: 'gpt-5.6',
        size: '1024x1024',
        quality: 'LOW',
        format: 'PNG',
        background: 'OPAQUE',
        moderation: 'AUTO',
      },
    });
    expect(events[4]).toEqual({
      type: 'completed',
      responseId: 'resp_scripted',
      text: 'Here.',
      usage: SCRIPTED_REPORT,
      imagesMissing: false,
      upstreamSequence: 13,
    });
    expect(requests).toHaveLength(1);
    // The repetition in response.completed opens no sink: it is recognised before its first byte is decoded.
    expect({ opened: sinks.opened, open: sinks.open }).toEqual({ opened: 3, open: 0 });
  });

  it('waits for a sink that takes its time', async () => {
    const { events, sinks } = await run(streamReply(recordedEvents({ pictures: [CAT] })), { sinks: new Sinks(true) });
    expect(picturesOf(events)).toEqual(EXPECTED);
    expect(sinks.open).toBe(0);
  });

  it('gives several pictures of one response their own index', async () => {
    const dog = { bytes: pictureBytes('dog') };
    const { events } = await run(streamReply(recordedEvents({ pictures: [CAT, dog] })));
    expect(picturesOf(events).slice(2)).toEqual([
      { type: 'image', image: 0, bytes: FINAL },
      { type: 'image', image: 1, bytes: dog.bytes },
    ]);
  });
});

describe('bytes decide', () => {
  it('tells two items apart by id where a service gives both the same place', async () => {
    const dog = { bytes: pictureBytes('dog') };
    const events = recordedEvents({ pictures: [CAT, dog] }).map((event) => ({ ...event, output_index: 0 }));
    const { events: told } = await run(streamReply(events));
    expect(picturesOf(told)).toEqual([...EXPECTED, { type: 'image', image: 1, bytes: dog.bytes }]);
  });

  it('reads a service that never completes the item and ends with no output', async () => {
    const { events, error } = await run(streamReply(compatibleEvents({ pictures: [CAT] })));
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual(EXPECTED);
    expect(events.at(-1)).toMatchObject({ type: 'completed', text: null });
  });

  it('reads a service without event fields and sequence numbers, with [DONE] and keepalives', async () => {
    const writes = compatibleEvents({ pictures: [CAT] }).flatMap((event) => {
      const { sequence_number: _, ...rest } = event;
      return [': ping\n\n', 'data: {"type":"keepalive"}\n\n', 'event: ping\ndata: {}\n\n', sseUnnamed(rest)];
    });
    const { events, error, sinks } = await run({ writes: [...writes, 'data: [DONE]\n\n'] });
    expect(error).toBeNull();
    expect(picturesOf(events)).toEqual(EXPECTED);
    expect(sinks.open).toBe(0);
  });

  it('reads sequence numbers that are 0 throughout', async () => {
    const events = recordedEvents({ pictures: [CAT] }).map((event) => ({ ...event, sequence_number: 0 }));
    expect(picturesOf((await run(streamReply(events))).events)).toEqual(EXPECTED);
  });

  it('takes the picture from response.completed when the item came without', async () => {
    for (const result of [null, '']) {
      const events = recordedEvents({ pictures: [CAT] }).map((event) =>
        event['type'] === 'response.output_item.done' && event['output_index'] === 1
          ? { ...event, item: { ...itemOf(event), result } }
          : event,
      );
      const { events: told, error } = await run(streamReply(events));
      expect(error).toBeNull();
      expect(picturesOf(told)).toEqual(EXPECTED);
    }
  });

  it('takes the picture from response.completed when the item’s bytes were damaged', async () => {
    const events = recordedEvents({ pictures: [CAT] }).map((event) =>
      event['type'] === 'response.output_item.done' && event['output_index'] === 1
        ? { ...event, item: { ...itemOf(event), result: `${base64(FINAL).slice(0, 4000)}!!!!` } }
        : event,
    );
    const { events: told, sinks } = await run(streamReply(events));
    expect(picturesOf(told)).toEqual(EXPECTED);
    expect(sinks.open).toBe(0);
  });

  it('says that a picture was made when its bytes come nowhere', async () => {
    for (const result of [null, '']) {
      const events = recordedEvents({ pictures: [{ bytes: FINAL, item: { result } }] });
      const { events: told, error } = await run(streamReply(events));
      expect(error).toBeNull();
      expect(told.at(-1)).toMatchObject({ type: 'completed', imagesMissing: true });
    }
  });

  it('takes the picture of a response that fails afterwards, and then tells the failure', async () => {
    const events: Json[] = recordedEvents({ pictures: [CAT] }).slice(0, -1);
    const failed = {
      id: 'resp_scripted',
      status: 'failed',
      error: { code: 'server_error', message: 'boom' },
      output: [],
    };
    const result = await run(streamReply([...events, { type: 'response.failed', response: failed }]));
    expect(picturesOf(result.events)).toEqual(EXPECTED);
    expect(providerError(result).failure.code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('tells items without an id apart by their place', async () => {
    const events = recordedEvents({ pictures: [CAT, { bytes: pictureBytes('dog') }] }).map((event) =>
      JSON.parse(JSON.stringify(event), (key, value) => (key === 'id' || key === 'item_id' ? undefined : value)),
    );
    const { events: told, sinks } = await run(streamReply(events));
    expect(told[0]).toMatchObject({ type: 'accepted', responseId: null });
    expect(picturesOf(told)).toEqual([...EXPECTED, { type: 'image', image: 1, bytes: pictureBytes('dog') }]);
    expect(sinks.open).toBe(0);
  });
});

describe('events that come twice, late or unasked', () => {
  it('are told once', async () => {
    const events = recordedEvents({ pictures: [CAT] });
    const twice = events.slice(0, -1).flatMap((event) => [event, event]);
    const { events: told, sinks } = await run(streamReply([...twice, ...events.slice(-1)]));
    expect(told.filter((event) => event.type === 'accepted')).toHaveLength(1);
    expect(picturesOf(told)).toEqual(EXPECTED);
    expect(sinks.open).toBe(0);
  });

  it('give partials their own index in any order, and drop one behind its picture', async () => {
    const events = recordedEvents({ pictures: [CAT] });
    const partials = events.filter((event) => String(event['type']).endsWith('partial_image'));
    const [first, second] = partials;
    const rest = events.filter((event) => !partials.includes(event));
    const done = rest.findIndex(
      (event) => event['type'] === 'response.output_item.done' && event['output_index'] === 1,
    );
    const reordered = [...rest.slice(0, done), second, rest[done], first, ...rest.slice(done + 1)];
    const { events: told, sinks } = await run(streamReply(numbered(reordered.filter((event) => event !== undefined))));
    expect(picturesOf(told)).toEqual([EXPECTED[1], EXPECTED[2]]);
    expect(sinks.open).toBe(0);
  });

  it('a stream that skips response.created is accepted at its first event', async () => {
    const events = recordedEvents({ pictures: [CAT] }).slice(2);
    const { events: told } = await run(streamReply(events));
    expect(told[0]).toMatchObject({ type: 'accepted', responseId: null, requestId: 'req_scripted' });
    expect(told.at(-1)).toMatchObject({ type: 'completed', responseId: 'resp_scripted' });
  });

  it('unknown events are passed over', async () => {
    const events = recordedEvents({ pictures: [CAT] });
    const unknown = { type: 'response.something_new.delta', result: base64(FINAL), response: 7, item: null };
    const { events: told, sinks } = await run(streamReply(events.flatMap((event) => [unknown, event])));
    expect(picturesOf(told)).toEqual(EXPECTED);
    expect(sinks.open).toBe(0);
  });
});

describe('a plain JSON answer', () => {
  const json = (body: Json) => ({
    headers: { 'content-type': 'application/json', 'x-request-id': 'req_scripted' },
    writes: [JSON.stringify(body)],
  });
  const completed = recordedEvents({ pictures: [CAT], text: 'Here.' }).at(-1)?.['response'];
  // The last of the recorded events is response.completed, which has a response.
  const response = completed as Json;

  it('is read as a completed response', async () => {
    const { events, sinks } = await run(json(response));
    expect(events.map((event) => event.type)).toEqual(['accepted', 'image', 'completed']);
    expect(picturesOf(events)).toEqual(EXPECTED.slice(2));
    expect(events[2]).toMatchObject({ text: 'Here.', usage: SCRIPTED_REPORT });
    expect(sinks.open).toBe(0);
  });

  it('is read as what its status says', async () => {
    const incomplete = { ...response, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    expect(providerError(await run(json({ ...incomplete, output: [] }))).failure.code).toBe('INCOMPLETE');
    expect(providerError(await run(json({ error: { code: 'server_error', message: '' } }))).failure.code).toBe(
      'UPSTREAM_UNAVAILABLE',
    );
  });

  it('that is cut short is a lost run', async () => {
    const body = JSON.stringify(response);
    const result = await run({ ...json({}), writes: [body.slice(0, body.length / 2)] });
    expect(providerError(result).failure.code).toBe('OUTCOME_UNKNOWN');
    expect(result.sinks.open).toBe(0);
  });
});

function itemOf(event: Json): Json {
  // output_item events have an item.
  return event['item'] as Json;
}

describe('the last event', () => {
  it('counts even when the server closes right behind it, without a blank line', async () => {
    const writes = recordedEvents({ pictures: [CAT] }).map(sse);
    const last = writes.pop()?.trimEnd() ?? '';
    const { events, error } = await run({ writes: [...writes, last] });
    expect(error).toBeNull();
    expect(events.at(-1)?.type).toBe('completed');
  });
});
