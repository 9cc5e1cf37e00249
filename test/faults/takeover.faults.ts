/** Two servers and one data folder: one works at a time, and a server that lost its lease writes nothing more and ends. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { eventually, generate, openDatabase, rawId, typesOf, watchToEnd, within } from '../api/steps.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { endOf, type Harness, type TrackedCall } from './harness.ts';
import type { Hold } from './holds.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { isPartial, isResume } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { withHarness } from './with-harness.ts';

const LEASE_MS = 1_000;
const env = { LEASE_MS: String(LEASE_MS), LOG_LEVEL: 'silent' };
/** For tests that do not wait for a lease to expire: long enough on the busiest machine. */
const unhurried = { LEASE_MS: '600000', LOG_LEVEL: 'silent' };

const tally = keepTally('takeover');
const modes = [true, false].map((background) => {
  const name = background ? 'in the background' : 'on one connection';
  return { background, name, test: withHarness({ name: `takeover, ${name}`, background, tally }) };
});

/** The error lines that the server printed for the operator. */
function complaintsOf(server: TestServer): string[] {
  return server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('darkroom:'));
}

/** Suspends a server, but not during a write: it would keep the database locked until it is killed. */
async function freeze({ process: child, dataDir }: TestServer): Promise<void> {
  for (;;) {
    child.kill('SIGSTOP');
    if (!isHeld(dataDir)) return;
    child.kill('SIGCONT');
    await delay(10);
  }
}

function isHeld(dataDir: string): boolean {
  const database = new SQLite(join(dataDir, 'darkroom.sqlite'), { timeout: 0 });
  try {
    database.exec('begin immediate');
    database.exec('rollback');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}

async function leaseToEnd(harness: Harness): Promise<void> {
  using database = openDatabase(harness.dataDir);
  const newest = database.prepare('select max(heartbeat_at) from instances').pluck();
  await eventually('the lease to end', () => {
    const heartbeat = Date.parse(String(newest.get()));
    return Date.now() - heartbeat > LEASE_MS + 50 ? true : undefined;
  });
}

const inBackground = withHarness({ name: 'takeover', background: true, tally });

/** In the background, the next server waits at the same partial image; on one connection it has nothing to wait for. */
async function takenOver(harness: Harness, call: TrackedCall, next: Hold): Promise<void> {
  if (harness.background) return next.reached();
  const ended = () => snapshot(harness.dataDir, call.raw).call.completed_at ?? undefined;
  await eventually('the next server to end what it cannot go on with', ended);
  next.open();
}

/** The last bytes that the late server stored have no row. The next server collects them. */
async function sweepBehind(harness: Harness): Promise<void> {
  expect(await harness.end('SIGTERM')).toBe(0);
  await harness.start(env);
}

for (const { background, name, test } of modes) {
  test(
    `promises 3, 6, 7: ${name}, a server that was stopped past its lease writes nothing more and ends by itself`,
    env,
    async (harness) => {
      const { upstream, dataDir } = harness;
      for (let round = 1; round <= ROUNDS; round += 1) {
        const late = upstream.holdEvent((event, request) => !isResume(request) && isPartial(event, 1));
        const next = upstream.holdEvent((event, request) => isResume(request) && isPartial(event, 1));
        const call = await harness.begin('Taken over');
        await late.reached();
        await call.seen('its first stage', (event) => event.__typename === 'PartialImageReceived');

        const first = harness.abandon();
        await freeze(first);
        await leaseToEnd(harness);
        await harness.start(env);
        await takenOver(harness, call, next);

        // When the late server wakes up, its sockets hold the events it missed, and a client's mutation.
        const before = snapshot(dataDir, call.raw);
        late.open();
        const stray = generate(first.url, { prompt: `Sent to the late one in round ${round}.` }).catch(() => null);
        first.process.kill('SIGCONT');
        expect(await within(20_000, 'the end of the late server', () => first.stop('SIGCONT'))).toBe(1);
        expect(complaintsOf(first)).toEqual(['darkroom: another server has taken over this data.']);
        expect(snapshot(dataDir, call.raw)).toEqual(before);

        next.open();
        if (!background) await sweepBehind(harness);
        await harness.settle();
        expect(outcomeOf(call)).toBe(background ? 'COMPLETED' : 'OUTCOME_UNKNOWN');
        expect(upstream.createsOf(call.prompt)).toHaveLength(1);

        // Promise 5 also for a mutation that the late server answered: the other server continues the call.
        const accepted = await stray;
        if (accepted === null) continue;
        const events = await watchToEnd(harness.server.url, accepted.id);
        expect(typesOf(events).at(-1)).toMatch(/^Generation(Completed|Failed)$/u);
        const creates = upstream.createsOf(`Sent to the late one in round ${round}.`).length;
        expect(creates).toBeLessThanOrEqual(snapshot(dataDir, rawId(accepted.id)).attempts.length);
      }
    },
  );
}

inBackground(
  'promise 7: a call that was given to another writer takes nothing from the one before',
  unhurried,
  async (harness) => {
    const { upstream, dataDir } = harness;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const held = upstream.holdEvent((event) => isPartial(event, 0));
      const call = await harness.begin('Given away');
      await held.reached();
      const requests = upstream.proxy.requests.length;
      {
        using database = Object.assign(new SQLite(join(dataDir, 'darkroom.sqlite')), {
          [Symbol.dispose]: () => void database.close(),
        });
        const take = database.prepare("update calls set claimed_by = 'somebody else' where id = ?");
        await eventually(
          'the response to have a name',
          () => snapshot(dataDir, call.raw).attempts[0]?.response_id ?? undefined,
        );
        take.run(call.raw);
      }
      const before = snapshot(dataDir, call.raw);
      const gone = upstream.createsOf(call.prompt)[0]?.closed;
      held.open();
      // The writer hangs up when its write is rejected, and sends no more requests.
      await within(20_000, 'the refused writer to hang up', async () => gone);
      expect({ ...snapshot(dataDir, call.raw), call: null }).toEqual({ ...before, call: null });
      expect(upstream.proxy.requests.length).toBe(requests);
      // No server has that name: the next one continues the call.
      await harness.end('SIGKILL');
      await harness.start(unhurried);
      await harness.settle();
      expect(endOf(call).__typename).toBe('GenerationCompleted');
    }
  },
);

inBackground(
  'promise 7: a second server on the same data is refused in one line, and the first one is not disturbed',
  unhurried,
  async (harness) => {
    const { upstream, dataDir } = harness;
    const held = upstream.holdEvent((event) => isPartial(event, 1));
    const call = await harness.begin('Not disturbed', { subscribers: 1 });
    await held.reached();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const second = startServer({ dataDir, env: harness.environment(unhurried) });
      // If it does start, it is ended here.
      const refusal = await second.then(
        (server) => server.stop('SIGKILL').then(() => 'it started'),
        (error: unknown) => String(error),
      );
      expect(refusal).toMatch(
        /ended with 1 before it was ready:\ndarkroom: another server \(process \d+ on \S+\) is at work on this data\. .+\n$/u,
      );
    }
    held.open();
    await harness.settle();
    expect(endOf(call).__typename).toBe('GenerationCompleted');
    expect(call.subscribers[0]?.reconnects).toBe(0);
    expect(upstream.createsOf(call.prompt)).toHaveLength(1);
  },
);
