/** What is sent is the JSON of the result, whatever is in it. */
import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Length, dataUriOf, writeBase64 } from '../../src/domain/images/data-uri.ts';
import { bytesOf, HeldDataUris } from '../../src/graphql/result-bytes.ts';
import { borrowBuffer, returnBuffer } from '../../src/lib/buffer-pool.ts';

const SIZES = [0, 1, 2, 3, 100_000, 49_152, 49_153, 300_001, 5];
/** From here on they are no texts any more. */
const LONG = 49_152;

/** The same data with data URIs as texts, and as the results of subscriptions have them. */
function bothWays(make: (write: typeof dataUriOf) => object) {
  const uris = new HeldDataUris();
  uris.hold();
  const result = { data: { ...make(uris.dataUriOf) } };
  return { result, expected: { data: make(dataUriOf) } };
}

const sent = (result: object) => Buffer.concat(bytesOf(result).parts).toString();

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

  it('has them wherever a plugin has put them, in results and data of its own', () => {
    const { result, expected } = bothWays((write) => ({
      image: { dataUri: write('image/png', randomBytes(LONG).fill(1)) },
    }));
    const { result: second, expected: other } = bothWays((write) => ({
      dataUri: write('image/webp', randomBytes(LONG).fill(2)),
    }));
    const mapped = { ...result, data: { ...structuredClone(result.data), more: [second.data] } };
    expect(sent(mapped)).toBe(JSON.stringify({ data: { ...expected.data, more: [other.data] } }));
  });

  it('is JSON where a prompt looks like what stands for a picture', () => {
    const other = { data: { prompt: `data:image/png;base64,${randomUUID()}+1+"` } };
    expect(sent(other)).toBe(JSON.stringify(other));
  });

  it.each([
    ['whole', (mark: string) => mark],
    ['cut', (mark: string) => mark.slice(0, -2)],
  ])('is refused when the bytes behind a %s mark are gone', (_, change) => {
    const uris = new HeldDataUris();
    uris.hold();
    const mark = uris.dataUriOf('image/png', randomBytes(LONG));
    uris.release();
    expect(() => bytesOf({ data: { dataUri: change(mark) } })).toThrow(/bytes of an image are gone/u);
  });

  it('is refused when it was written before, and the bytes in it are gone since', () => {
    const uris = new HeldDataUris();
    uris.hold();
    const result = { data: { dataUri: uris.dataUriOf('image/png', randomBytes(LONG)) } };
    bytesOf(result).release(true);
    uris.release();
    expect(() => bytesOf(result)).toThrow(/bytes of an image are gone/u);
  });

  it('keeps its pictures until the last who holds it has let go, whatever is borrowed meanwhile', () => {
    const uris = new HeldDataUris();
    uris.hold();
    const picture = randomBytes(300_000);
    const { parts, release } = bytesOf({ data: { dataUri: uris.dataUriOf('image/png', picture) } });
    const [, base64] = parts;
    uris.release();
    const other = borrowBuffer(400_000).fill('x');
    expect(base64?.toString()).toBe(picture.toString('base64'));
    release(true);
    const again = borrowBuffer(400_000);
    expect(again.buffer).toBe(base64?.buffer);
    for (const buffer of [other, again]) returnBuffer(buffer);
  });

  it('leaves its memory alone when a connection that broke off may still read it', () => {
    const uris = new HeldDataUris();
    uris.hold();
    const result = { data: { dataUri: uris.dataUriOf('image/png', randomBytes(300_000)) } };
    const broken = bytesOf(result);
    const sound = bytesOf(result);
    broken.release(false);
    uris.release();
    sound.release(true);
    const other = borrowBuffer(400_000);
    expect(other.buffer).not.toBe(broken.parts[1]?.buffer);
    returnBuffer(other);
  });

  it('is made once', () => {
    const result = { data: { a: 1 } };
    expect(bytesOf(result).parts).toBe(bytesOf(result).parts);
  });
});
