/** How the upstream is told which picture to work from, best way first. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { contextStrategies } from '../../src/runner/requests/context-strategies.ts';

const IMAGE: Image = {
  id: 'image',
  principal: 'local',
  conversationId: 'conversation',
  callId: 'call',
  imageIndex: 0,
  origin: 'GENERATED',
  purpose: 'SOURCE',
  prompt: 'a cat',
  revisedPrompt: null,
  requested: NO_SETTINGS,
  actual: null,
  itemId: 'ig_1',
  responseId: 'resp_1',
  verbatim: null,
  thumbhash: null,
  hasContentCredentials: null,
  favorite: false,
  deletedAt: null,
  sha256: '0'.repeat(64),
  byteSize: 1,
  width: 1,
  height: 1,
  format: 'PNG',
  createdAt: '2026-11-23T15:04:05.678Z',
};
const BYTES = { route: 'IMAGE_BYTES', images: [IMAGE] };

describe('the strategies of contexts', () => {
  it.each([
    {
      what: 'the response, then the bytes, of a picture that was made alone',
      sources: { images: [IMAGE], madeBy: 'openai', siblings: 1 },
      strategies: [{ route: 'PREVIOUS_RESPONSE', responseId: 'resp_1' }, BYTES],
    },
    {
      what: 'the item, then the bytes, of one among several in a response',
      sources: { images: [IMAGE], madeBy: 'openai', siblings: 2 },
      strategies: [{ route: 'CONTEXT_ITEMS', itemIds: ['ig_1'] }, BYTES],
    },
    {
      what: 'the bytes alone, of one among several that the upstream gave no id',
      sources: { images: [{ ...IMAGE, itemId: null }], madeBy: 'openai', siblings: 2 },
      strategies: [{ ...BYTES, images: [{ ...IMAGE, itemId: null }] }],
    },
    {
      what: 'the bytes alone, of a response that the upstream gave no id',
      sources: { images: [{ ...IMAGE, responseId: null }], madeBy: 'openai', siblings: 1 },
      strategies: [{ ...BYTES, images: [{ ...IMAGE, responseId: null }] }],
    },
    {
      what: 'the bytes alone, of a picture that another upstream made',
      sources: { images: [IMAGE], madeBy: 'simulator', siblings: 1 },
      strategies: [BYTES],
    },
    {
      what: 'the bytes alone, of a picture that no call made',
      sources: { images: [IMAGE], madeBy: null, siblings: 0 },
      strategies: [BYTES],
    },
    {
      what: 'the bytes of all, of several pictures',
      sources: { images: [IMAGE, { ...IMAGE, id: 'other' }], madeBy: 'openai', siblings: 1 },
      strategies: [{ route: 'IMAGE_BYTES', images: [IMAGE, { ...IMAGE, id: 'other' }] }],
    },
    { what: 'nothing, of no picture', sources: { images: [], madeBy: null, siblings: 0 }, strategies: [] },
  ])('is $what', ({ sources, strategies }) => {
    expect(contextStrategies(sources, 'openai')).toEqual(strategies);
  });

  it('is the bytes alone where the upstream keeps nothing', () => {
    expect(contextStrategies({ images: [IMAGE], madeBy: 'openai', siblings: 1 }, null)).toEqual([BYTES]);
  });
});
