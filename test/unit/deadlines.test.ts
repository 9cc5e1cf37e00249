import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Deadlines } from '../../src/lib/deadlines.ts';

test('what runs too long is given up once, and what has ended before is left alone', async () => {
  const deadlines = new Deadlines(40);
  const givenUp: string[] = [];
  const end = deadlines.begin(() => givenUp.push('ended'));
  deadlines.begin(() => givenUp.push('slow'));
  end();
  await sleep(20);
  expect(givenUp).toEqual([]);
  deadlines.begin(() => givenUp.push('later'));
  await sleep(150);
  expect(givenUp).toEqual(['slow', 'later']);
});

test('work that begins after everything has ended is given up, too', async () => {
  const deadlines = new Deadlines(20);
  deadlines.begin(() => {})();
  await sleep(60);
  const { promise, resolve } = Promise.withResolvers<string>();
  deadlines.begin(() => resolve('given up'));
  expect(await promise).toBe('given up');
});
