/**
 * An upstream that falls silent: behind its headers, in the middle, or with a response that stays queued for ever. The
 * only rounds with a short patience; a machine that is too busy for it makes the upstream silent sooner, no less truly.
 */
import { describe, expect } from 'vitest';
import { eventually } from '../api/steps.ts';
import type { House, TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isCreate, isRetrieve, speaksOf } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { inHouse } from './with-harness.ts';

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
/** Hanging up right when it is named is what may leave a response queued for ever. */
const HUNG_UP: Silence = { words: 'Hung up on when named', markers: '[sim:stuck-queued]' };

function hangUpWhenNamed({ upstream }: House): void {
  upstream.steer({
    onEvent: ({ type, text }, request) =>
      isCreate(request) && type === 'response.created' && speaksOf(request, HUNG_UP.words)
        ? { writes: [text], afterwards: 'reset' }
        : null,
  });
}

/** Whether the upstream was asked how the response of a call stands, its stream having told nothing more. */
function isPolled({ upstream, dataDir }: House, { raw }: TrackedCall): boolean {
  const id = snapshot(dataDir, raw).attempts[0]?.response_id;
  return upstream.wire.requests.some((request) => isRetrieve(request) && request.path.includes(`${id}`));
}

/** Every call either has ended, since the upstream never named it in time, or is looked for. */
async function lookedFor(house: House): Promise<void> {
  for (const call of house.calls) {
    await eventually(`"${call.prompt}" to be looked for`, () =>
      snapshot(house.dataDir, call.raw).call.completed_at !== null || isPolled(house, call) ? true : undefined,
    );
  }
}

describe('in the background', () => {
  const test = inHouse({ name: 'silence, in the background', background: true, tally, env: ENV });
  test('promises 3, 5, 6: in the background, what falls silent is looked for until its deadline', {}, async (house) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      hangUpWhenNamed(house);
      for (const { words, markers } of [...SILENCES, HUNG_UP]) await house.begin(words, { markers });
      await lookedFor(house);
      // A server that gives them less time than they have had finds them behind their deadline.
      expect(await house.end('SIGTERM')).toBe(0);
      await house.start({ GENERATION_TIMEOUT_MS: '1000' });
      for (const call of await house.settle()) {
        const about = `round ${round}, "${call.prompt}"`;
        const { attempts, images } = snapshot(house.dataDir, call.raw);
        const [first] = attempts;
        if (call.prompt.startsWith('Silent behind the headers')) expect(outcomeOf(call), about).toBe('TIMED_OUT');
        // What has a name may come yet; of what has none nothing can be found again.
        if (first?.response_id === null) expect(outcomeOf(call), about).toMatch(UNNAMED_ENDS);
        else expect({ end: outcomeOf(call), state: first?.state }, about).toEqual(GIVEN_UP);
        expect(images, about).toHaveLength(0);
        expect(house.upstream.createsOf(call.prompt), about).toHaveLength(1);
      }
      await house.end('SIGTERM');
      await house.start();
    }
  });
});

describe('on one connection', () => {
  const test = inHouse({ name: 'silence, on one connection', background: false, tally, env: ENV });
  test('promises 3, 5, 6: on one connection, what falls silent is hung up on and has timed out', {}, async (house) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const { words, markers } of SILENCES) await house.begin(words, { markers });
      for (const call of await house.settle()) {
        const about = `round ${round}, "${call.prompt}"`;
        expect(outcomeOf(call), about).toBe('TIMED_OUT');
        expect(snapshot(house.dataDir, call.raw).images, about).toHaveLength(0);
        expect(house.upstream.createsOf(call.prompt), about).toHaveLength(1);
        for (const { closed } of house.upstream.createsOf(call.prompt)) await closed;
      }
    }
  });
});
