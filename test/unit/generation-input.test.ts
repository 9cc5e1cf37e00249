/** The rules of what may be asked for. */
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/domain/errors.ts';
import {
  type ImageOptions,
  optionErrors,
  promptErrors,
  refuseIfAny,
  settingsFromOptions,
  sizeProblem,
} from '../../src/domain/generation-input.ts';
import { findModel } from '../../src/domain/model-catalogue.ts';
import { FREE_SIZES } from '../../src/domain/model-table.ts';
import { NO_SETTINGS } from '../../src/domain/options.ts';

describe('a size', () => {
  it.each([
    'auto',
    '1024x1024',
    '1536x1024',
    '1024x1536',
    // The fewest pixels: 655,360, square-ish and as narrow as can be.
    '1024x640',
    '640x1024',
    '1408x480',
    '480x1408',
    // The most: 8,294,400.
    '3840x2160',
    '2160x3840',
    '2880x2880',
    // The longest edge at exactly 3:1.
    '3840x1280',
    '1280x3840',
    '1536x512',
  ])('%s is right', (size) => {
    expect(sizeProblem(size, FREE_SIZES)).toBeNull();
  });

  it.each([
    ['', '"auto" or'],
    ['AUTO', '"auto" or'],
    ['1024', '"auto" or'],
    ['1024X1024', '"auto" or'],
    ['1024×1024', '"auto" or'],
    [' 1024x1024', '"auto" or'],
    ['1024x1024\n', '"auto" or'],
    ['01024x1024', '"auto" or'],
    ['-1024x1024', '"auto" or'],
    ['1024.0x1024', '"auto" or'],
    ['1e3x1e3', '"auto" or'],
    ['0x0', '"auto" or'],
    ['123456x1024', '"auto" or'],
    ['1000x1000', '"1008x1008" would be the nearest'],
    ['1024x1030', '"1024x1024" would be the nearest'],
    ['1024x1032', '"1024x1040" would be the nearest'],
    ['3999x2160', '"3840x2160" would be the nearest'],
    ['1x1024', '"16x1024" would be the nearest'],
    ['3856x2160', 'no edge longer than 3840'],
    ['1280x3856', 'no edge longer than 3840'],
    ['3840x1264', 'between 1:3 and 3:1'],
    ['1264x3840', 'between 1:3 and 3:1'],
    ['1024x624', '655360 to 8294400'],
    ['800x800', '655360 to 8294400 pixels in all; "800x800" has 640000'],
    ['16x16', '655360 to 8294400'],
    ['3840x2176', '655360 to 8294400'],
    ['3840x3840', '655360 to 8294400'],
  ])('%j is wrong: %s', (size, right) => {
    expect(sizeProblem(size, FREE_SIZES)).toContain(right);
  });

  it('that is proposed as the nearest has edges that are right', () => {
    for (let width = 1; width <= 4000; width += 7) {
      const [, near] = /"(\d+x\d+)" would be/u.exec(sizeProblem(`${width}x1024`, FREE_SIZES) ?? '') ?? [];
      if (near !== undefined) expect(sizeProblem(near, FREE_SIZES) ?? '').not.toMatch(/divisible|longer/u);
    }
  });
});

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
  ];
  it.each(right)('%j are right', (options) => {
    expect(optionErrors('options', options, findModel('gpt-image-2.6-sunburst'))).toEqual([]);
  });

  const wrong: readonly (readonly [ImageOptions, readonly string[]])[] = [
    [{ partialImages: 4 }, ['partialImages']],
    [{ partialImages: -1 }, ['partialImages']],
    [{ partialImages: 1.5 }, ['partialImages']],
    [{ partialImages: Number.NaN }, ['partialImages']],
    [{ compression: 50 }, ['compression']],
    [{ compression: 0, format: 'PNG' }, ['compression']],
    [{ compression: 50, format: 'GIF' }, ['compression']],
    [{ compression: 50, format: 'SVG' }, ['compression']],
    [{ compression: 101, format: 'WEBP' }, ['compression']],
    [{ compression: 101 }, ['compression', 'compression']],
    [{ background: 'TRANSPARENT', format: 'JPEG' }, ['background']],
    [{ background: 'TRANSPARENT', format: 'GIF' }, ['background']],
    [{ model: '' }, ['model']],
    [{ model: 'x'.repeat(129) }, ['model']],
    [{ size: '1x1', partialImages: 9, model: ' ' }, ['model', 'size', 'partialImages']],
  ];
  it.each(wrong)('%j are wrong in %j', (options, fields) => {
    const errors = optionErrors('options', options, findModel('gpt-image-2.6-sunburst'));
    expect(errors.map(({ field }) => field)).toEqual(fields.map((field) => `options.${field}`));
    for (const { message } of errors) expect(message).toMatch(/^(must|works|TRANSPARENT needs) .+\.$/u);
  });

  it('that are left out are nobody’s choice but the upstream’s, with two partial images', () => {
    expect(settingsFromOptions({})).toEqual({ ...NO_SETTINGS, partialImages: 2 });
    expect(settingsFromOptions({ size: null, partialImages: null })).toEqual({ ...NO_SETTINGS, partialImages: 2 });
    expect(settingsFromOptions({ partialImages: 0, compression: 0, format: 'JPEG' })).toEqual({
      ...NO_SETTINGS,
      partialImages: 0,
      compression: 0,
      format: 'JPEG',
    });
  });

  it('for a GIF ask for no partial images, which the upstream would refuse', () => {
    expect(settingsFromOptions({ format: 'GIF', partialImages: 3 }).partialImages).toBe(0);
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
  });
});
