/** How the upstream is told which picture to work from, best way first. */
import { describe, expect, it } from 'vitest';
import type { GenerationCall } from '../../src/domain/generation-call.ts';
import type { Image } from '../../src/domain/image.ts';
import { NO_SETTINGS } from '../../src/domain/options.ts';
import { contextLadder } from '../../src/engine/context-ladder.ts';

const CALL: GenerationCall = {
  id: 'call',
  principal: 'local',
  conversationId: 'conversation',
  kind: 'GENERATE',
  status: 'COMPLETED',
  prompt: 'a cat',
  revisedPrompt: null,
  requested: NO_SETTINGS,
  failure: null,
  route: null,
  attempts: 1,
  responseId: 'resp_1',
  upstream: 'openai',
  lastSequence: 4,
  lastPosition: 4,
  createdAt: '2026-11-23T15:04:05.678Z',
  startedAt: null,
  firstPartialAt: null,
  completedAt: null,
  claimedBy: null,
  notBefore: null,
  cancelRequestedAt: null,
};
const IMAGE: Image = {
  id: 'image',
  principal: 'local',
  conversationId: 'conversation',
  callId: 'call',
  imageIndex: 0,
  origin: 'GENERATED',
  prompt: 'a cat',
  revisedPrompt: null,
  requested: NO_SETTINGS,
  actual: null,
  itemId: 'ig_1',
  thumbhash: null,
  sha256: '0'.repeat(64),
  byteSize: 1,
  width: 1,
  height: 1,
  format: 'PNG',
  createdAt: '2026-11-23T15:04:05.678Z',
};
const BYTES = { route: 'IMAGE_BYTES', images: [IMAGE] };

describe('the ladder of contexts', () => {
  it.each([
    {
      what: 'the response, then the bytes, of a picture that was made alone',
      source: { image: IMAGE, call: CALL, siblings: 1 },
      rungs: [{ route: 'PREVIOUS_RESPONSE', responseId: 'resp_1' }, BYTES],
    },
    {
      what: 'the item, then the bytes, of one among several',
      source: { image: IMAGE, call: CALL, siblings: 2 },
      rungs: [{ route: 'CONTEXT_ITEMS', itemIds: ['ig_1'] }, BYTES],
    },
    {
      what: 'the bytes alone, of one among several that the upstream gave no id',
      source: { image: { ...IMAGE, itemId: null }, call: CALL, siblings: 2 },
      rungs: [{ ...BYTES, images: [{ ...IMAGE, itemId: null }] }],
    },
    {
      what: 'the bytes alone, of a response that the upstream gave no id',
      source: { image: IMAGE, call: { ...CALL, responseId: null }, siblings: 1 },
      rungs: [BYTES],
    },
    {
      what: 'the bytes alone, of a picture that another upstream made',
      source: { image: IMAGE, call: { ...CALL, upstream: 'simulator' }, siblings: 1 },
      rungs: [BYTES],
    },
    {
      what: 'the bytes alone, of a picture that no call made',
      source: { image: { ...IMAGE, callId: null, origin: 'UPLOADED' as const }, call: null, siblings: 0 },
      rungs: [{ ...BYTES, images: [{ ...IMAGE, callId: null, origin: 'UPLOADED' }] }],
    },
  ])('is $what', ({ source, rungs }) => {
    expect(contextLadder(source, 'openai')).toEqual(rungs);
  });
});
