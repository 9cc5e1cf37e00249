/** An upstream unreachable for longer than a call may take: the call ends truthfully, and its image is kept when found. */
import { expect } from 'vitest';
import { callDetails, eventually, fetchBytes, sha256 } from '../api/steps.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { withHarness } from './with-harness.ts';

const test = withHarness({ name: 'deadline', background: true, tally: keepTally('deadline') });
/** How many milliseconds the call has left when the server without its upstream has started. */
const TIME_LEFT_MS = 2_000;

test('promises 3, 5, 6, 8: the upstream is away past the deadline, and its picture is found later', {}, async (harness) => {
  const { upstream, dataDir } = harness;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const held = upstream.holdEvent((event) => isPartial(event, 1));
    const call = await harness.begin('Found later');
    await held.reached();
    await upstream.proxy.refuse();
    held.open();
    // Machines take different times to get here, so the deadline is set from now.
    expect(await harness.end('SIGTERM')).toBe(0);
    const { started_at: startedAt } = snapshot(dataDir, call.raw).call;
    const GENERATION_TIMEOUT_MS = String(Date.now() - Date.parse(String(startedAt)) + TIME_LEFT_MS);
    await harness.start({ GENERATION_TIMEOUT_MS });
    await harness.settle();
    expect(outcomeOf(call)).toBe('OUTCOME_UNKNOWN');
    const closed = snapshot(dataDir, call.raw);
    expect(closed.images).toHaveLength(0);
    expect(closed.attempts.at(-1)?.state).toBe('UNKNOWN');

    await upstream.proxy.accept();
    // A server looks for unknown outcomes when it starts, and every minute.
    await harness.end('SIGKILL');
    await harness.start();
    const found = await eventually('the picture to be found', () => {
      const now = snapshot(dataDir, call.raw);
      return now.images.length > 0 && now.attempts.at(-1)?.state === 'SETTLED' ? now : undefined;
    });
    // The log stays closed and the end stays the same. Only the image is new.
    expect(found.events).toEqual(closed.events);
    expect(found.call).toMatchObject({ status: 'FAILED', last_sequence: closed.call.last_sequence });
    const details = await callDetails(harness.server.url, call.id);
    expect(details).toMatchObject({ status: 'FAILED', failure: { code: 'OUTCOME_UNKNOWN', retryable: false } });
    const [image] = details.images;
    const sent = upstream.sent.get(closed.attempts.at(-1)?.response_id ?? '');
    expect([...(sent?.images.values() ?? [])]).toEqual([image?.sha256]);
    expect(sha256(await fetchBytes(image?.url ?? ''))).toBe(image?.sha256);
    expect(upstream.createsOf(call.prompt)).toHaveLength(1);
  }
});
