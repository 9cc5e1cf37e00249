/**
 * Cancelling what the upstream has finished, or will not stop: what was bought is kept, however hard it is to fetch. The
 * tests mostly wait, so they run at the same time.
 */
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import { isObject } from '../support/json.ts';
import {
  errorReply,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { newDataDir, type RunningServer } from '../support/server.ts';
import { order, orderedCall } from './orders.ts';
import { callDetails, eventually, openDatabase, picture, rawId, typesOf, watchToEnd } from './steps.ts';
import { startServerAt } from './upstreams.ts';

const BYTES = await picture('teal');
const BUSY = errorReply(503, { message: 'busy' });
const REFUSED = errorReply(400, { message: 'Only background responses can be cancelled.' });

/** How the responses stand, whoever asks. */
const standing = (id: string, status: string): Json => ({ id, object: 'response', status, output: [] });
const events = (id: string) =>
  recordedEvents({ responseId: id, pictures: [{ bytes: BYTES, partials: [], itemId: `ig_${id}` }] });
const finished = (id: string): Reply => {
  const response = events(id).at(-1)?.['response'];
  return jsonReply(isObject(response) ? response : {});
};
const running = (id: string): Reply => jsonReply(standing(id, 'in_progress'));

interface Script {
  readonly cancel: (id: string) => Reply;
  /** @param nth counts the looks at this response from 0 */
  readonly look: (id: string, nth: number) => Reply;
}

interface Bench extends AsyncDisposable {
  readonly dataDir: string;
  /** Starts a server; the one before must have stopped. */
  serve(): Promise<RunningServer>;
}

/** An upstream with this script, and a data folder for servers. */
async function open(script: Script): Promise<Bench> {
  let creates = 0;
  const looks = new Map<string, number>();
  const dataDir = await newDataDir();
  const upstream = await startScriptedUpstream(({ method, path }) => {
    if (method === 'POST' && path === '/v1/responses') {
      creates += 1;
      return streamReply(events(`resp_${creates}`).slice(0, 2), { ending: 'hang' });
    }
    const id = /resp_\d+/u.exec(path)?.[0] ?? '';
    if (method === 'POST') return script.cancel(id);
    const nth = looks.get(id) ?? 0;
    looks.set(id, nth + 1);
    return script.look(id, nth);
  });
  return {
    dataDir,
    serve: () => startServerAt(upstream, { dataDir, env: { UPSTREAM_BACKGROUND: 'on' } }),
    async [Symbol.asyncDispose]() {
      await upstream.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Cancels a call for so many pictures once the upstream has named them all. */
async function cancelled({ url, dataDir }: RunningServer, count = 1) {
  const accepted = await order(url, { prompt: 'a kite', count, options: { partialImages: 1 } });
  if (accepted.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(accepted));
  const { id } = accepted.call;
  await eventually('the upstream to name them', () => {
    using database = openDatabase(dataDir);
    const named = database.prepare('select count(response_id) from attempts where call_id = ?').pluck();
    return named.get(rawId(id)) === count ? true : undefined;
  });
  const { cancelGeneration: answer } = await data(url, CancelGeneration, { input: { callId: id } });
  return { id, answer };
}

describe.concurrent('a picture that was finished before its call was cancelled', () => {
  it('is kept although the upstream is too busy to give it at once', async () => {
    await using bench = await open({ cancel: finished, look: (id, nth) => (nth < 2 ? BUSY : finished(id)) });
    await using server = await bench.serve();
    const { id, answer } = await cancelled(server);
    expect(answer).toMatchObject({ __typename: 'NotCancellableError' });
    expect(await callDetails(server.url, id)).toMatchObject({ status: 'COMPLETED', images: [{}] });
  });

  it('is looked for later when it cannot be had now, and the call says so', async () => {
    let isBack = false;
    await using bench = await open({ cancel: finished, look: (id) => (isBack ? finished(id) : BUSY) });
    let id: string;
    {
      await using server = await bench.serve();
      const told = await cancelled(server);
      ({ id } = told);
      expect(told.answer).toMatchObject({ __typename: 'NotCancellableError' });
      expect(await callDetails(server.url, id)).toMatchObject({
        status: 'FAILED',
        failure: { code: 'OUTCOME_UNKNOWN', retryable: true },
        images: [],
      });
    }
    isBack = true;
    await using again = await bench.serve();
    const { images, failure } = await eventually('the picture to be found', async () => {
      const call = await callDetails(again.url, id);
      return call.images.length > 0 ? call : undefined;
    });
    expect(images).toHaveLength(1);
    expect(failure).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false });
    expect(failure?.message).toContain('found later');
  });
});

describe.concurrent('an upstream that does not cancel', () => {
  it('has its picture kept when it finishes meanwhile', async () => {
    await using bench = await open({
      cancel: () => REFUSED,
      look: (id, nth) => (nth < 2 ? running(id) : finished(id)),
    });
    await using server = await bench.serve();
    const { id, answer } = await cancelled(server);
    expect(answer).toMatchObject({ __typename: 'NotCancellableError' });
    expect(await callDetails(server.url, id)).toMatchObject({ status: 'COMPLETED', images: [{}] });
  });

  it('leaves the outcome unknown while it works on, and its picture is kept when it is found', async () => {
    let isDone = false;
    await using bench = await open({ cancel: () => REFUSED, look: (id) => (isDone ? finished(id) : running(id)) });
    let id: string;
    {
      await using server = await bench.serve();
      ({ id } = await cancelled(server));
      const told = typesOf(await watchToEnd(server.url, id));
      expect(told).toEqual(['GenerationQueued', 'GenerationStarted', 'GenerationFailed']);
      expect(await callDetails(server.url, id)).toMatchObject({ failure: { code: 'OUTCOME_UNKNOWN' } });
    }
    isDone = true;
    await using again = await bench.serve();
    await eventually('the picture to be found', async () => (await callDetails(again.url, id)).images[0]);
  });
});

it.concurrent('of several pictures, one that was finished first is told as unknown and kept when it is found', async () => {
  let isBack = false;
  await using bench = await open({
    cancel: (id) => (id === 'resp_1' ? finished(id) : jsonReply(standing(id, 'cancelled'))),
    look: (id) => (isBack ? finished(id) : BUSY),
  });
  let id: string;
  {
    await using server = await bench.serve();
    const told = await cancelled(server, 2);
    ({ id } = told);
    expect(told.answer).toMatchObject({ call: { status: 'CANCELLED' } });
    expect((await orderedCall(server.url, id)).failures).toMatchObject([{ failure: { code: 'OUTCOME_UNKNOWN' } }]);
  }
  isBack = true;
  await using again = await bench.serve();
  const call = await eventually('the picture to be found', async () => {
    const now = await orderedCall(again.url, id);
    return now.images.length > 0 ? now : undefined;
  });
  expect(call).toMatchObject({ status: 'CANCELLED', failures: [] });
  expect(call.images).toHaveLength(1);
});
