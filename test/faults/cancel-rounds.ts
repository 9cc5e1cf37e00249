/** Cancelling at every step, with the truth about who was first; and kills before a cancellation took effect. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../api/steps.ts';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import { endOf, type House, type TrackedCall, toldOf } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';
import { isCancel, isCreate, isFinal, isPartial, isRetrieve } from './upstream.ts';
import { inHouse } from './with-harness.ts';

async function cancel(house: House, { id }: TrackedCall) {
  return (await data(house.server.url, CancelGeneration, { input: { callId: id } })).cancelGeneration;
}

function statusIn(answer: Awaited<ReturnType<typeof cancel>> | null): string | undefined {
  return answer?.__typename === 'CancelGenerationSuccess' ? answer.call.status : answer?.__typename;
}

const cancelsOf = ({ upstream }: House) => upstream.wire.requests.filter(isCancel).length;

export function describeCancellations(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = inHouse({ name: `cancel, ${mode}`, background, tally, env: { CONCURRENCY: '2' } });
  const rounds = (play: (house: House, round: number) => Promise<void>) => async (house: House) => {
    for (let round = 1; round <= ROUNDS; round += 1) await play(house, round);
  };

  test(
    `promises 3, 6: ${mode}, what waits is cancelled unheard of, and what runs is not touched`,
    { CONCURRENCY: '1' },
    rounds(async (house) => {
      const held = house.upstream.holdEvent((event) => isPartial(event, 0));
      const running = await house.begin('Runs on');
      await held.reached();
      const waiting = await house.begin('Cancelled in the queue');
      expect(await cancel(house, waiting)).toMatchObject({ call: { id: waiting.id, status: 'CANCELLED' } });
      held.open();
      await house.settle();
      expect(toldOf(waiting)).toEqual(['GenerationQueued', 'GenerationCancelled']);
      expect(house.upstream.createsOf(waiting.prompt)).toHaveLength(0);
      expect(endOf(running).__typename).toBe('GenerationCompleted');
    }),
  );

  test(
    `promises 3, 6: ${mode}, what runs is cancelled at the upstream too`,
    {},
    rounds(async (house) => {
      // The upstream is at work for so long that only a cancellation ends it.
      const other = await house.begin('Runs on', { markers: '[sim:duration=1500]' });
      const call = await house.begin('Cancelled in the middle', { markers: '[sim:duration=30000]' });
      await call.seen('its start', (event) => event.__typename === 'GenerationStarted');
      if (house.random.next() < 0.5) {
        await eventually('its name', () => snapshot(house.dataDir, call.raw).attempts[0]?.response_id ?? undefined);
      }
      const { stopped } = house.upstream.simulator.requests;
      const before = cancelsOf(house);
      expect(await cancel(house, call)).toMatchObject({ call: { id: call.id, status: 'CANCELLED' } });
      await house.settle();
      expect(endOf(call).__typename).toBe('GenerationCancelled');
      expect(endOf(other).__typename).toBe('GenerationCompleted');
      expect(cancelsOf(house) - before).toBe(background ? 1 : 0);
      const heardOf = house.upstream.createsOf(call.prompt).length;
      // On one connection it can be cancelled before the upstream was asked at all.
      if (background) expect(heardOf).toBe(1);
      await eventually('the upstream to stop', () =>
        house.upstream.simulator.requests.stopped === stopped + heardOf ? true : undefined,
      );
    }),
  );

  test(
    `promises 3, 8: ${mode}, the picture and the cancellation race, and the answer says who won`,
    {},
    rounds(async (house) => {
      const held = house.upstream.holdEvent(
        (event, { body }) => isFinal(event) && JSON.stringify(body).includes('Raced'),
      );
      const call = await house.begin('Raced');
      const other = await house.begin('Not raced');
      await held.reached();
      const opened = delay(house.random.integer(0, 30)).then(() => held.open());
      await delay(house.random.integer(0, 40));
      const answer = await cancel(house, call);
      await opened;
      await house.settle();
      const { images } = snapshot(house.dataDir, call.raw);
      if (answer.__typename === 'CancelGenerationSuccess') {
        expect(answer.call.status).toBe('CANCELLED');
        expect(endOf(call).__typename).toBe('GenerationCancelled');
        expect(images).toHaveLength(0);
      } else {
        expect(answer).toMatchObject({ __typename: 'NotCancellableError' });
        expect(endOf(call).__typename).toBe('GenerationCompleted');
        expect(images).toHaveLength(1);
      }
      expect(endOf(other).__typename).toBe('GenerationCompleted');
      // The upstream had finished before anybody cancelled: what was made and paid for is looked for and kept.
      if (background) expect(images).toHaveLength(1);
    }),
  );

  test(
    `promises 3, 5: ${mode}, killed before a cancellation took effect, it still does`,
    {},
    rounds(async (house) => {
      const { upstream, dataDir } = house;
      // What the server does about it is held: the call to the upstream, or the write behind hanging up.
      const unheard = house.random.next() < 0.5;
      const held = unheard
        ? upstream.holdRequest(isCreate)
        : upstream.holdEvent((event) => event.type === 'response.created');
      const cancelling = background && !unheard ? upstream.holdRequest(isCancel) : null;
      const call = await house.begin('Cancelled and killed', { markers: '[sim:duration=2000]' });
      await held.reached();
      if (cancelling !== null) held.open();
      const answer = cancel(house, call).catch(() => null);
      const noted = () => snapshot(dataDir, call.raw).call.cancel_requested_at ?? undefined;
      await eventually('the cancellation to be noted', noted);
      if (cancelling !== null) await cancelling.reached();
      await house.end('SIGKILL');
      await answer;
      held.open();
      cancelling?.open();
      await house.start();
      await house.settle();
      expect(['GenerationCancelled', 'GenerationCompleted']).toContain(endOf(call).__typename);
    }),
  );

  test(
    `promises 3, 5: ${mode}, killed at a chance moment of a cancellation`,
    {},
    rounds(async (house) => {
      const call = await house.begin('Cancelled, and killed by chance', { markers: '[sim:duration=600]' });
      await delay(house.random.integer(0, 500));
      const answer = cancel(house, call).catch(() => null);
      await delay(house.random.integer(0, 40));
      await house.end('SIGKILL');
      const told = await answer;
      const { call: row, attempts } = snapshot(house.dataDir, call.raw);
      await house.start();
      await house.settle();
      const end = endOf(call);
      const ended = end.__typename === 'GenerationFailed' ? end.failure.code : end.call.status;
      // Who was told that it is cancelled was told the truth.
      if (told?.__typename === 'CancelGenerationSuccess' && told.call.status === 'CANCELLED')
        expect(ended).toBe('CANCELLED');
      else if (row.cancel_requested_at !== null) expect(['CANCELLED', 'COMPLETED']).toContain(ended);
      // The kill was before the cancellation was noted: an end like any other.
      else expect(['CANCELLED', 'COMPLETED', ...(attempts.length > 0 ? ['OUTCOME_UNKNOWN'] : [])]).toContain(ended);
    }),
  );

  if (!background) return;
  test(
    `promises 3, 5, 8: ${mode}, killed while it fetches what was finished before a cancellation`,
    {},
    rounds(async (house) => {
      const { upstream, dataDir } = house;
      const held = upstream.holdEvent(isFinal);
      const looking = upstream.holdRequest(isRetrieve);
      const call = await house.begin('Finished, cancelled and killed');
      await held.reached();
      const answer = cancel(house, call).catch(() => null);
      // The upstream has answered to the cancellation that it had completed: the picture is asked for.
      await looking.reached();
      expect(snapshot(dataDir, call.raw)).toMatchObject({ call: { status: 'IN_PROGRESS' }, images: [] });
      const cancels = cancelsOf(house);
      await house.end('SIGKILL');
      // Nobody was told of an end that had not come.
      expect([undefined, 'IN_PROGRESS']).toContain(statusIn(await answer));
      held.open();
      looking.open();
      await house.start();
      await house.settle();
      expect(endOf(call).__typename).toBe('GenerationCompleted');
      expect(snapshot(dataDir, call.raw).images).toHaveLength(1);
      // The next server does not know what the upstream had said.
      expect(cancelsOf(house) - cancels).toBe(1);
    }),
  );
}
