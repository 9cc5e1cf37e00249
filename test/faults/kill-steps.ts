/**
 * The moments at which a server is killed: every step of a call from its acceptance to its terminal event. Each step
 * holds the upstream, so that the kill happens at that step and not later.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { eventually, sha256, TERMINAL_TYPES } from '../api/steps.ts';
import { blobPath } from '../storage/steps.ts';
import type { Harness, TrackedCall } from './harness.ts';
import { type CallRow, type Snapshot, snapshot } from './invariants.ts';
import { isCreate, isFinal, isPartial } from './upstream.ts';

export interface KillStep {
  readonly name: string;
  /** How many calls the server runs at once; 4 by default. */
  readonly concurrency?: number;
  /** Starts a call, waits for the step, kills the server. */
  readonly play: (harness: Harness) => Promise<void>;
  /** Checks in the database that the last call had reached the step. */
  readonly met: (snapshot: Snapshot) => void;
  /** Further checks once the call has ended. */
  readonly after?: (left: Snapshot, ended: Snapshot) => void;
}

const kill = async (harness: Harness) => void (await harness.end('SIGKILL'));

/** Kills the server after a subscriber received the event, while the upstream is held. */
async function killAt(harness: Harness, type: string, index: number | null = null): Promise<void> {
  const call = await harness.begin(`Killed at ${type}`);
  await call.seen(type, (event) => {
    if (event.__typename !== type) return false;
    return index === null || (event.__typename === 'PartialImageReceived' && event.partial.index === index);
  });
  await kill(harness);
}

/** Answers the first create with 429 and a `retry-after` of a minute. */
function turnAwayOnce({ upstream }: Harness): void {
  let turnedAway = false;
  upstream.setBehavior({
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
    // The first one is held at its partial image, so that the second one waits.
    concurrency: 1,
    async play(harness) {
      const held = harness.upstream.holdEvent((event) => isPartial(event, 0));
      await harness.begin('The one that runs');
      await held.reached();
      await harness.begin('The one that waits');
      await kill(harness);
      held.open();
    },
    met: (found) => expect(typesOf(found)).toEqual(['GenerationQueued']),
  },
  {
    name: 'right after the mutation was answered',
    async play(harness) {
      await harness.begin('Just accepted', { subscribers: 2 });
      await kill(harness);
    },
    met: (found) => expect(typesOf(found)).toContain('GenerationQueued'),
  },
  {
    name: 'after GenerationStarted',
    play: (harness) => killAt(harness, 'GenerationStarted'),
    met: ({ attempts }) => expect(attempts).toHaveLength(1),
  },
  {
    name: 'after GenerationStarted, when the upstream was asked and has not named it',
    async play(harness) {
      const { upstream } = harness;
      const held =
        harness.random.next() < 0.5
          ? upstream.holdRequest(isCreate)
          : upstream.holdEvent((event) => event.type === 'response.created');
      await harness.begin('Asked, not named');
      await held.reached();
      await kill(harness);
      held.open();
    },
    met: ({ attempts }) => expect(attempts.at(-1)).toMatchObject({ state: 'ASKED', response_id: null }),
  },
  {
    name: 'after the upstream has accepted it',
    async play(harness) {
      const held = harness.upstream.holdEvent((event) => event.type === 'response.output_item.added');
      const call = await harness.begin('Accepted upstream');
      await held.reached();
      await eventually(
        'the name of the response to be stored',
        () => snapshot(harness.dataDir, call.raw).attempts[0]?.response_id ?? undefined,
      );
      await kill(harness);
      held.open();
    },
    met: ({ attempts }) => expect(attempts.at(-1)).toMatchObject({ state: 'ACCEPTED' }),
  },
  ...[0, 1].map(
    (index): KillStep => ({
      name: `after stage ${index}`,
      async play(harness) {
        const held = harness.upstream.holdEvent((event) => (index === 0 ? isPartial(event, 1) : isFinal(event)));
        await killAt(harness, 'PartialImageReceived', index);
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
    async play(harness) {
      const { upstream, dataDir } = harness;
      let hash = '';
      const held = upstream.holdEvent((event) => {
        if (!isFinal(event)) return false;
        const item = event.data['item'];
        const result = typeof item === 'object' && item !== null && 'result' in item ? String(item.result) : '';
        hash = sha256(Buffer.from(result, 'base64'));
        return true;
      });
      const call = await harness.begin('Bytes without an event');
      await held.reached();
      await call.seen(
        'its last stage',
        (event) => event.__typename === 'PartialImageReceived' && event.partial.index === 1,
      );
      // While the test locks the database, bytes can be stored, but no event about them.
      const lock = new SQLite(join(dataDir, 'darkroom.sqlite'));
      lock.exec('begin immediate');
      try {
        held.open();
        await eventually('the bytes of the picture', () => (existsSync(blobPath(dataDir, hash)) ? true : undefined));
        await kill(harness);
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
    async play(harness) {
      const { upstream, dataDir, random } = harness;
      turnAwayOnce(harness);
      const call = await harness.begin('Turned away');
      await call.seen('its retry', (event) => event.__typename === 'GenerationRetrying');
      await kill(harness);
      upstream.setBehavior({});
      // It is due while no server runs, or shortly after the next one has started.
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
    async play(harness) {
      const held = harness.upstream.holdEvent((event) => event.type === 'response.completed');
      await killAt(harness, 'ImageCompleted');
      held.open();
    },
    met: (found) => expect(typesOf(found).at(-1)).toBe('ImageCompleted'),
  },
  {
    name: 'at the terminal event',
    async play(harness) {
      await killAt(harness, 'GenerationCompleted');
    },
    met: (found) => expect(typesOf(found).at(-1)).toBe('GenerationCompleted'),
  },
  {
    name: 'at a chance moment, with two on their way, and again while they are gone on with',
    async play(harness) {
      await harness.begin('By chance, one');
      await harness.begin('By chance, two');
      await delay(harness.random.integer(0, 700));
      await kill(harness);
      await harness.start();
      await delay(harness.random.integer(0, 300));
      await kill(harness);
    },
    met: ({ events }) => expect(events.length).toBeGreaterThan(0),
  },
];

/** How a call in this state must end after its server is killed, with an upstream without faults. */
export function expectedEnd({ call, attempts, images, events }: Snapshot): string {
  const last = events.at(-1)?.type ?? '';
  if (TERMINAL_TYPES.includes(last)) return failureCodeOf(call) ?? call.status;
  if (call.status === 'QUEUED' || images.length > 0) return 'COMPLETED';
  const attempt = attempts.at(-1);
  // The upstream continues, and the response id is known: the image must be found again.
  return attempt?.background === 1 && attempt.response_id !== null ? 'COMPLETED' : 'OUTCOME_UNKNOWN';
}

export function failureCodeOf({ failure }: CallRow): string | null {
  return failure === null ? null : JSON.parse(failure).code;
}

/** How each call must end, from its state right after a kill. Also checks that no subscriber saw more than is stored. */
export function expectations(harness: Harness): ReadonlyMap<TrackedCall, string> {
  return new Map(
    harness.calls.map((call) => {
      const found = snapshot(harness.dataDir, call.raw);
      for (const { events } of call.subscribers) {
        expect(events.length, `promise 4: stored before it is seen, "${call.prompt}"`).toBeLessThanOrEqual(
          found.events.length,
        );
      }
      return [call, expectedEnd(found)];
    }),
  );
}
