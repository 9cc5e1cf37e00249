/**
 * The disk becomes full while calls run and more are queued than may run at once; then there is space again. Each
 * accepted call ends once, later calls succeed, and never do more calls run than allowed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually, generate } from '../api/steps.ts';
import { mostAtOnce, mountSmallDisk, readiness, whyNoSmallDisk } from '../storage/steps.ts';
import { Harness, type TrackedCall } from './harness.ts';
import type { Hold } from './holds.ts';
import { snapshot } from './invariants.ts';
import { createRandom, type Random, ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isFinal, isPartial } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';

const CONCURRENCY = 2;
const WAITING = 4;
/** How many milliseconds after there is space again the last upstream answer is released. */
const LATEST_MS = 3_000;

/** A full disk may still have room for the few bytes of an end, but not for an image. Then the next call starts. */
const DISTURBED_ENDS = ['COMPLETED', 'INTERNAL', 'OUTCOME_UNKNOWN'];

const missing = await whyNoSmallDisk();
if (missing !== null) console.warn(`Left out: rounds of a full disk; ${missing}`);

const tally = keepTally('disk-full');

/** Holds every running call, each at a random moment. */
function holdRunning({ upstream }: Harness, random: Random): readonly Hold[] {
  return Array.from({ length: CONCURRENCY }, (_, number) => {
    const at = random.integer(0, 2);
    const words = `Caught ${number} `;
    return upstream.holdEvent((event, { body }) => {
      if (!JSON.stringify(body).includes(words)) return false;
      return at === 0 ? event.type === 'response.created' : at === 1 ? isPartial(event, 1) : isFinal(event);
    });
  });
}

async function playRound(harness: Harness, disk: Awaited<ReturnType<typeof mountSmallDisk>>): Promise<void> {
  const { random, upstream, dataDir } = harness;
  const holds = holdRunning(harness, random);
  const caught: TrackedCall[] = [];
  for (const number of holds.keys()) caught.push(await harness.begin(`Caught ${number} by a full disk,`));
  const waiting: TrackedCall[] = [];
  for (let count = 0; count < WAITING; count += 1) waiting.push(await harness.begin('Behind it', { subscribers: 2 }));
  for (const held of holds) await held.reached();

  await disk.fill();
  const prompt = 'Asked while it is full.';
  const accepted = await generate(harness.server.url, { prompt, options: { format: 'JPEG' } }).catch(() => null);
  if (accepted !== null) harness.track(accepted.id, prompt);
  const [first, ...others] = holds;
  first?.open();
  await eventually('the trouble in the log', () => harness.server.output().includes('trying again') || undefined);
  // The others store their images while the disk is full, or some time after.
  const opened = others.map(async (held) => {
    if (random.next() < 0.5) await delay(random.integer(0, LATEST_MS));
    held.open();
  });
  await delay(random.integer(0, LATEST_MS));
  await disk.free();
  const freedAt = Date.now();
  await Promise.all(opened);

  for (const { ended } of harness.calls) await ended;
  expect(mostAtOnce(dataDir), 'calls in progress at once').toBeLessThanOrEqual(CONCURRENCY);
  expect(await readiness(harness.server.url)).toMatchObject({ status: 200 });
  // Bytes without a row are collected by the next server.
  expect(await harness.end('SIGTERM')).toBe(0);
  await harness.start();
  await harness.settle();
  for (const call of [...caught, ...waiting]) {
    const { attempts, images } = snapshot(dataDir, call.raw);
    const isUndisturbed = Date.parse(attempts[0]?.started_at ?? '') > freedAt;
    expect(isUndisturbed ? ['COMPLETED'] : DISTURBED_ENDS, call.prompt).toContain(outcomeOf(call));
    // The image of a failed call may have been found since.
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
        await using harness = await Harness.open({ name, background, tally, env, dataDir: disk.path });
        harness.random = createRandom(name);
        await playRound(harness, disk);
      }
    });
  }
});
