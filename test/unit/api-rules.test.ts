/** What the Image API, or the configuration of this server, rules out whatever the model. */
import { describe, expect, it } from 'vitest';
import { UnsupportedOptionError } from '../../src/domain/errors.ts';
import { COMPLETION_WINDOWS, type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { outsideImageApi } from '../../src/domain/models/image-api.ts';
import { outsideConfiguration } from '../../src/domain/models/server-rules.ts';

const ask = (settings: Partial<ImageSettings>) => ({ ...NO_SETTINGS, ...settings });
const DEFERRED = COMPLETION_WINDOWS.filter((window) => window !== 'SOONEST');

describe('the Image API', () => {
  it.each<[Partial<ImageSettings>, string]>([
    [{ mainlineModel: 'gpt-5.7' }, 'options.mainlineModel'],
    [{ completionWindow: 'WITHIN_2_HOURS' }, 'options.completionWindow'],
    [{ completionWindow: 'WITHIN_8_HOURS' }, 'options.completionWindow'],
    [{ inputFidelity: 'LOW' }, 'options.inputFidelity'],
    [{ format: 'SVG', partialImages: 1 }, 'options.partialImages'],
    [{ format: 'SVG', svg: { model: null, reasoningEffort: 'LOW' } }, 'options.svg.reasoningEffort'],
  ])('does not take %j', (settings, option) => {
    expect(outsideImageApi({ settings: ask(settings), hasSources: false, hasMarkup: false })).toMatchObject({
      by: 'IMAGE_API',
      option,
    });
  });

  it('says why it is asked at all when there is a markup', () => {
    const settings = ask({ mainlineModel: 'gpt-5.7' });
    const unsupported = outsideImageApi({ settings, hasSources: true, hasMarkup: true });
    if (unsupported === null) throw new Error('it was not refused');
    expect(new UnsupportedOptionError(unsupported).message).toBe(
      'The Image API does not support gpt-5.7 for options.mainlineModel: it uses no mainline model; omit the option (a ' +
        'markup is sent to this API alone).',
    );
  });

  it.each<Partial<ImageSettings>>([
    { completionWindow: 'SOONEST' },
    { complexity: 'HIGH' },
    { format: 'GIF', frameCount: 4, frameDurationMs: 40 },
    { format: 'SVG', partialImages: 0, svg: { model: 'gpt-6-astra', reasoningEffort: 'LOW' } },
    { format: 'SVG', svg: { model: 'gpt-6-astra', reasoningEffort: null } },
  ])('takes %j', (settings) => {
    expect(outsideImageApi({ settings: ask(settings), hasSources: false, hasMarkup: false })).toBeNull();
  });
});

describe('a completion window of hours', () => {
  it.each(DEFERRED)(
    '%s needs the Responses API, and a response that is kept: the refusal names the setting',
    (window) => {
      const asked = { settings: ask({ completionWindow: window }), hasMarkup: false };
      const words = (rules: Parameters<typeof outsideConfiguration>[1]) => {
        const unsupported = outsideConfiguration(asked, rules);
        return unsupported === null ? null : new UnsupportedOptionError(unsupported).message;
      };
      expect(words({ policy: 'AUTO', retainsResponses: true })).toBeNull();
      expect(words({ policy: 'RESPONSES', retainsResponses: true })).toBeNull();
      expect(words({ policy: 'RESPONSES', retainsResponses: false })).toBe(
        `This server does not support ${window} for options.completionWindow: the upstream has to keep the response until ` +
          'then; set UPSTREAM_STORE=on.',
      );
      expect(words({ policy: 'IMAGES', retainsResponses: true })).toMatch(/; set UPSTREAM_API=both\.$/u);
    },
  );

  it('is not what SOONEST asks for', () => {
    const asked = { settings: ask({ completionWindow: 'SOONEST' }), hasMarkup: false };
    expect(outsideConfiguration(asked, { policy: 'IMAGES', retainsResponses: false })).toBeNull();
  });
});

describe('a markup', () => {
  it('needs the Image API: the refusal names the setting', () => {
    const asked = { settings: NO_SETTINGS, hasMarkup: true };
    for (const policy of ['AUTO', 'IMAGES'] as const) {
      expect(outsideConfiguration(asked, { policy, retainsResponses: false })).toBeNull();
    }
    const unsupported = outsideConfiguration(asked, { policy: 'RESPONSES', retainsResponses: true });
    if (unsupported === null) throw new Error('it was not refused');
    expect(unsupported).toMatchObject({ by: 'SERVER', model: null, option: 'markupImageId', allowed: [] });
    expect(new UnsupportedOptionError(unsupported).message).toMatch(/; set UPSTREAM_API=both\.$/u);
  });
});
