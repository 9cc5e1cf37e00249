/** An upstream that stays away for longer than a call may take: an honest end, and the picture is kept when it is found. */
import { expect } from 'vitest';
import { callDetails, eventually, fetchBytes, sha256 } from '../api/steps.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { inHouse } from './with-harness.ts';

const test = inHouse({ name: 'deadline', background: true, tally: keepTally('deadline') });
/** How long the call has left when the server that loses the upstream has started, in milliseconds. */
const TIME_LEFT_MS = 2_000;

test('promises 3, 5, 6, 8: the upstream is away past the deadline, and its picture is found later', {}, async (house) => {
  const { upstream, dataDir } = house;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const held = upstream.holdEvent((event) => isPartial(event, 1));
    const call = await house.begin('Found later');
    await held.reached();
    await upstream.wire.refuse();
    held.open();
    // How long it took to come here is the machine's to say: the deadline is set from here on.
    expect(await house.end('SIGTERM')).toBe(0);
    const { started_at: startedAt } = snapshot(dataDir, call.raw).call;
    const GENERATION_TIMEOUT_MS = String(Date.now() - Date.parse(String(startedAt)) + TIME_LEFT_MS);
    await house.start({ GENERATION_TIMEOUT_MS });
    await house.settle();
    expect(outcomeOf(call)).toBe('OUTCOME_UNKNOWN');
    const closed = snapshot(dataDir, call.raw);
    expect(closed.images).toHaveLength(0);
    expect(closed.attempts.at(-1)?.state).toBe('UNKNOWN');

    await upstream.wire.accept();
    // A server looks for what it does not know when it starts, and every minute.
    await house.end('SIGKILL');
    await house.start();
    const found = await eventually('the picture to be found', () => {
      const now = snapshot(dataDir, call.raw);
      return now.images.length > 0 && now.attempts.at(-1)?.state === 'SETTLED' ? now : undefined;
    });
    // The log stays closed, the end stays what everybody was told; only the picture is there.
    expect(found.events).toEqual(closed.events);
    expect(found.call).toMatchObject({ status: 'FAILED', last_sequence: closed.call.last_sequence });
    const details = await callDetails(house.server.url, call.id);
    expect(details).toMatchObject({ status: 'FAILED', failure: { code: 'OUTCOME_UNKNOWN', retryable: false } });
    const [image] = details.images;
    const sent = upstream.sent.get(closed.attempts.at(-1)?.response_id ?? '');
    expect([...(sent?.images.values() ?? [])]).toEqual([image?.sha256]);
    expect(sha256(await fetchBytes(image?.url ?? ''))).toBe(image?.sha256);
    expect(upstream.createsOf(call.prompt)).toHaveLength(1);
  }
});
