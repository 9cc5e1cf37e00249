/**
 * The moments at which a server is killed: every step of a call from its acceptance to its terminal event. Each one
 * holds the upstream there, so that the kill meets that step and no later one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { eventually, sha256, TERMINAL_TYPES } from '../api/steps.ts';
import type { House, TrackedCall } from './harness.ts';
import { blobPath, type CallRow, type Snapshot, snapshot } from './invariants.ts';
import { isCreate, isFinal, isPartial } from './upstream.ts';

export interface KillStep {
  readonly name: string;
  /** How many calls the server runs at once; 4 unless said. */
  readonly concurrency?: number;
  /** Begins a call, brings it to the step, kills the server there. */
  readonly play: (house: House) => Promise<void>;
  /** What must stand in the database of the call that was begun last, to know that the step was met. */
  readonly met: (snapshot: Snapshot) => void;
  /** What must have become of it by its end, besides the end itself. */
  readonly after?: (left: Snapshot, ended: Snapshot) => void;
}

const kill = async (house: House) => void (await house.end('SIGKILL'));

/** Kills when the event has been seen, with the upstream held behind it. */
async function killAt(house: House, type: string, index: number | null = null): Promise<void> {
  const call = await house.begin(`Killed at ${type}`);
  await call.seen(type, (event) => {
    if (event.__typename !== type) return false;
    return index === null || (event.__typename === 'PartialImageReceived' && event.partial.index === index);
  });
  await kill(house);
}

/** The first create is answered with 429 and told to come back in a minute. */
function turnAwayOnce({ upstream }: House): void {
  let turnedAway = false;
  upstream.steer({
    onRequest: (request) => {
      if (turnedAway || !isCreate(request)) return null;
      turnedAway = true;
      const error = { code: 'rate_limit_exceeded', type: 'tokens', message: 'Rate limit reached.' };
      return { status: 429, headers: { 'retry-after': '60' }, body: { error } };
    },
  });
}

const typesOf = ({ events }: Snapshot) => events.map(({ type }) => type);

export const KILL_STEPS: readonly KillStep[] = [
  {
    name: 'queued behind another one',
    // The first one is held at its stage, so that the second one waits.
    concurrency: 1,
    async play(house) {
      const held = house.upstream.holdEvent((event) => isPartial(event, 0));
      await house.begin('The one that runs');
      await held.reached();
      await house.begin('The one that waits');
      await kill(house);
      held.open();
    },
    met: (found) => expect(typesOf(found)).toEqual(['GenerationQueued']),
  },
  {
    name: 'right after the mutation was answered',
    async play(house) {
      await house.begin('Just accepted', { subscribers: 2 });
      await kill(house);
    },
    met: (found) => expect(typesOf(found)).toContain('GenerationQueued'),
  },
  {
    name: 'after GenerationStarted',
    play: (house) => killAt(house, 'GenerationStarted'),
    met: ({ attempts }) => expect(attempts).toHaveLength(1),
  },
  {
    name: 'after GenerationStarted, when the upstream was asked and has not named it',
    async play(house) {
      const { upstream } = house;
      const held =
        house.random.next() < 0.5
          ? upstream.holdRequest(isCreate)
          : upstream.holdEvent((event) => event.type === 'response.created');
      await house.begin('Asked, not named');
      await held.reached();
      await kill(house);
      held.open();
    },
    met: ({ attempts }) => expect(attempts.at(-1)).toMatchObject({ state: 'ASKED', response_id: null }),
  },
  {
    name: 'after the upstream has accepted it',
    async play(house) {
      const held = house.upstream.holdEvent((event) => event.type === 'response.output_item.added');
      const call = await house.begin('Accepted upstream');
      await held.reached();
      await eventually(
        'the name of the response to be stored',
        () => snapshot(house.dataDir, call.raw).attempts[0]?.response_id ?? undefined,
      );
      await kill(house);
      held.open();
    },
    met: ({ attempts }) => expect(attempts.at(-1)).toMatchObject({ state: 'ACCEPTED' }),
  },
  ...[0, 1].map(
    (index): KillStep => ({
      name: `after stage ${index}`,
      async play(house) {
        const held = house.upstream.holdEvent((event) => (index === 0 ? isPartial(event, 1) : isFinal(event)));
        await killAt(house, 'PartialImageReceived', index);
        held.open();
      },
      met: ({ partials, images }) => {
        expect(partials).toHaveLength(index + 1);
        expect(images).toHaveLength(0);
      },
    }),
  ),
  {
    name: 'between the bytes of the picture and ImageCompleted',
    async play(house) {
      const { upstream, dataDir } = house;
      let hash = '';
      const held = upstream.holdEvent((event) => {
        if (!isFinal(event)) return false;
        const item = event.data['item'];
        const result = typeof item === 'object' && item !== null && 'result' in item ? String(item.result) : '';
        hash = sha256(Buffer.from(result, 'base64'));
        return true;
      });
      const call = await house.begin('Bytes without an event');
      await held.reached();
      await call.seen(
        'its last stage',
        (event) => event.__typename === 'PartialImageReceived' && event.partial.index === 1,
      );
      // While the test holds the database, bytes can be stored, and nothing can be told of them.
      const lock = new SQLite(join(dataDir, 'darkroom.sqlite'));
      lock.exec('begin immediate');
      try {
        held.open();
        await eventually('the bytes of the picture', () => (existsSync(blobPath(dataDir, hash)) ? true : undefined));
        await kill(house);
      } finally {
        lock.exec('rollback');
        lock.close();
      }
    },
    met: ({ partials, images, events }) => {
      expect(partials).toHaveLength(2);
      expect(images).toHaveLength(0);
      expect(events.at(-1)?.type).toBe('PartialImageReceived');
    },
  },
  {
    name: 'in the pause before it is tried again',
    async play(house) {
      const { upstream, dataDir, random } = house;
      turnAwayOnce(house);
      const call = await house.begin('Turned away');
      await call.seen('its retry', (event) => event.__typename === 'GenerationRetrying');
      await kill(house);
      upstream.steer({});
      // Its time comes while there is no server, or a moment after the next one has started.
      const notBefore = new Date(Date.now() + (random.next() < 0.5 ? 0 : 2_000)).toISOString();
      const database = new SQLite(join(dataDir, 'darkroom.sqlite'));
      database.prepare('update calls set not_before = ? where id = ?').run(notBefore, call.raw);
      database.close();
    },
    met({ call, attempts, events }) {
      expect(call.status).toBe('QUEUED');
      expect(attempts).toHaveLength(1);
      expect(events.at(-1)?.type).toBe('GenerationRetrying');
    },
    after({ call }, { attempts }) {
      expect(attempts).toHaveLength(2);
      const startedAt = Date.parse(attempts[1]?.started_at ?? '');
      expect(startedAt, 'not before its time').toBeGreaterThanOrEqual(Date.parse(call.not_before ?? ''));
    },
  },
  {
    name: 'after ImageCompleted',
    async play(house) {
      const held = house.upstream.holdEvent((event) => event.type === 'response.completed');
      await killAt(house, 'ImageCompleted');
      held.open();
    },
    met: (found) => expect(typesOf(found).at(-1)).toBe('ImageCompleted'),
  },
  {
    name: 'at the terminal event',
    async play(house) {
      await killAt(house, 'GenerationCompleted');
    },
    met: (found) => expect(typesOf(found).at(-1)).toBe('GenerationCompleted'),
  },
  {
    name: 'at a chance moment, with two on their way, and again while they are gone on with',
    async play(house) {
      await house.begin('By chance, one');
      await house.begin('By chance, two');
      await delay(house.random.integer(0, 700));
      await kill(house);
      await house.start();
      await delay(house.random.integer(0, 300));
      await kill(house);
    },
    met: ({ events }) => expect(events.length).toBeGreaterThan(0),
  },
];

/** How a call must end that stands like this when its server is killed, with an upstream that has no fault. */
export function expectedEnd({ call, attempts, images, events }: Snapshot): string {
  const last = events.at(-1)?.type ?? '';
  if (TERMINAL_TYPES.includes(last)) return failureCodeOf(call) ?? call.status;
  if (call.status === 'QUEUED' || images.length > 0) return 'COMPLETED';
  const attempt = attempts.at(-1);
  // The upstream goes on by itself, and has told its name: it must be found again.
  return attempt?.background === 1 && attempt.response_id !== null ? 'COMPLETED' : 'OUTCOME_UNKNOWN';
}

export function failureCodeOf({ failure }: CallRow): string | null {
  return failure === null ? null : JSON.parse(failure).code;
}

/** What each call is when nobody works on it, right behind a kill; and that nobody saw more than what is stored. */
export function expectations(house: House): ReadonlyMap<TrackedCall, string> {
  return new Map(
    house.calls.map((call) => {
      const found = snapshot(house.dataDir, call.raw);
      for (const { events } of call.subscribers) {
        expect(events.length, `promise 4: stored before it is seen, "${call.prompt}"`).toBeLessThanOrEqual(
          found.events.length,
        );
      }
      return [call, expectedEnd(found)];
    }),
  );
}
