/** Size limits of the images that are sent with a request. */
import { describe, expect, it } from 'vitest';
import type { ImageFormat } from '../../src/domain/generation/options.ts';
import type { Image } from '../../src/domain/images/image.ts';
import { byteProblem } from '../../src/domain/limits/input-bytes.ts';

const image = (byteSize: number, format: ImageFormat = 'PNG') => ({ byteSize, format }) as Image;
const dataUrl = (byteSize: number) => `data:image/jpeg;base64,${Buffer.alloc(byteSize).toString('base64')}`;

const MOST_IN_URL = 15_728_622;

describe('images that are sent in the request', () => {
  it('each fit into a data URL of the length that the upstream takes', () => {
    expect(dataUrl(MOST_IN_URL).length).toBeLessThanOrEqual(20_971_520);
    expect(dataUrl(MOST_IN_URL + 1).length).toBeGreaterThan(20_971_520);
    expect(byteProblem([image(MOST_IN_URL)], false)).toBeNull();
    expect(byteProblem([image(1), image(MOST_IN_URL + 1)], false)).toBe(
      `an image of ${MOST_IN_URL + 1} bytes; the upstream accepts at most ${MOST_IN_URL} as a data URL`,
    );
  });

  it('are no more together than a request can hold', () => {
    const ten = Array.from({ length: 10 }, () => image(10_000_000));
    expect(byteProblem(ten, false)).toBeNull();
    expect(byteProblem([...ten, image(1)], false)).toBe(
      'images of 100000001 bytes in total; one request can contain at most 100000000',
    );
  });
});

describe('images that are uploaded as files', () => {
  it('may be larger, each and together', () => {
    expect(byteProblem([image(52_428_800), image(52_428_800)], true)).toBeNull();
    expect(byteProblem([image(52_428_801)], true)).toBe(
      'an image of 52428801 bytes; the upstream accepts at most 52428800',
    );
  });
});

it('images that are converted before they are sent are not limited', () => {
  expect(byteProblem([image(99_999_999, 'GIF'), image(99_999_999, 'SVG')], false)).toBeNull();
});
