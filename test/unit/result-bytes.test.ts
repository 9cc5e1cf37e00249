/** What is sent is the JSON of the result, whatever is in it. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataUriOf } from '../../src/domain/data-uri.ts';
import { bytesOf, jsonBytes } from '../../src/http/result-bytes.ts';

const BASE64 = randomBytes(90_000).toString('base64');

function dataUri(bytes: number): string {
  return `data:image/png;base64,${randomBytes(bytes).toString('base64')}`;
}

it('a data URI is that of its bytes, whatever came before', () => {
  for (const size of [0, 1, 2, 3, 100_000, 49_152, 49_153, 300_001, 5]) {
    const bytes = randomBytes(size);
    expect(dataUriOf('image/webp', bytes)).toBe(`data:image/webp;base64,${bytes.toString('base64')}`);
  }
});

describe('a result as bytes', () => {
  it('is what JSON.stringify makes of it, data URIs of every length included', () => {
    const uri = fc.integer({ min: 70_000, max: 70_010 }).map(dataUri);
    const value = fc.oneof(fc.jsonValue(), uri, fc.constant(undefined));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(value, fc.array(value))), (data) => {
        expect(String(jsonBytes({ data }))).toBe(JSON.stringify({ data }));
      }),
    );
  });

  it.each([
    ['a quote', `data:image/png;base64,${BASE64}"`],
    ['a quote in the middle', `data:image/png;base64,${BASE64}"${BASE64}`],
    ['a backslash at its end', `data:image/png;base64,${BASE64}\\`],
    ['a line end', `data:image/png;base64,${BASE64}\n`],
    ['a line end in its head', `data:image/png\n;base64,${BASE64}`],
    ['a quote in its head', `data:"image/png;base64,${BASE64}`],
    ['another character', `data:image/png;base64,${BASE64}é${BASE64}`],
    ['one that is none alone', `data:image/png;base64,${BASE64}\ud83d${BASE64}`],
    ['padding in the middle', `data:image/png;base64,${BASE64}=${BASE64}"`],
    ['padding and a quote', `data:image/png;base64,${BASE64}=="`],
    ['a character too many', `data:image/png;base64,${BASE64}A`],
    ['a null', `data:image/png;base64,${BASE64}\0${BASE64}`],
    ['no base64 at all', `data:image/png;base64,${'"'.repeat(100_000)}`],
  ])('is JSON where a prompt that begins like a data URI has %s', (_, prompt) => {
    const value = { a: dataUri(80_000), prompt, b: dataUri(80_001) };
    expect(String(jsonBytes(value))).toBe(JSON.stringify(value));
  });

  it('is written once', () => {
    const result = { data: { a: 1 } };
    expect(bytesOf(result)).toBe(bytesOf(result));
  });
});
