/** What is charged by day: which days a question is about, and what they add up to. */
import { isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { InvalidInputError } from '../../src/domain/errors.ts';
import { periodCharges } from '../../src/domain/limits/charges.ts';
import { dayRange, MAX_DAYS } from '../../src/domain/limits/day-range.ts';

const AT = '2026-11-28T23:59:59.999Z';

function problemOf(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.fields;
  }
}

describe('the days of a question', () => {
  it('are those of the month up to today, where nothing else is said', () => {
    expect(dayRange(null, null, AT)).toEqual({ from: '2026-11-01', to: '2026-11-28' });
    expect(dayRange(undefined, '2024-02-29', AT)).toEqual({ from: '2024-02-01', to: '2024-02-29' });
    expect(dayRange('2026-11-28', undefined, AT)).toEqual({ from: '2026-11-28', to: '2026-11-28' });
  });

  it('are at most a hundred, and in their order', () => {
    expect(dayRange('2026-08-21', '2026-11-28', AT)).toEqual({ from: '2026-08-21', to: '2026-11-28' });
    expect(problemOf(() => dayRange('2026-08-20', '2026-11-28', AT))).toEqual([
      {
        field: 'from',
        message: 'is 101 days before the end of 2026-11-28; at most 100 are allowed, from 2026-08-21.',
      },
    ]);
    expect(problemOf(() => dayRange('2026-11-29', null, AT))).toEqual([
      { field: 'from', message: 'must not be after today, which is 2026-11-28.' },
    ]);
    expect(problemOf(() => dayRange('2026-11-29', '2026-11-02', AT))).toEqual([
      { field: 'from', message: 'must not be after `to`, which is 2026-11-02.' },
    ]);
    expect(MAX_DAYS).toBe(100);
  });
});

it('a period has every day, and their sum', () => {
  const day = { charged: 10n ** 17n + 1n, chargedCalls: 2, estimatedCalls: 1, incompleteCalls: 0 };
  const period = periodCharges({ from: '2026-02-27', to: '2026-03-02' }, [
    { date: '2026-03-02', ...day },
    { date: '2026-02-27', ...day, incompleteCalls: 1 },
  ]);
  expect(period.days.map(({ date, chargedCalls }) => [date, chargedCalls])).toEqual([
    ['2026-02-27', 2],
    ['2026-02-28', 0],
    ['2026-03-01', 0],
    ['2026-03-02', 2],
  ]);
  expect(period).toMatchObject({ charged: 2n * 10n ** 17n + 2n, chargedCalls: 4, incompleteCalls: 1 });
});

describe('a Date', () => {
  const parse = (value: unknown) => {
    const type = schema.getType('Date');
    if (!isScalarType(type)) throw new Error('Date is no scalar');
    return type.parseValue(value);
  };

  it('is a day of the calendar', () => {
    expect(parse('2024-02-29')).toBe('2024-02-29');
  });

  it.each(['2026-02-29', '2026-13-01', '2026-99-99', '2026-11-28T00:00:00Z', '28.11.2026', '', 20_261_128])(
    'which %s is not',
    (value) => {
      expect(() => parse(value)).toThrow('A Date is a day of the calendar');
    },
  );
});
