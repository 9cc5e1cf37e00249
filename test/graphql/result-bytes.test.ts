/** What is sent is the JSON of the result, whatever is in it. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Length, dataUriOf, writeBase64 } from '../../src/domain/data-uri.ts';
import { bytesOf, LongDataUris, letGo } from '../../src/graphql/result-bytes.ts';
import { borrowBuffer, returnBuffer } from '../../src/lib/buffer-pool.ts';

const SIZES = [0, 1, 2, 3, 100_000, 49_152, 49_153, 300_001, 5];
/** From here on they are no texts any more. */
const LONG = 49_152;

/** The same data with data URIs as texts, and as the results of subscriptions have them. */
function bothWays(make: (write: typeof dataUriOf) => object) {
  const uris = new LongDataUris();
  const result = { data: { ...make(uris.dataUriOf) } };
  uris.belongTo(result);
  return { result, expected: { data: make(dataUriOf) } };
}

const sent = (result: object) => Buffer.concat(bytesOf(result)).toString();

it.each(SIZES)('a data URI is that of its bytes, of %i', (size) => {
  const bytes = randomBytes(size);
  expect(dataUriOf('image/webp', bytes)).toBe(`data:image/webp;base64,${bytes.toString('base64')}`);
  const base64 = Buffer.alloc(base64Length(size));
  writeBase64(bytes, base64);
  expect(base64.toString()).toBe(bytes.toString('base64'));
});

describe('a result as bytes', () => {
  it('is what JSON.stringify makes of it, data URIs of every length and in every place included', () => {
    const picture = fc.integer({ min: LONG - 3, max: LONG + 3 }).map((size) => randomBytes(size));
    const value = fc.oneof(fc.jsonValue(), picture, fc.constant(undefined));
    const data = fc.dictionary(fc.string(), fc.oneof(value, fc.array(value)));
    fc.assert(
      fc.property(data, (drawn) => {
        const { result, expected } = bothWays((write) => {
          const put = (part: unknown): unknown =>
            Buffer.isBuffer(part) ? write('image/png', part) : Array.isArray(part) ? part.map(put) : part;
          return Object.fromEntries(Object.entries(drawn).map(([name, part]) => [name, put(part)]));
        });
        expect(sent(result)).toBe(JSON.stringify(expected));
      }),
    );
  });

  it('has each picture in its place, in whatever order they were read', () => {
    const [first, second] = [randomBytes(LONG), randomBytes(LONG + 1)];
    const { result, expected } = bothWays((write) => {
      const later = write('image/png', second);
      return { first: write('image/webp', first), later, again: later };
    });
    expect(sent(result)).toBe(JSON.stringify(expected));
  });

  it('has them when another result was made of it, to mask its errors', () => {
    const { result, expected } = bothWays((write) => ({ dataUri: write('image/png', randomBytes(LONG).fill(1)) }));
    const errors = [{ message: 'masked' }];
    expect(sent({ ...result, errors })).toBe(JSON.stringify({ ...expected, errors }));
  });

  it('is JSON where a prompt looks like what stands for a picture', () => {
    const marks: string[] = [];
    const { result } = bothWays((write) => {
      const dataUri = write('image/png', randomBytes(LONG).fill(1));
      marks.push(dataUri);
      return { dataUri };
    });
    // That of another result, which nobody could know either.
    const other = { data: { prompt: `${marks[0]}"` } };
    expect(sent(result)).not.toContain(marks[0]);
    expect(sent(other)).toBe(JSON.stringify(other));
  });

  it('keeps its pictures until the last who holds it has let go, whatever is borrowed meanwhile', () => {
    const uris = new LongDataUris();
    const picture = randomBytes(300_000);
    const result = { data: { dataUri: uris.dataUriOf('image/png', picture) } };
    uris.belongTo(result);
    uris.hold();
    uris.hold();
    const [, base64] = bytesOf(result);
    letGo(result);
    const other = borrowBuffer(400_000).fill('x');
    expect(base64?.toString()).toBe(picture.toString('base64'));
    letGo(result);
    const again = borrowBuffer(400_000);
    expect(again.buffer).toBe(base64?.buffer);
    for (const buffer of [other, again]) returnBuffer(buffer);
  });

  it('is made once', () => {
    const result = { data: { a: 1 } };
    expect(bytesOf(result)).toBe(bytesOf(result));
  });
});
