/** The same mutation repeated, at the same time and across a kill: one call, and one create. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { generate } from '../api/steps.ts';
import { endOf, toldOf } from './harness.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial } from './upstream.ts';
import { withHarness } from './with-harness.ts';

const test = withHarness({ name: 'idempotency', background: true, tally: keepTally('idempotency') });
const AT_ONCE = 50;

/** How many milliseconds the database stays locked, so that all mutations read before one of them writes. */
const PILE_UP_MS = 300;

test('promises 5, 6: fifty mutations at once with one key are one call and one create', {}, async (harness) => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const idempotencyKey = `at once ${round}`;
    const prompt = `Asked fifty times in round ${round}.`;
    const input = { prompt, idempotencyKey, options: { size: '1024x640', format: 'JPEG', partialImages: 1 } } as const;
    const lock = new SQLite(join(harness.dataDir, 'darkroom.sqlite'));
    lock.exec('begin immediate');
    const answers = Promise.all(Array.from({ length: AT_ONCE }, () => generate(harness.server.url, input)));
    await delay(PILE_UP_MS);
    lock.exec('rollback');
    lock.close();
    const ids = (await answers).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    const call = harness.track(ids[0] ?? '', prompt);
    await harness.settle();
    expect(endOf(call).__typename).toBe('GenerationCompleted');
    expect(toldOf(call).filter((type) => type === 'GenerationStarted')).toHaveLength(1);
    expect(harness.upstream.createsOf(prompt)).toHaveLength(1);
  }
});

test('promises 5, 6: who sends the mutation again behind a kill gets the same call', {}, async (harness) => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const idempotencyKey = `across a kill ${round}`;
    const prompt = `Sent again in round ${round}.`;
    const input = { prompt, idempotencyKey, options: { size: '1024x640', format: 'JPEG', partialImages: 2 } } as const;
    const stage = harness.random.integer(0, 1);
    const held = harness.upstream.holdEvent((event) => isPartial(event, stage));
    // The answer may be lost with the server. Then only the key identifies the call.
    const answers = Array.from({ length: 5 }, () => generate(harness.server.url, input).catch(() => null));
    if (harness.random.next() < 0.5) await held.reached();
    else await Promise.race(answers);
    await harness.end('SIGKILL');
    held.open();
    const before = (await Promise.all(answers)).flatMap((answer) => (answer === null ? [] : [answer.id]));
    await harness.start();
    const again = await Promise.all(Array.from({ length: 5 }, () => generate(harness.server.url, input)));
    expect(new Set([...before, ...again.map(({ id }) => id)]).size).toBe(1);
    const call = harness.track(again[0]?.id ?? '', prompt);
    await harness.settle();
    expect(['GenerationCompleted', 'GenerationFailed']).toContain(endOf(call).__typename);
    expect(harness.upstream.createsOf(prompt).length).toBeLessThanOrEqual(1);
  }
});
