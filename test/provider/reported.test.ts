/** The settings that the upstream reports: at the start of a response, and for each picture. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { type Json, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { pictureBytes, run } from './run.ts';
import { documentReply } from './scripted-images.ts';

const FINAL = pictureBytes('final');
const CAT = { bytes: FINAL };

describe('what the upstream says it did', () => {
  it('is remembered from the first mention of the tool', async () => {
    const events = recordedEvents({ pictures: [CAT] }).map((event, index) =>
      index === 1 ? { ...event, response: { id: 'resp_scripted' } } : event,
    );
    const { events: told } = await run(streamReply(events));
    expect(told[1]).toMatchObject({ type: 'image', actual: { model: 'gpt-image-2' } });
  });

  it('keeps words that are not known out', async () => {
    const item = { quality: 'ultra', output_format: 'WebP', background: null, size: 7 };
    const { events } = await run(streamReply(recordedEvents({ pictures: [{ bytes: FINAL, item }] })));
    expect(events[1]).toMatchObject({
      type: 'image',
      actual: { quality: null, format: 'WEBP', compression: 100, background: null, size: null },
    });
  });

  const TOOL = {
    type: 'image_generation',
    complexity: 'medium',
    frame_count: 9,
    frame_duration_ms: 200,
    svg: { model: 'gpt-6-astra', reasoning: { effort: 'low' } },
  };
  const AUTHOR = { model: 'gpt-6-astra', reasoningEffort: 'LOW' };
  it.each([
    ['gif', {}, { complexity: 'MEDIUM', frameCount: 9, frameDurationMs: 200, svg: null }],
    ['svg', {}, { complexity: 'MEDIUM', frameCount: null, frameDurationMs: null, svg: AUTHOR }],
    ['svg', { svg_usage: { model: 'gpt-6-astra-1' } }, { svg: { ...AUTHOR, model: 'gpt-6-astra-1' } }],
    // The upstream reports its defaults with every format.
    ['png', {}, { complexity: 'MEDIUM', frameCount: null, frameDurationMs: null, svg: null }],
    ['gif', { complexity: 'high', frame_count: 4, frame_duration_ms: 40 }, { complexity: 'HIGH', frameCount: 4 }],
    ['gif', { complexity: 'endless', frame_count: 'many' }, { complexity: 'MEDIUM', frameCount: 9 }],
  ])('of a %s is read from its item %j and from the tool', async (output_format, more, actual) => {
    const events = recordedEvents({ pictures: [{ bytes: FINAL, item: { output_format, ...more } }] }).map((event) =>
      event['response'] === undefined
        ? event
        : { ...event, response: { ...(event['response'] as Json), tools: [TOOL] } },
    );
    const { events: told } = await run(streamReply(events));
    expect(told.find(({ type }) => type === 'image')).toMatchObject({ actual });
  });

  it('of an SVG is read from an answer of the Image API, too', async () => {
    const usage = { model: 'gpt-6-astra', input_tokens: 1, output_tokens: 2, reasoning_tokens: 0, total_tokens: 3 };
    const reply = documentReply([FINAL], { output_format: 'svg', svg_usage: usage });
    const { events } = await run(reply, { request: { api: 'IMAGES' } });
    expect(events.find(({ type }) => type === 'image')).toMatchObject({
      actual: { format: 'SVG', svg: { model: 'gpt-6-astra', reasoningEffort: null } },
    });
  });

  it('is told at the start as far as it is said there', async () => {
    const [created, ...rest] = recordedEvents({ pictures: [CAT] });
    const acceptedAs = async (response: object | null) => {
      const first = { ...created, response };
      return (await run(streamReply([first, ...rest]))).events[0];
    };
    expect(await acceptedAs({ id: 'resp_scripted' })).toMatchObject({ type: 'accepted', reported: null });
    expect(await acceptedAs(null)).toMatchObject({ type: 'accepted', reported: null });
    expect(await acceptedAs({ id: 'resp_scripted', model: 'gpt-5.7' })).toMatchObject({
      reported: { ...NO_SETTINGS, mainlineModel: 'gpt-5.7' },
    });
    expect(await acceptedAs({ tools: [{ type: 'image_generation', moderation: 'low', model: 7 }] })).toMatchObject({
      reported: { ...NO_SETTINGS, moderation: 'LOW' },
    });
  });

  it('of the mainline model stands with every picture', async () => {
    const { events } = await run(streamReply(recordedEvents({ pictures: [{ ...CAT, partials: [FINAL] }] })));
    for (const event of events) {
      if (event.type === 'partial' || event.type === 'image') expect(event.actual.mainlineModel).toBe('gpt-5.6');
    }
    expect(events.map((event) => event.type)).toEqual(['accepted', 'partial', 'image', 'completed']);
  });
});
