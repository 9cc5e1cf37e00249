/** What one operation may take while it runs. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OperationMeter } from '../../src/graphql/operation-meter.ts';

const LIMITS = { maxAnswerBytes: 1_000, executionTimeoutMs: 60_000 };

describe('the meter of an operation', () => {
  it('encodes an image once for any number of aliases, and counts its bytes each time', async () => {
    const meter = new OperationMeter(LIMITS);
    let encodings = 0;
    const encode = async () => {
      encodings += 1;
      return 'data:';
    };
    const uris = await Promise.all(Array.from({ length: 20 }, () => meter.dataUri('picture.png', 50, encode)));
    expect(uris).toEqual(Array.from({ length: 20 }, () => 'data:'));
    expect(encodings).toBe(1);
    expect(() => meter.text('x')).toThrow(/more than 1000 bytes/u);
  });

  it('encodes nothing more when the answer is too large', async () => {
    const meter = new OperationMeter(LIMITS);
    await meter.dataUri('first.png', 900, async () => 'data:');
    const encode = () => Promise.reject(new Error('it was encoded'));
    expect(() => meter.dataUri('second.png', 900, encode)).toThrow(/more than 1000 bytes/u);
    await expect(meter.read(encode)).rejects.toThrow(/more than 1000 bytes/u);
  });

  it('has four reads at a time, and begins none when time is up', async () => {
    const meter = new OperationMeter({ ...LIMITS, executionTimeoutMs: 50 });
    let begun = 0;
    const reads = Array.from({ length: 40 }, () =>
      meter.read(async () => {
        begun += 1;
        await delay(40);
      }),
    );
    const results = await Promise.allSettled(reads);
    // Those of the first two rounds, before 50 ms were over.
    expect(begun).toBeLessThanOrEqual(8);
    expect(begun).toBeGreaterThanOrEqual(4);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(40 - begun);
    expect(meter.exceeded).toMatchObject({ limit: 'executionTimeoutMs', max: 50 });
  });

  it('ends an operation that reads more than 20,000 objects', async () => {
    const meter = new OperationMeter(LIMITS);
    const rows = Array.from({ length: 10_000 }, () => ({}));
    await meter.read(async () => rows);
    await meter.list(rows);
    await expect(meter.list([{}])).rejects.toMatchObject({ limit: 'maxRows', max: 20_000 });
    await expect(meter.read(async () => [])).rejects.toMatchObject({ limit: 'maxRows' });
  });
});
