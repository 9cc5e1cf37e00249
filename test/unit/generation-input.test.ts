/** The rules of what may be asked for. */
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/domain/errors.ts';
import {
  type ImageOptions,
  optionErrors,
  promptErrors,
  refuseIfAny,
  settingsFromOptions,
} from '../../src/domain/generation/generation-input.ts';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';

describe('a prompt', () => {
  it.each(['x', ' x ', 'x'.repeat(32_000), '漢字', '🚣'])('is taken (%#)', (prompt) => {
    expect(promptErrors('prompt', prompt)).toEqual([]);
  });

  it.each(['', ' ', '\n\t', '\u00a0\u3000'])('%j says nothing', (prompt) => {
    expect(promptErrors('prompt', prompt)).toEqual([
      { field: 'prompt', message: expect.stringContaining('not be empty') },
    ]);
  });

  it('that is too long is told its length and the limit', () => {
    const [error] = promptErrors('input.prompt', 'x'.repeat(32_001));
    expect(error).toMatchObject({ field: 'input.prompt' });
    expect(error?.message).toMatch(/32001 characters; at most 32000/u);
  });
});

describe('options', () => {
  const right: readonly ImageOptions[] = [
    {},
    { size: null, format: null, compression: null, partialImages: null, background: null, model: null },
    { partialImages: 0 },
    { partialImages: 3 },
    { format: 'WEBP', compression: 0 },
    { format: 'JPEG', compression: 100 },
    { format: 'WEBP', background: 'TRANSPARENT' },
    { format: 'PNG', background: 'TRANSPARENT' },
    { background: 'TRANSPARENT' },
    { format: 'JPEG', background: 'OPAQUE' },
    { model: 'x'.repeat(128) },
    // What a model makes of these is for its catalogue to say, or for the upstream.
    { size: '1x1' },
    { compression: 50, format: 'PNG' },
    { background: 'TRANSPARENT', format: 'JPEG' },
    { partialImages: 3, format: 'GIF' },
    { complexity: 'HIGH' },
    { frameCount: 2 },
    { frameCount: 16, format: 'GIF' },
    { frameDurationMs: 10 },
    // The upstream rounds it to 30.
    { frameDurationMs: 33, format: 'GIF' },
    { frameDurationMs: 655_350 },
    { svg: { model: 'x'.repeat(128), reasoningEffort: 'MAX' } },
    { svg: { model: null } },
    { svg: null, frameCount: null, frameDurationMs: null, complexity: null, completionWindow: null },
    { completionWindow: 'SOONEST', partialImages: 3 },
    { completionWindow: 'WITHIN_2_HOURS', partialImages: 0 },
    // The default, which a client that leaves it out sends too.
    { completionWindow: 'WITHIN_8_HOURS', partialImages: 2 },
  ];
  it.each(right)('%j are right', (options) => {
    expect(optionErrors('options', options)).toEqual([]);
  });

  const wrong: readonly (readonly [ImageOptions, readonly string[]])[] = [
    [{ partialImages: 4 }, ['partialImages']],
    [{ partialImages: -1 }, ['partialImages']],
    [{ partialImages: 1.5 }, ['partialImages']],
    [{ partialImages: Number.NaN }, ['partialImages']],
    [{ compression: 101, format: 'WEBP' }, ['compression']],
    [{ compression: 101 }, ['compression']],
    [{ compression: -1, format: 'JPEG' }, ['compression']],
    [{ size: '1024' }, ['size']],
    [{ model: '' }, ['model']],
    [{ model: 'x'.repeat(129) }, ['model']],
    [{ size: 'large', partialImages: 9, model: ' ' }, ['model', 'size', 'partialImages']],
    [{ frameCount: 1 }, ['frameCount']],
    [{ frameCount: 17, format: 'GIF' }, ['frameCount']],
    [{ frameCount: 2.5 }, ['frameCount']],
    [{ frameDurationMs: 9 }, ['frameDurationMs']],
    [{ frameDurationMs: 655_351 }, ['frameDurationMs']],
    [{ frameDurationMs: -100 }, ['frameDurationMs']],
    [{ svg: { model: ' ' } }, ['svg.model']],
    [{ svg: { model: 'x'.repeat(129), reasoningEffort: 'LOW' } }, ['svg.model']],
    [{ svg: { model: '\ud800' } }, ['svg.model']],
    [{ completionWindow: 'WITHIN_2_HOURS', partialImages: 1 }, ['partialImages']],
    [{ completionWindow: 'WITHIN_8_HOURS', partialImages: 3 }, ['partialImages']],
    [
      { frameCount: 0, frameDurationMs: 0, svg: { model: '' }, partialImages: 1, completionWindow: 'WITHIN_2_HOURS' },
      ['svg.model', 'partialImages', 'frameCount', 'frameDurationMs'],
    ],
  ];
  it.each(wrong)('%j are wrong in %j', (options, fields) => {
    const errors = optionErrors('options', options);
    expect(errors.map(({ field }) => field)).toEqual(fields.map((field) => `options.${field}`));
    for (const { message } of errors) expect(message).toMatch(/^must .+\.$/u);
  });

  it('that are left out are nobody’s choice but the upstream’s, with two partial images', () => {
    expect(settingsFromOptions({})).toEqual({ ...NO_SETTINGS, partialImages: 2 });
    expect(settingsFromOptions({ size: null, partialImages: undefined })).toEqual({ ...NO_SETTINGS, partialImages: 2 });
    expect(settingsFromOptions({ size: null, partialImages: null })).toEqual(NO_SETTINGS);
    expect(settingsFromOptions({ partialImages: 0, compression: 0, format: 'JPEG' })).toEqual({
      ...NO_SETTINGS,
      partialImages: 0,
      compression: 0,
      format: 'JPEG',
    });
  });

  it('for a completion window of hours ask for no partial images by default', () => {
    for (const completionWindow of ['WITHIN_2_HOURS', 'WITHIN_8_HOURS'] as const) {
      expect(settingsFromOptions({ completionWindow })).toEqual({ ...NO_SETTINGS, completionWindow, partialImages: 0 });
      expect(settingsFromOptions({ completionWindow, partialImages: 2 }).partialImages).toBe(0);
    }
    expect(settingsFromOptions({ completionWindow: 'SOONEST' }).partialImages).toBe(2);
  });

  it('for an SVG that ask for nothing are none', () => {
    expect(settingsFromOptions({ svg: {} }).svg).toBeNull();
    expect(settingsFromOptions({ svg: { model: null, reasoningEffort: null } }).svg).toBeNull();
    expect(settingsFromOptions({ svg: { reasoningEffort: 'LOW' } }).svg).toEqual({
      model: null,
      reasoningEffort: 'LOW',
    });
  });

  it('for a GIF ask for no partial images by default, and for those that were chosen', () => {
    expect(settingsFromOptions({ format: 'GIF' }).partialImages).toBe(0);
    // A client that leaves them out sends the default.
    expect(settingsFromOptions({ format: 'GIF', partialImages: 2 }).partialImages).toBe(0);
    for (const partialImages of [0, 1, 3]) {
      expect(settingsFromOptions({ format: 'GIF', partialImages }).partialImages).toBe(partialImages);
    }
  });
});

describe('refuseIfAny', () => {
  it('throws everything at once, or nothing', () => {
    expect(() => refuseIfAny([])).not.toThrow();
    const fields = [
      { field: 'a', message: 'must be b.' },
      { field: 'c', message: 'must be d.' },
    ];
    expect(() => refuseIfAny(fields)).toThrow(new InvalidInputError(fields));
    expect(() => refuseIfAny(fields)).toThrow('a: must be b. c: must be d.');
  });
});
