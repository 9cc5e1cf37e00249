/** The same mutation again and again, at once and across a kill: one call, and one create. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { generate } from '../api/steps.ts';
import { endOf, toldOf } from './harness.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial } from './upstream.ts';
import { inHouse } from './with-harness.ts';

const test = inHouse({ name: 'idempotency', background: true, tally: keepTally('idempotency') });
const AT_ONCE = 50;

/** How long the mutations pile up while nothing can be stored, in milliseconds: all of them look before one writes. */
const PILE_UP_MS = 300;

test('promises 5, 6: fifty mutations at once with one key are one call and one create', {}, async (house) => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const idempotencyKey = `at once ${round}`;
    const prompt = `Asked fifty times in round ${round}.`;
    const input = { prompt, idempotencyKey, options: { size: '1024x640', format: 'JPEG', partialImages: 1 } } as const;
    const lock = new SQLite(join(house.dataDir, 'darkroom.sqlite'));
    lock.exec('begin immediate');
    const answers = Promise.all(Array.from({ length: AT_ONCE }, () => generate(house.server.url, input)));
    await delay(PILE_UP_MS);
    lock.exec('rollback');
    lock.close();
    const ids = (await answers).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
    const call = house.track(ids[0] ?? '', prompt);
    await house.settle();
    expect(endOf(call).__typename).toBe('GenerationCompleted');
    expect(toldOf(call).filter((type) => type === 'GenerationStarted')).toHaveLength(1);
    expect(house.upstream.createsOf(prompt)).toHaveLength(1);
  }
});

test('promises 5, 6: who sends the mutation again behind a kill gets the same call', {}, async (house) => {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const idempotencyKey = `across a kill ${round}`;
    const prompt = `Sent again in round ${round}.`;
    const input = { prompt, idempotencyKey, options: { size: '1024x640', format: 'JPEG', partialImages: 2 } } as const;
    const stage = house.random.integer(0, 1);
    const held = house.upstream.holdEvent((event) => isPartial(event, stage));
    // The answer may be lost with the server; which call it was is in the key alone.
    const answers = Array.from({ length: 5 }, () => generate(house.server.url, input).catch(() => null));
    if (house.random.next() < 0.5) await held.reached();
    else await Promise.race(answers);
    await house.end('SIGKILL');
    held.open();
    const before = (await Promise.all(answers)).flatMap((answer) => (answer === null ? [] : [answer.id]));
    await house.start();
    const again = await Promise.all(Array.from({ length: 5 }, () => generate(house.server.url, input)));
    expect(new Set([...before, ...again.map(({ id }) => id)]).size).toBe(1);
    const call = house.track(again[0]?.id ?? '', prompt);
    await house.settle();
    expect(['GenerationCompleted', 'GenerationFailed']).toContain(endOf(call).__typename);
    expect(house.upstream.createsOf(prompt).length).toBeLessThanOrEqual(1);
  }
});
