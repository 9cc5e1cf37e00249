/**
 * A full disk under running calls, with more behind them than may run at once, and then space again: each accepted call
 * ends once, what is begun behind it goes well, and at no moment do more calls run than may.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually, generate } from '../api/steps.ts';
import { mostAtOnce, mountSmallDisk, readiness, whyNoSmallDisk } from '../storage/steps.ts';
import { House, type TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { createRandom, type Random, ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { type Hold, isFinal, isPartial } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';

const CONCURRENCY = 2;
const WAITING = 4;
/** Until when the upstream is held that answers last, counted from the moment of space again, in milliseconds. */
const LATEST_MS = 3_000;

/** While it is full, the little that an end takes can be stored where a picture cannot: then the next one is begun. */
const DISTURBED_ENDS = ['COMPLETED', 'INTERNAL', 'OUTCOME_UNKNOWN'];

const missing = await whyNoSmallDisk();
if (missing !== null) console.warn(`Left out: rounds of a full disk; ${missing}`);

const tally = keepTally('disk-full');

/** Holds every call that may run, each at a moment of its own choice. */
function holdRunning({ upstream }: House, random: Random): readonly Hold[] {
  return Array.from({ length: CONCURRENCY }, (_, number) => {
    const at = random.integer(0, 2);
    const words = `Caught ${number} `;
    return upstream.holdEvent((event, { body }) => {
      if (!JSON.stringify(body).includes(words)) return false;
      return at === 0 ? event.type === 'response.created' : at === 1 ? isPartial(event, 1) : isFinal(event);
    });
  });
}

async function playRound(house: House, disk: Awaited<ReturnType<typeof mountSmallDisk>>): Promise<void> {
  const { random, upstream, dataDir } = house;
  const holds = holdRunning(house, random);
  const caught: TrackedCall[] = [];
  for (const number of holds.keys()) caught.push(await house.begin(`Caught ${number} by a full disk,`));
  const waiting: TrackedCall[] = [];
  for (let count = 0; count < WAITING; count += 1) waiting.push(await house.begin('Behind it', { subscribers: 2 }));
  for (const held of holds) await held.reached();

  await disk.fill();
  const prompt = 'Asked while it is full.';
  const accepted = await generate(house.server.url, { prompt, options: { format: 'JPEG' } }).catch(() => null);
  if (accepted !== null) house.track(accepted.id, prompt);
  const [first, ...others] = holds;
  first?.open();
  await eventually('the trouble in the log', () => house.server.output().includes('trying again') || undefined);
  // The others come to their storing while the disk is full still, or at some moment when it is no more.
  const opened = others.map(async (held) => {
    if (random.next() < 0.5) await delay(random.integer(0, LATEST_MS));
    held.open();
  });
  await delay(random.integer(0, LATEST_MS));
  await disk.free();
  const freedAt = Date.now();
  await Promise.all(opened);

  for (const { ended } of house.calls) await ended;
  expect(mostAtOnce(dataDir), 'calls in progress at once').toBeLessThanOrEqual(CONCURRENCY);
  expect(await readiness(house.server.url)).toMatchObject({ status: 200 });
  // Bytes whose row found no space are left to the next server.
  expect(await house.end('SIGTERM')).toBe(0);
  await house.start();
  await house.settle();
  for (const call of [...caught, ...waiting]) {
    const { attempts, images } = snapshot(dataDir, call.raw);
    const isUndisturbed = Date.parse(attempts[0]?.started_at ?? '') > freedAt;
    expect(isUndisturbed ? ['COMPLETED'] : DISTURBED_ENDS, call.prompt).toContain(outcomeOf(call));
    // What the upstream made for one that failed may have been found since.
    expect(images.length, call.prompt).toBeLessThanOrEqual(1);
    expect(upstream.createsOf(call.prompt), call.prompt).toHaveLength(1);
  }
}

describe.skipIf(missing !== null)('a full disk', () => {
  for (const background of [true, false]) {
    const mode = background ? 'in the background' : 'on one connection';
    it(`promises 3-6, 8: ${mode}, calls run and wait while the disk is full, and there is space again`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await using disk = await mountSmallDisk('32m');
        const name = `disk-full, ${mode}, ${round}`;
        const env = { CONCURRENCY: String(CONCURRENCY) };
        await using house = await House.open({ name, background, tally, env, dataDir: disk.path });
        house.random = createRandom(name);
        await playRound(house, disk);
      }
    });
  }
});
