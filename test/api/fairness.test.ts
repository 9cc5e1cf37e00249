/** A client that has used up its rate costs next to nothing: others are answered as fast as without it. */
import { expect, it } from 'vitest';
import { as, believe } from '../conformance/believing.ts';
import { WAYS_IN } from '../conformance/ways-in.ts';
import { startTestApp } from '../support/app.ts';

const SAMPLES = 60;
/** What the other client asks for takes a while: a page of each thing there is. */
const QUERY = '{ images(first: 50) { edges { node { id url } } } conversations(first: 50) { edges { node { id } } } }';

it('a principal that keeps asking beyond its rate does not slow another', async () => {
  await using app = await startTestApp(
    { authenticate: believe },
    { RATE_REQUESTS_PER_MINUTE: '1000', RATE_COST_PER_MINUTE: '200000' },
  );
  const [small] = WAYS_IN;
  const ask = (user: string) => small?.send(app.url, { query: QUERY }, as(user));

  async function medianMs(): Promise<number> {
    const times: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const startedAt = performance.now();
      expect((await ask('quiet'))?.status).toBe(200);
      times.push(performance.now() - startedAt);
    }
    return times.sort((one, other) => one - other)[SAMPLES / 2] ?? Number.NaN;
  }

  await medianMs();
  const aloneMs = await medianMs();
  while ((await ask('loud'))?.status === 200);
  let refused = 0;
  let isOver = false;
  const keepAsking = async () => {
    while (!isOver) if ((await ask('loud'))?.status === 429) refused += 1;
  };
  const loud = Promise.all(Array.from({ length: 4 }, keepAsking));
  const besideMs = await medianMs();
  isOver = true;
  await loud;
  expect(refused).toBeGreaterThan(SAMPLES);
  // This process is the loud client, too: four of its requests come before each one of the other.
  expect(besideMs).toBeLessThan(5 * aloneMs + 10);
}, 60_000);
