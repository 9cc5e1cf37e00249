/** How long a generation takes: from measured calls of the same kind, or else from rough figures. */
import { describe, expect, it } from 'vitest';
import { type CallDuration, estimateDuration } from '../../src/domain/generation/duration-estimate.ts';
import { type ImageSettings, NO_SETTINGS } from '../../src/domain/generation/options.ts';

const HOUR_MS = 3_600_000;

const settingsOf = (changes: Partial<ImageSettings> = {}): ImageSettings => ({ ...NO_SETTINGS, ...changes });

/** Calls that took this long, in seconds. */
function taken(seconds: readonly number[], changes: Partial<ImageSettings> = {}, count = 1): readonly CallDuration[] {
  return seconds.map((each) => ({ count, requested: settingsOf(changes), durationMs: each * 1_000 }));
}

const estimate = (recent: readonly CallDuration[], changes: Partial<ImageSettings> = {}) =>
  estimateDuration({ settings: settingsOf(changes), count: 1 }, recent);

describe('the expected duration', () => {
  it('is the median of the measured calls, and what nine of ten do not exceed', () => {
    const recent = taken([30, 10, 20, 90, 40, 50, 60, 70, 80, 100]);
    expect(estimate(recent)).toEqual({ typicalMs: 60_000, slowMs: 100_000, basis: 'MEASURED', samples: 10 });
    expect(estimate(taken([7, 5, 6]))).toEqual({ typicalMs: 6_000, slowMs: 7_000, basis: 'MEASURED', samples: 3 });
  });

  it('is a rough figure for the quality while fewer than three calls were measured', () => {
    const rough = { typicalMs: 60_000, slowMs: 120_000, basis: 'CATALOGUE', samples: 0 };
    expect(estimate(taken([1, 2], { quality: 'HIGH' }), { quality: 'HIGH' })).toEqual(rough);
    expect(estimate([], { quality: 'LOW' })).toMatchObject({ typicalMs: 12_000, slowMs: 24_000 });
    expect(estimate([])).toMatchObject({ typicalMs: 30_000, slowMs: 60_000 });
  });

  it.each([
    ['another model', taken([1, 2, 3], { model: 'gpt-image-1' })],
    ['another quality', taken([1, 2, 3], { quality: 'MAX' })],
    ['another size', taken([1, 2, 3], { size: '1024x1024' })],
    ['another number of images', taken([1, 2, 3], {}, 4)],
    ['a completion window', taken([1, 2, 3], { completionWindow: 'WITHIN_2_HOURS' })],
  ])('is not measured by calls with %s', (_, others) => {
    expect(estimate(others)).toMatchObject({ basis: 'CATALOGUE', samples: 0 });
    expect(estimate([...others, ...taken([7, 5, 6])])).toMatchObject({ typicalMs: 6_000, samples: 3 });
  });

  it('is at most the window, and slow calls take all of it, where an image is not wanted at once', () => {
    const changes = { completionWindow: 'WITHIN_8_HOURS' } as const;
    expect(estimate([], changes)).toMatchObject({ typicalMs: 8 * HOUR_MS, slowMs: 8 * HOUR_MS, basis: 'CATALOGUE' });
    expect(estimate(taken([60, 70, 80], changes), changes)).toMatchObject({ typicalMs: 70_000, slowMs: 8 * HOUR_MS });
    // At once is at once, whether a client says so or not.
    expect(estimate(taken([5, 5, 5], { completionWindow: 'SOONEST' }))).toMatchObject({ samples: 3 });
  });
});
