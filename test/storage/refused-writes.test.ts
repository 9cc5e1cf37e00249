/** Writes that the database refuses for a while, as on a full disk: what that delays still keeps to every limit. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually, generate, openDatabase, watchToEnd } from '../api/steps.ts';
import { startDevelopingUpstream, startServerAt } from '../api/upstreams.ts';
import { mostAtOnce, refuseWrites } from './steps.ts';

/** Longer than a call that could not be recorded waits before it is taken up again. */
const LONG_ENOUGH_MS = 3_500;

it('calls that could not be started meanwhile start in their turn, no more at once than may', async () => {
  const ended = Promise.withResolvers<void>();
  const upstream = await startDevelopingUpstream({
    partials: 0,
    hold: (type) => (type === 'response.completed' ? ended.promise : undefined),
  });
  await using server = await startServerAt(upstream, { env: { CONCURRENCY: '2' } });
  const allow = refuseWrites(server.dataDir, 'insert on attempts');
  const ids: string[] = [];
  for (let nth = 1; nth <= 6; nth += 1) ids.push((await generate(server.url, { prompt: `number ${nth}` })).id);
  await eventually('the trouble in the log', () => server.output().includes('trying again') || undefined);
  allow();
  await eventually('the first two requests', () => upstream.requests.at(1));
  await delay(LONG_ENOUGH_MS);
  expect(upstream.requests).toHaveLength(2);
  {
    using database = openDatabase(server.dataDir);
    const statuses = database.prepare('select status, count(*) from calls group by status order by status');
    expect(statuses.raw().all()).toEqual([
      ['IN_PROGRESS', 2],
      ['QUEUED', 4],
    ]);
  }
  ended.resolve();
  for (const id of ids) expect((await watchToEnd(server.url, id)).at(-1)?.__typename).toBe('GenerationCompleted');
  expect(upstream.requests).toHaveLength(6);
  await upstream.close();
});

it('a call whose end cannot be recorded keeps its place until it is', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const upstream = await startDevelopingUpstream({
    partials: 0,
    hold: (type, nth) => (type === 'response.completed' ? gates[nth]?.promise : undefined),
  });
  await using server = await startServerAt(upstream, { env: { CONCURRENCY: '2' } });
  const ids: string[] = [];
  for (let nth = 1; nth <= 5; nth += 1) ids.push((await generate(server.url, { prompt: `number ${nth}` })).id);
  await eventually('both requests', () => upstream.requests.at(1));
  const allow = refuseWrites(server.dataDir, 'insert on events');
  gates[0].resolve();
  await eventually('the trouble in the log', () => server.output().includes('trying again') || undefined);
  // The second one ends so late that others would be taken up before it is.
  await delay(1_500);
  gates[1].resolve();
  await delay(300);
  allow();
  for (const [nth, id] of ids.entries()) {
    // What ended while nothing could be recorded ends in whatever is known of it.
    const ends = nth < 2 ? /^Generation(Completed|Failed)$/u : /^GenerationCompleted$/u;
    expect((await watchToEnd(server.url, id)).at(-1)?.__typename).toMatch(ends);
  }
  expect(mostAtOnce(server.dataDir)).toBe(2);
  expect(upstream.requests).toHaveLength(5);
  await upstream.close();
});
