/** The settings that the upstream reports: at the start of a response, and for each picture. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/options.ts';
import { recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { pictureBytes, run } from './run.ts';

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
