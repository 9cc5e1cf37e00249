/** Pictures whose outcome was not known when their call ended, and that are found by the next server that asks. */
import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import {
  base64,
  errorReply,
  jsonReply,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { newDataDir } from '../support/server.ts';
import { orderedCall, orderToEnd } from './orders.ts';
import { eventually, picture } from './steps.ts';
import { startServerAt } from './upstreams.ts';

const OPTIONS = { partialImages: 1 } as const;
const ENV = { UPSTREAM_BACKGROUND: 'on', GENERATION_TIMEOUT_MS: '1500', MAX_ATTEMPTS: '1' };
const BLOCKED = { code: 'moderation_blocked', type: 'image_generation_user_error', message: 'No.' };

type Call = Awaited<ReturnType<typeof orderedCall>>;

/**
 * Takes two requests of each call, of which the connection is lost at once, and refuses the third. Looked at, it is out
 * of reach; later a response is still at work, unless it is among those that have their picture.
 */
async function startForgetfulUpstream() {
  const bytes = base64(await picture('teal'));
  const taken: string[] = [];
  const state = { isReachable: false, finished: new Set<string>() };
  const take = (prompt: string): Reply => {
    const nth = taken.filter((id) => id.startsWith(`resp_${prompt}`)).length;
    if (nth === 2) return errorReply(400, BLOCKED);
    const responseId = `resp_${prompt}_${nth}`;
    taken.push(responseId);
    return streamReply(recordedEvents({ responseId, pictures: [] }).slice(0, 1), { ending: 'destroy' });
  };
  const look = (id: string): Reply => {
    if (!state.isReachable) return errorReply(503, { message: 'Away.' });
    const output = [{ id: `ig_${id}`, type: 'image_generation_call', status: 'completed', result: bytes }];
    return jsonReply(
      state.finished.has(id) ? { id, status: 'completed', output } : { id, status: 'in_progress', output: [] },
    );
  };
  const upstream = await startScriptedUpstream(({ method, path, body }) =>
    method === 'POST' ? take(String(body['input'])) : look(path.split(/[/?]/u)[3] ?? ''),
  );
  return { upstream, state };
}

function inOrder({ failures }: Call) {
  return failures.toSorted((a, b) => a.imageIndex - b.imageIndex);
}

it('pictures that are found later are kept, and what is told of the others stays true', async () => {
  const dataDir = await newDataDir();
  const { upstream, state } = await startForgetfulUpstream();
  const ordered = async (url: string, prompt: string, count: number) =>
    (await orderToEnd(url, { prompt, count, options: OPTIONS })).call;
  let three: Call;
  let two: Call;
  {
    await using server = await startServerAt(upstream, { dataDir, env: ENV });
    three = await ordered(server.url, 'three', 3);
    two = await ordered(server.url, 'two', 2);
  }
  expect(three).toMatchObject({ status: 'FAILED', images: [], failures: [{}, {}, {}] });
  expect(two.failures).toMatchObject(Array(2).fill({ failure: { code: 'OUTCOME_UNKNOWN' } }));
  const told = inOrder(three);
  const blocked = told.filter(({ failure }) => failure.code === 'MODERATION_BLOCKED');
  expect(blocked).toHaveLength(1);

  state.isReachable = true;
  state.finished = new Set(['resp_three_0', 'resp_two_0', 'resp_two_1']);
  {
    await using server = await startServerAt(upstream, { dataDir, env: ENV });
    const now = await eventually('the first pictures', async () => {
      const calls = { three: await orderedCall(server.url, three.id), two: await orderedCall(server.url, two.id) };
      return calls.three.images.length === 1 && calls.two.images.length === 2 ? calls : undefined;
    });
    expect(now.two).toMatchObject({ status: 'FAILED', failures: [], failure: { retryable: false } });
    expect(now.two.failure?.message).toContain('found later');
    // Two are missing still, each for its own reason, and the first of these is that of the call.
    const left = inOrder(now.three);
    expect(left).toHaveLength(2);
    for (const failure of left) expect(told).toContainEqual(failure);
    const [first] = left;
    expect(now.three.status).toBe('FAILED');
    expect(now.three.failure).toMatchObject({
      code: first?.failure.code,
      message: expect.stringMatching(/found later/u),
      retryable: first?.failure.code === 'OUTCOME_UNKNOWN',
    });
    expect(now.three.failure?.message).toContain(first?.failure.message);
  }

  state.finished.add('resp_three_1');
  await using server = await startServerAt(upstream, { dataDir, env: ENV });
  const now = await eventually('the second of three', async () => {
    const call = await orderedCall(server.url, three.id);
    return call.images.length === 2 ? call : undefined;
  });
  expect(now.failures).toEqual(blocked);
  expect(now.failure).toMatchObject({ code: 'MODERATION_BLOCKED', retryable: false });
  // Told once, however often something was found.
  expect(now.failure?.message.match(/found later/gu)).toHaveLength(1);
  await upstream.close();
  await rm(dataDir, { recursive: true });
});
