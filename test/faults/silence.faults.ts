/**
 * An upstream that falls silent: after its headers, in the middle, or with a response that stays queued forever. Only
 * these tests use a short idle timeout. On a busy machine it expires sooner, which is just as valid.
 */
import { describe, expect } from 'vitest';
import { eventually } from '../api/steps.ts';
import type { Harness, TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isCreate, isRetrieve, speaksOf } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { withHarness } from './with-harness.ts';

const tally = keepTally('silence');
const ENV = { UPSTREAM_IDLE_TIMEOUT_MS: '600', CONCURRENCY: '8' };

const GIVEN_UP = { end: 'OUTCOME_UNKNOWN', state: 'UNKNOWN' };
const UNNAMED_ENDS = /^(TIMED_OUT|OUTCOME_UNKNOWN)$/u;

interface Silence {
  readonly words: string;
  readonly markers: string;
}

const SILENCES: readonly Silence[] = [
  { words: 'Silent behind the headers', markers: '[sim:hang]' },
  { words: 'Silent behind a stage', markers: '[sim:hang-midstream]' },
  { words: 'Queued for ever', markers: '[sim:stuck-queued]' },
];
/** Hanging up right after the response id arrived may leave a response queued forever. */
const HUNG_UP: Silence = { words: 'Hung up on when named', markers: '[sim:stuck-queued]' };

function hangUpWhenNamed({ upstream }: Harness): void {
  upstream.setBehavior({
    onEvent: ({ type, text }, request) =>
      isCreate(request) && type === 'response.created' && speaksOf(request, HUNG_UP.words)
        ? { writes: [text], afterwards: 'reset' }
        : null,
  });
}

/** Whether the server has retrieved the response of a call whose stream fell silent. */
function isPolled({ upstream, dataDir }: Harness, { raw }: TrackedCall): boolean {
  const id = snapshot(dataDir, raw).attempts[0]?.response_id;
  return upstream.proxy.requests.some((request) => isRetrieve(request) && request.path.includes(`${id}`));
}

/** Every call has ended because its response id never arrived in time, or is being looked for. */
async function lookedFor(harness: Harness): Promise<void> {
  for (const call of harness.calls) {
    await eventually(`"${call.prompt}" to be looked for`, () =>
      snapshot(harness.dataDir, call.raw).call.completed_at !== null || isPolled(harness, call) ? true : undefined,
    );
  }
}

describe('in the background', () => {
  const test = withHarness({ name: 'silence, in the background', background: true, tally, env: ENV });
  test('promises 3, 5, 6: in the background, what falls silent is looked for until its deadline', {}, async (harness) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      hangUpWhenNamed(harness);
      for (const { words, markers } of [...SILENCES, HUNG_UP]) await harness.begin(words, { markers });
      await lookedFor(harness);
      // With a shorter time limit, the next server finds them past their deadline.
      expect(await harness.end('SIGTERM')).toBe(0);
      await harness.start({ GENERATION_TIMEOUT_MS: '1000' });
      for (const call of await harness.settle()) {
        const about = `round ${round}, "${call.prompt}"`;
        const { attempts, images } = snapshot(harness.dataDir, call.raw);
        const [first] = attempts;
        if (call.prompt.startsWith('Silent behind the headers')) expect(outcomeOf(call), about).toBe('TIMED_OUT');
        // A call with a response id may still complete; one without can never be found again.
        if (first?.response_id === null) expect(outcomeOf(call), about).toMatch(UNNAMED_ENDS);
        else expect({ end: outcomeOf(call), state: first?.state }, about).toEqual(GIVEN_UP);
        expect(images, about).toHaveLength(0);
        expect(harness.upstream.createsOf(call.prompt), about).toHaveLength(1);
      }
      await harness.end('SIGTERM');
      await harness.start();
    }
  });
});

describe('on one connection', () => {
  const test = withHarness({ name: 'silence, on one connection', background: false, tally, env: ENV });
  test('promises 3, 5, 6: on one connection, what falls silent is hung up on and has timed out', {}, async (harness) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const { words, markers } of SILENCES) await harness.begin(words, { markers });
      for (const call of await harness.settle()) {
        const about = `round ${round}, "${call.prompt}"`;
        expect(outcomeOf(call), about).toBe('TIMED_OUT');
        expect(snapshot(harness.dataDir, call.raw).images, about).toHaveLength(0);
        expect(harness.upstream.createsOf(call.prompt), about).toHaveLength(1);
        for (const { closed } of harness.upstream.createsOf(call.prompt)) await closed;
      }
    }
  });
});
