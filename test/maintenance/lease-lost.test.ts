/** A server whose lease expired while it was suspended sends no more requests to the upstream. */
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { callDetails, eventually, generate, typesOf, watchToEnd } from '../api/steps.ts';
import { createsOf, startDevelopingUpstream, startProcessAt } from '../api/upstreams.ts';
import { changeDatabase } from '../storage/steps.ts';
import { newDataDir } from '../support/server.ts';

it('promises 5, 7: what it accepts waits for the server that has its place', async () => {
  const dataDir = await newDataDir();
  const upstream = await startDevelopingUpstream({ partials: 0 });
  // So long that it does not check its lease meanwhile.
  const env = { LEASE_MS: '600000' };
  await using server = await startProcessAt(upstream, { dataDir, env });
  changeDatabase(dataDir, 'delete from instances');
  const { id } = await generate(server.url, { prompt: 'a kite' });
  await eventually('the refusal in the log', () => server.output().includes('has lost its lease') || undefined);
  await delay(300);
  expect(await callDetails(server.url, id)).toMatchObject({ status: 'QUEUED', attempts: 0 });
  expect(upstream.requests).toEqual([]);

  await using next = await startProcessAt(upstream, { dataDir, env });
  expect(typesOf(await watchToEnd(next.url, id)).at(-1)).toBe('GenerationCompleted');
  expect(createsOf(upstream)).toHaveLength(1);
  await upstream.close();
  await server.stop('SIGKILL');
  await next.stop('SIGKILL');
  await rm(dataDir, { recursive: true });
});
