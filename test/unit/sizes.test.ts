/** How sizes are written, and which a model takes whose sizes keep to rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeFault, sizeProblem } from '../../src/domain/models/sizes.ts';
import { FREE_SIZES } from '../../src/domain/models/table.ts';

const RIGHT = [
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
];

const MALFORMED = [
  '',
  'AUTO',
  '1024',
  '1024X1024',
  '1024×1024',
  ' 1024x1024',
  '1024x1024\n',
  '01024x1024',
  '-1024x1024',
  '1024.0x1024',
  '1e3x1e3',
  '0x0',
  '123456x1024',
];

const FAULTS: readonly (readonly [size: string, rule: string, nearest: string])[] = [
  ['1000x1000', 'divisible by 16', '1008x1008'],
  ['1024x1030', 'divisible by 16', '1024x1024'],
  ['1024x1032', 'divisible by 16', '1024x1040'],
  ['3999x2160', 'divisible by 16', '3840x2160'],
  // The nearest multiples would have too few pixels, or be too narrow.
  ['500x500', 'divisible by 16', '816x816'],
  ['1x1024', 'divisible by 16', '512x1280'],
  ['3856x2160', 'longer than 3840', '3840x2160'],
  ['1280x3856', 'longer than 3840', '1280x3840'],
  ['3840x1264', 'between 1:3 and 3:1', '3840x1280'],
  ['1264x3840', 'between 1:3 and 3:1', '1280x3840'],
  ['1024x624', '655360 to 8294400', '1024x640'],
  ['800x800', '655360 to 8294400 pixels in total, not 640000', '816x816'],
  ['3840x2176', '655360 to 8294400', '3840x2160'],
  ['3840x3840', '655360 to 8294400', '2880x2880'],
];

describe('a size', () => {
  it.each(RIGHT)('%s is right', (size) => {
    expect(sizeProblem(size)).toBeNull();
    expect(sizeFault(size, FREE_SIZES)).toBeNull();
  });

  it.each(MALFORMED)('%j is none', (size) => {
    expect(sizeProblem(size)).toContain('"auto" or');
  });

  it.each(FAULTS)('%s is well formed and breaks a rule: %s', (size, rule, nearest) => {
    expect(sizeProblem(size)).toBeNull();
    expect(sizeFault(size, FREE_SIZES)).toEqual({ rule: expect.stringContaining(rule), nearest });
  });

  it('that breaks a rule has a nearest one that breaks none', () => {
    const edge = fc.integer({ min: 1, max: 99_999 });
    fc.assert(
      fc.property(edge, edge, (width, height) => {
        const fault = sizeFault(`${width}x${height}`, FREE_SIZES);
        if (fault !== null) expect(sizeFault(fault.nearest, FREE_SIZES)).toBeNull();
      }),
    );
  });
});
