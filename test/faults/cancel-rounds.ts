/** Cancellation at every step, with a true answer about what came first; and kills before a cancellation takes effect. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../api/steps.ts';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import { endOf, type Harness, type TrackedCall, toldOf } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import type { Tally } from './tally.ts';
import { isCancel, isCreate, isFinal, isPartial, isRetrieve } from './upstream.ts';
import { withHarness } from './with-harness.ts';

async function cancel(harness: Harness, { id }: TrackedCall) {
  return (await data(harness.server.url, CancelGeneration, { input: { callId: id } })).cancelGeneration;
}

function statusIn(answer: Awaited<ReturnType<typeof cancel>> | null): string | undefined {
  return answer?.__typename === 'CancelGenerationSuccess' ? answer.call.status : answer?.__typename;
}

const cancelsOf = ({ upstream }: Harness) => upstream.proxy.requests.filter(isCancel).length;

export function describeCancellations(background: boolean, tally: Tally): void {
  const mode = background ? 'in the background' : 'on one connection';
  const test = withHarness({ name: `cancel, ${mode}`, background, tally, env: { CONCURRENCY: '2' } });
  const rounds = (play: (harness: Harness, round: number) => Promise<void>) => async (harness: Harness) => {
    for (let round = 1; round <= ROUNDS; round += 1) await play(harness, round);
  };

  test(
    `promises 3, 6: ${mode}, what waits is cancelled unheard of, and what runs is not touched`,
    { CONCURRENCY: '1' },
    rounds(async (harness) => {
      const held = harness.upstream.holdEvent((event) => isPartial(event, 0));
      const running = await harness.begin('Runs on');
      await held.reached();
      const waiting = await harness.begin('Cancelled in the queue');
      expect(await cancel(harness, waiting)).toMatchObject({ call: { id: waiting.id, status: 'CANCELLED' } });
      held.open();
      await harness.settle();
      expect(toldOf(waiting)).toEqual(['GenerationQueued', 'GenerationCancelled']);
      expect(harness.upstream.createsOf(waiting.prompt)).toHaveLength(0);
      expect(endOf(running).__typename).toBe('GenerationCompleted');
    }),
  );

  test(
    `promises 3, 6: ${mode}, what runs is cancelled at the upstream too`,
    {},
    rounds(async (harness) => {
      // The upstream works so long that only a cancellation ends it.
      const other = await harness.begin('Runs on', { markers: '[sim:duration=1500]' });
      const call = await harness.begin('Cancelled in the middle', { markers: '[sim:duration=30000]' });
      await call.seen('its start', (event) => event.__typename === 'GenerationStarted');
      if (harness.random.next() < 0.5) {
        await eventually('its name', () => snapshot(harness.dataDir, call.raw).attempts[0]?.response_id ?? undefined);
      }
      const { stopped } = harness.upstream.simulator.requests;
      const before = cancelsOf(harness);
      expect(await cancel(harness, call)).toMatchObject({ call: { id: call.id, status: 'CANCELLED' } });
      await harness.settle();
      expect(endOf(call).__typename).toBe('GenerationCancelled');
      expect(endOf(other).__typename).toBe('GenerationCompleted');
      expect(cancelsOf(harness) - before).toBe(background ? 1 : 0);
      const heardOf = harness.upstream.createsOf(call.prompt).length;
      // On one connection, it can be cancelled before the upstream received a request.
      if (background) expect(heardOf).toBe(1);
      await eventually('the upstream to stop', () =>
        harness.upstream.simulator.requests.stopped === stopped + heardOf ? true : undefined,
      );
    }),
  );

  test(
    `promises 3, 8: ${mode}, the picture and the cancellation race, and the answer says who won`,
    {},
    rounds(async (harness) => {
      const held = harness.upstream.holdEvent(
        (event, { body }) => isFinal(event) && JSON.stringify(body).includes('Raced'),
      );
      const call = await harness.begin('Raced');
      const other = await harness.begin('Not raced');
      await held.reached();
      const opened = delay(harness.random.integer(0, 30)).then(() => held.open());
      await delay(harness.random.integer(0, 40));
      const answer = await cancel(harness, call);
      await opened;
      await harness.settle();
      const { images } = snapshot(harness.dataDir, call.raw);
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
      // The upstream had finished before the cancellation: the image was paid for, so it is fetched and kept.
      if (background) expect(images).toHaveLength(1);
    }),
  );

  test(
    `promises 3, 5: ${mode}, killed before a cancellation took effect, it still does`,
    {},
    rounds(async (harness) => {
      const { upstream, dataDir } = harness;
      // Holds what the server does next: the request to the upstream, or the write after it hangs up.
      const unheard = harness.random.next() < 0.5;
      const held = unheard
        ? upstream.holdRequest(isCreate)
        : upstream.holdEvent((event) => event.type === 'response.created');
      const cancelling = background && !unheard ? upstream.holdRequest(isCancel) : null;
      const call = await harness.begin('Cancelled and killed', { markers: '[sim:duration=2000]' });
      await held.reached();
      if (cancelling !== null) held.open();
      const answer = cancel(harness, call).catch(() => null);
      const noted = () => snapshot(dataDir, call.raw).call.cancel_requested_at ?? undefined;
      await eventually('the cancellation to be noted', noted);
      if (cancelling !== null) await cancelling.reached();
      await harness.end('SIGKILL');
      await answer;
      held.open();
      cancelling?.open();
      await harness.start();
      await harness.settle();
      expect(['GenerationCancelled', 'GenerationCompleted']).toContain(endOf(call).__typename);
    }),
  );

  test(
    `promises 3, 5: ${mode}, killed at a chance moment of a cancellation`,
    {},
    rounds(async (harness) => {
      const call = await harness.begin('Cancelled, and killed by chance', { markers: '[sim:duration=600]' });
      await delay(harness.random.integer(0, 500));
      const answer = cancel(harness, call).catch(() => null);
      await delay(harness.random.integer(0, 40));
      await harness.end('SIGKILL');
      const told = await answer;
      const { call: row, attempts } = snapshot(harness.dataDir, call.raw);
      await harness.start();
      await harness.settle();
      const end = endOf(call);
      const ended = end.__typename === 'GenerationFailed' ? end.failure.code : end.call.status;
      // An answer that the call is cancelled must be true.
      if (told?.__typename === 'CancelGenerationSuccess' && told.call.status === 'CANCELLED')
        expect(ended).toBe('CANCELLED');
      else if (row.cancel_requested_at !== null) expect(['CANCELLED', 'COMPLETED']).toContain(ended);
      // The kill came before the cancellation was stored: any end is right.
      else expect(['CANCELLED', 'COMPLETED', ...(attempts.length > 0 ? ['OUTCOME_UNKNOWN'] : [])]).toContain(ended);
    }),
  );

  if (!background) return;
  test(
    `promises 3, 5, 8: ${mode}, killed while it fetches what was finished before a cancellation`,
    {},
    rounds(async (harness) => {
      const { upstream, dataDir } = harness;
      const held = upstream.holdEvent(isFinal);
      const looking = upstream.holdRequest(isRetrieve);
      const call = await harness.begin('Finished, cancelled and killed');
      await held.reached();
      const answer = cancel(harness, call).catch(() => null);
      // The upstream has answered that it had completed; the server now fetches the image.
      await looking.reached();
      expect(snapshot(dataDir, call.raw)).toMatchObject({ call: { status: 'IN_PROGRESS' }, images: [] });
      const cancels = cancelsOf(harness);
      await harness.end('SIGKILL');
      // No answer tells of an end that has not happened.
      expect([undefined, 'IN_PROGRESS']).toContain(statusIn(await answer));
      held.open();
      looking.open();
      await harness.start();
      await harness.settle();
      expect(endOf(call).__typename).toBe('GenerationCompleted');
      expect(snapshot(dataDir, call.raw).images).toHaveLength(1);
      // The next server does not know the upstream's answer.
      expect(cancelsOf(harness) - cancels).toBe(1);
    }),
  );
}
