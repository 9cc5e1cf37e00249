/** SIGKILL between a mutation and its answer: the call is stored completely or not at all, and a retry gives one call. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { generate, openDatabase, sha256 } from '../api/steps.ts';
import type { Harness, TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { expectedEnd } from './kill-steps.ts';

/** How many milliseconds a mutation takes when nothing delays it, measured once for each harness. */
const usual = new WeakMap<Harness, number>();

async function usualMs(harness: Harness): Promise<number> {
  const known = usual.get(harness);
  if (known !== undefined) return known;
  // The first one is slower than the others.
  await harness.begin('The first one', { subscribers: 1, partialImages: 0 });
  const begun = performance.now();
  await harness.begin('To know how long it takes', { subscribers: 1, partialImages: 0 });
  const tookMs = performance.now() - begun;
  usual.set(harness, tookMs);
  await harness.settle();
  return tookMs;
}

/** The rows of the call of a prompt, by table. */
function rowsOf(dataDir: string, prompt: string, key: string) {
  using database = openDatabase(dataDir);
  const ids = database.prepare('select id from calls where prompt = ?').pluck().all(prompt).map(String);
  const count = (sql: string, ...values: string[]) =>
    Number(
      database
        .prepare(sql)
        .pluck()
        .get(...values),
    );
  return {
    ids,
    queued: count(
      "select count(*) from events join calls on calls.id = call_id where prompt = ? and type = 'GenerationQueued'",
      prompt,
    ),
    conversations: count(
      'select count(*) from conversations where id in (select conversation_id from calls where prompt = ?)',
      prompt,
    ),
    keys: count('select count(*) from idempotency_keys where key = ?', key),
    dangling: count('select count(*) from conversations where id not in (select conversation_id from calls)'),
  };
}

/**
 * One round: the kill comes at a random moment of the mutation. In every second round another connection locks the
 * database, so that the kill comes right before or right after the insert.
 * @returns the call, and how it must end
 */
export async function killWhileAccepting(
  harness: Harness,
  round: number,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly call: TrackedCall; readonly expected: string }> {
  const { dataDir, random } = harness;
  const tookMs = await usualMs(harness);
  const prompt = `Killed before the answer of round ${round}.`;
  const key = sha256(Buffer.from(prompt));
  const input = {
    prompt,
    idempotencyKey: key,
    options: { size: '1024x640', format: 'JPEG', partialImages: 2 },
  } as const;
  const isHeld = round % 2 === 0;
  const lock = isHeld ? new SQLite(join(dataDir, 'darkroom.sqlite')) : null;
  lock?.exec('begin immediate');
  const answer = generate(harness.server.url, input).catch(() => null);
  // A blocked insert waits. The lock is released at a random moment around the kill.
  await delay(random.next() * tookMs * (isHeld ? 3 : 1.2));
  const isLetGo = isHeld && random.next() < 0.5;
  if (isLetGo) {
    lock?.close();
    await delay(random.integer(0, 8));
  }
  await harness.end('SIGKILL');
  if (!isLetGo) lock?.close();
  const told = await answer;

  const left = rowsOf(dataDir, prompt, key);
  const whole = left.ids.length;
  expect(left, `round ${round}`).toMatchObject({ queued: whole, conversations: whole, keys: whole, dangling: 0 });
  expect(whole, `round ${round}`).toBeLessThanOrEqual(1);
  if (isHeld && !isLetGo) expect({ whole, told }, `round ${round}`).toEqual({ whole: 0, told: null });
  // Promise 5: an answered call is kept.
  if (told !== null) expect(whole, `round ${round}`).toBe(1);
  const [raw] = left.ids;
  const expected = raw === undefined ? 'COMPLETED' : expectedEnd(snapshot(dataDir, raw));

  await harness.start(env);
  const again = await generate(harness.server.url, input);
  if (told !== null) expect(again.id).toBe(told.id);
  const call = harness.track(again.id, prompt);
  const { ids, keys } = rowsOf(dataDir, prompt, key);
  expect({ ids, keys }, `round ${round}`).toEqual({ ids: [raw ?? call.raw], keys: 1 });
  return { call, expected };
}
