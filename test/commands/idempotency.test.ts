/** Stored idempotency keys keep their meaning across versions of the server, so their hashes are fixed here. */
import { describe, expect, it } from 'vitest';
import { hashOf, hashOfRetry } from '../../src/commands/start/idempotency.ts';
import type { GenerationRequest } from '../../src/domain/generation/generation-request.ts';
import { type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';

const BOAT: GenerationRequest = {
  kind: 'GENERATE',
  prompt: 'a boat',
  verbatim: false,
  count: 1,
  settings: { ...NO_SETTINGS, partialImages: 2 },
  maskImageId: null,
  markupImageId: null,
};

describe('the hash of a request', () => {
  it('is the stored one for a prompt alone', () => {
    expect(hashOf({ request: BOAT, conversationId: null, sourceIds: [] })).toBe(
      '4cd3101720c4a86c1654df11e692081875a4f1dc8809bbd13c92efd8a37dd2e1',
    );
  });

  it('is the stored one for a prompt that must be used verbatim, in a conversation', () => {
    const request = { ...BOAT, verbatim: true };
    expect(hashOf({ request, conversationId: 'conversation-1', sourceIds: [] })).toBe(
      '881197de3cc32af755bb4d92dbbc0902f6ceae57463ab97360765ec12b8fbb31',
    );
  });

  it('is the stored one for a refinement with every option', () => {
    const request: GenerationRequest = {
      kind: 'REFINE',
      prompt: 'add snow',
      verbatim: true,
      count: 4,
      settings: { ...NO_SETTINGS, partialImages: 0, quality: 'LOW', mainlineModel: 'gpt-5.4' },
      maskImageId: 'image-2',
      markupImageId: null,
    };
    expect(hashOf({ request, conversationId: null, sourceIds: ['image-1'] })).toBe(
      '72fb4a699122a742ab8aafc37bf7f3a1457f9a4d9b3973d65409411d6ebe8741',
    );
  });

  it('is the stored one for a retry', () => {
    expect(hashOfRetry('call-1')).toBe('03f221456c43b3c83da021306a55f6c4ca679fab6257c3e304313493387a8608');
  });

  it('changes with a markup, and with each of the new options', () => {
    const hash = (request: GenerationRequest) => hashOf({ request, conversationId: null, sourceIds: ['image-1'] });
    const set = (settings: Partial<ImageSettings>) => hash({ ...BOAT, settings: { ...BOAT.settings, ...settings } });
    const hashes = [
      hash(BOAT),
      hash({ ...BOAT, markupImageId: 'image-2' }),
      hash({ ...BOAT, markupImageId: 'image-3' }),
      hash({ ...BOAT, maskImageId: 'image-2' }),
      set({ complexity: 'LOW' }),
      set({ frameCount: 4 }),
      set({ frameDurationMs: 40 }),
      set({ svg: { model: 'gpt-6-astra', reasoningEffort: null } }),
      set({ completionWindow: 'WITHIN_2_HOURS' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('changes with an option that a later version adds, and only when that option is used', () => {
    const hash = (request: GenerationRequest) => hashOf({ request, conversationId: null, sourceIds: [] });
    const later = (isUsed: boolean) => hash({ ...BOAT, ...{ isTiled: isUsed } });
    expect(later(false)).toBe(hash(BOAT));
    expect(later(true)).not.toBe(hash(BOAT));
  });
});
