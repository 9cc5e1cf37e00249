/** Two servers and one data folder: one at a time, and whoever has lost its place writes nothing more and goes. */

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { eventually, generate, openDatabase, rawId, typesOf, watchToEnd, within } from '../api/steps.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { endOf, type House, type TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { ROUNDS } from './rounds.ts';
import { keepTally } from './tally.ts';
import { type Hold, isPartial, isResume } from './upstream.ts';
import { outcomeOf } from './upstream-rounds.ts';
import { inHouse } from './with-harness.ts';

const LEASE_MS = 1_000;
const env = { LEASE_MS: String(LEASE_MS), LOG_LEVEL: 'silent' };
/** Where nobody waits for a lease to end, no machine is so busy that one does. */
const unhurried = { LEASE_MS: '600000', LOG_LEVEL: 'silent' };

const tally = keepTally('takeover');
const modes = [true, false].map((background) => {
  const name = background ? 'in the background' : 'on one connection';
  return { background, name, test: inHouse({ name: `takeover, ${name}`, background, tally }) };
});

/** What the server has said for the operator besides where it is and that it stops. */
function complaintsOf(server: TestServer): string[] {
  return server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('darkroom:'));
}

/** Stops a server outside of a write: inside of one it would keep the database from everybody until it is killed. */
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

async function leaseToEnd(house: House): Promise<void> {
  using database = openDatabase(house.dataDir);
  const newest = database.prepare('select max(heartbeat_at) from instances').pluck();
  await eventually('the lease to end', () => {
    const heartbeat = Date.parse(String(newest.get()));
    return Date.now() - heartbeat > LEASE_MS + 50 ? true : undefined;
  });
}

const inBackground = inHouse({ name: 'takeover', background: true, tally });

/** In the background the next server waits at the same stage; on one connection there is nothing to wait with. */
async function takenOver(house: House, call: TrackedCall, next: Hold): Promise<void> {
  if (house.background) return next.reached();
  const ended = () => snapshot(house.dataDir, call.raw).call.completed_at ?? undefined;
  await eventually('the next server to end what it cannot go on with', ended);
  next.open();
}

/** The bytes that the late server stored at last, to be refused, are named by nobody until the next one sweeps. */
async function sweepBehind(house: House): Promise<void> {
  expect(await house.end('SIGTERM')).toBe(0);
  await house.start(env);
}

for (const { background, name, test } of modes) {
  test(
    `promises 3, 6, 7: ${name}, a server that was stopped past its lease writes nothing more and ends by itself`,
    env,
    async (house) => {
      const { upstream, dataDir } = house;
      for (let round = 1; round <= ROUNDS; round += 1) {
        const late = upstream.holdEvent((event, request) => !isResume(request) && isPartial(event, 1));
        const next = upstream.holdEvent((event, request) => isResume(request) && isPartial(event, 1));
        const call = await house.begin('Taken over');
        await late.reached();
        await call.seen('its first stage', (event) => event.__typename === 'PartialImageReceived');

        const first = house.abandon();
        await freeze(first);
        await leaseToEnd(house);
        await house.start(env);
        await takenOver(house, call, next);

        // What the late server has missed lies in its socket when it wakes up, and so does somebody's mutation.
        const before = snapshot(dataDir, call.raw);
        late.open();
        const stray = generate(first.url, { prompt: `Sent to the late one in round ${round}.` }).catch(() => null);
        first.process.kill('SIGCONT');
        expect(await within(20_000, 'the end of the late server', () => first.stop('SIGCONT'))).toBe(1);
        expect(complaintsOf(first)).toEqual(['darkroom: another server has taken over this data.']);
        expect(snapshot(dataDir, call.raw)).toEqual(before);

        next.open();
        if (!background) await sweepBehind(house);
        await house.settle();
        expect(outcomeOf(call)).toBe(background ? 'COMPLETED' : 'OUTCOME_UNKNOWN');
        expect(upstream.createsOf(call.prompt)).toHaveLength(1);

        // Promise 5 for whoever was answered by a server that had no right to: the call goes on with the other one.
        const accepted = await stray;
        if (accepted === null) continue;
        const events = await watchToEnd(house.server.url, accepted.id);
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
  async (house) => {
    const { upstream, dataDir } = house;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const held = upstream.holdEvent((event) => isPartial(event, 0));
      const call = await house.begin('Given away');
      await held.reached();
      const requests = upstream.wire.requests.length;
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
      // The writer hangs up when it is refused; it asks for nothing more.
      await within(20_000, 'the refused writer to hang up', async () => gone);
      expect({ ...snapshot(dataDir, call.raw), call: null }).toEqual({ ...before, call: null });
      expect(upstream.wire.requests.length).toBe(requests);
      // Nobody lives by that name: the next server goes on with the call.
      await house.end('SIGKILL');
      await house.start(unhurried);
      await house.settle();
      expect(endOf(call).__typename).toBe('GenerationCompleted');
    }
  },
);

inBackground(
  'promise 7: a second server on the same data is refused in one line, and the first one is not disturbed',
  unhurried,
  async (house) => {
    const { upstream, dataDir } = house;
    const held = upstream.holdEvent((event) => isPartial(event, 1));
    const call = await house.begin('Not disturbed', { subscribers: 1 });
    await held.reached();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const second = startServer({ dataDir, env: house.environment(unhurried) });
      // One that did start is ended with the test.
      const refusal = await second.then(
        (server) => server.stop('SIGKILL').then(() => 'it started'),
        (error: unknown) => String(error),
      );
      expect(refusal).toMatch(
        /ended with 1 before it was ready:\ndarkroom: another server \(process \d+ on \S+\) is at work on this data\. .+\n$/u,
      );
    }
    held.open();
    await house.settle();
    expect(endOf(call).__typename).toBe('GenerationCompleted');
    expect(call.subscribers[0]?.reconnects).toBe(0);
    expect(upstream.createsOf(call.prompt)).toHaveLength(1);
  },
);
