/** How large the pictures may be that go with a request. */
import { describe, expect, it } from 'vitest';
import type { Image } from '../../src/domain/image.ts';
import { byteProblem } from '../../src/domain/input-bytes.ts';
import type { ImageFormat } from '../../src/domain/options.ts';

const image = (byteSize: number, format: ImageFormat = 'PNG') => ({ byteSize, format }) as Image;
const dataUrl = (byteSize: number) => `data:image/jpeg;base64,${Buffer.alloc(byteSize).toString('base64')}`;

const MOST_ALONG = 15_728_622;

describe('pictures that are sent along', () => {
  it('each fit into a data URL of the length that the upstream takes', () => {
    expect(dataUrl(MOST_ALONG).length).toBeLessThanOrEqual(20_971_520);
    expect(dataUrl(MOST_ALONG + 1).length).toBeGreaterThan(20_971_520);
    expect(byteProblem([image(MOST_ALONG)], false)).toBeNull();
    expect(byteProblem([image(1), image(MOST_ALONG + 1)], false)).toBe(
      `a picture of ${MOST_ALONG + 1} bytes; the upstream takes ${MOST_ALONG} at most as a data URL`,
    );
  });

  it('are no more together than a request can hold', () => {
    const ten = Array.from({ length: 10 }, () => image(10_000_000));
    expect(byteProblem(ten, false)).toBeNull();
    expect(byteProblem([...ten, image(1)], false)).toBe(
      'pictures of 100000001 bytes together; 100000000 at most are sent along with a request',
    );
  });
});

describe('pictures that are laid up as files', () => {
  it('may be larger, each and together', () => {
    expect(byteProblem([image(52_428_800), image(52_428_800)], true)).toBeNull();
    expect(byteProblem([image(52_428_801)], true)).toBe(
      'a picture of 52428801 bytes; the upstream takes 52428800 at most',
    );
  });
});

it('pictures that are converted on their way are left to the upstream', () => {
  expect(byteProblem([image(99_999_999, 'GIF'), image(99_999_999, 'SVG')], false)).toBeNull();
});
