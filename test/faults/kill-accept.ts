/** SIGKILL between a mutation and its answer: the call is there whole or not at all, and sent again it is one call. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { expect } from 'vitest';
import { generate, openDatabase, sha256 } from '../api/steps.ts';
import type { House, TrackedCall } from './harness.ts';
import { snapshot } from './invariants.ts';
import { expectedEnd } from './kill-steps.ts';

/** How long a mutation takes when nothing holds it up, measured once for each house. Milliseconds. */
const usual = new WeakMap<House, number>();

async function usualMs(house: House): Promise<number> {
  const known = usual.get(house);
  if (known !== undefined) return known;
  // The first one is slower than all that come behind it.
  await house.begin('The first one', { subscribers: 1, partialImages: 0 });
  const begun = performance.now();
  await house.begin('To know how long it takes', { subscribers: 1, partialImages: 0 });
  const tookMs = performance.now() - begun;
  usual.set(house, tookMs);
  await house.settle();
  return tookMs;
}

/** Every row that stands for the call of a prompt, by table. */
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
 * One round: the kill comes at a chance moment of the mutation; in every second round the insert is held up by somebody
 * who has the database, so that it comes right before or right behind it.
 * @returns the call, and how it must end
 */
export async function killWhileAccepting(
  house: House,
  round: number,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly call: TrackedCall; readonly expected: string }> {
  const { dataDir, random } = house;
  const tookMs = await usualMs(house);
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
  const answer = generate(house.server.url, input).catch(() => null);
  // One that is held up waits for as long as anybody likes: it is let go at a chance moment around the kill.
  await delay(random.next() * tookMs * (isHeld ? 3 : 1.2));
  const isLetGo = isHeld && random.next() < 0.5;
  if (isLetGo) {
    lock?.close();
    await delay(random.integer(0, 8));
  }
  await house.end('SIGKILL');
  if (!isLetGo) lock?.close();
  const told = await answer;

  const left = rowsOf(dataDir, prompt, key);
  const whole = left.ids.length;
  expect(left, `round ${round}`).toMatchObject({ queued: whole, conversations: whole, keys: whole, dangling: 0 });
  expect(whole, `round ${round}`).toBeLessThanOrEqual(1);
  if (isHeld && !isLetGo) expect({ whole, told }, `round ${round}`).toEqual({ whole: 0, told: null });
  // Promise 5: what was answered is kept.
  if (told !== null) expect(whole, `round ${round}`).toBe(1);
  const [raw] = left.ids;
  const expected = raw === undefined ? 'COMPLETED' : expectedEnd(snapshot(dataDir, raw));

  await house.start(env);
  const again = await generate(house.server.url, input);
  if (told !== null) expect(again.id).toBe(told.id);
  const call = house.track(again.id, prompt);
  const { ids, keys } = rowsOf(dataDir, prompt, key);
  expect({ ids, keys }, `round ${round}`).toEqual({ ids: [raw ?? call.raw], keys: 1 });
  return { call, expected };
}
