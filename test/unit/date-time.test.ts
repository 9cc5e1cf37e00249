/** Times in inputs: what is stored is compared with them as text, so they must have its form. */
import { isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';

function parse(text: string): unknown {
  const type = schema.getType('DateTime');
  if (!isScalarType(type)) throw new Error('DateTime is no scalar');
  return type.parseValue(text);
}

describe('a DateTime', () => {
  it('is read as UTC with milliseconds', () => {
    expect(parse('2026-11-23T15:04:05Z')).toBe('2026-11-23T15:04:05.000Z');
    expect(parse('2026-11-23T01:04:05.6789+02:00')).toBe('2026-11-22T23:04:05.678Z');
    expect(parse('2024-02-29T00:00:00Z')).toBe('2024-02-29T00:00:00.000Z');
  });

  it.each([
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
  ])('of a year without four digits is refused: %s', (text) => {
    expect(() => parse(text)).toThrow('A DateTime is');
  });

  it.each(['2026-02-30T00:00:00Z', '2026-02-29T12:00:00Z', '2026-04-31'])('of no such day is refused: %s', (text) => {
    expect(() => parse(text)).toThrow('A DateTime is');
  });
});
