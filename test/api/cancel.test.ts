/** Cancelling: what is queued, what runs, and the truth when the picture was first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { startServerHere } from '../support/app.ts';
import { CancelGeneration, QueuePosition } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import type { RunningServer } from '../support/server.ts';
import { callDetails, collect, eventually, generate, generateToEnd, typesOf, watch, watchToEnd } from './steps.ts';

let simulator: Simulator;
let server: RunningServer;
let url: string;

const SLOW = '[sim:duration=20000]';

async function cancel(callId: string, at = url) {
  return (await data(at, CancelGeneration, { input: { callId } })).cancelGeneration;
}

async function positionOf(id: string, at = url) {
  return (await data(at, QueuePosition, { id })).generationCall;
}

function startAt(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  return startServerHere({
    env: { OPENAI_BASE_URL: simulator.url, OPENAI_API_KEY: 'sk-simulator', CONCURRENCY: '1', ...env },
  });
}

beforeAll(async () => {
  simulator = await startSimulator({ art: 'plain', durationMs: 300 });
  server = await startAt({ UPSTREAM_BACKGROUND: 'on' });
  ({ url } = server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await simulator.close();
});

describe('a call that waits', () => {
  it('tells how many come before it, and is cancelled without the upstream ever hearing of it', async () => {
    const running = await generate(url, { prompt: `a boat ${SLOW}` });
    await collect(watch(url, running.id), 2);
    const next = await generate(url, { prompt: 'next' });
    const last = await generate(url, { prompt: 'last' });
    expect(await positionOf(running.id)).toEqual({ status: 'IN_PROGRESS', queuePosition: null });
    expect(await positionOf(next.id)).toEqual({ status: 'QUEUED', queuePosition: 1 });
    expect(await positionOf(last.id)).toEqual({ status: 'QUEUED', queuePosition: 2 });

    const creates = simulator.requests.creates;
    expect(await cancel(next.id)).toMatchObject({ call: { id: next.id, status: 'CANCELLED' } });
    expect(typesOf(await watchToEnd(url, next.id))).toEqual(['GenerationQueued', 'GenerationCancelled']);
    expect(await positionOf(last.id)).toEqual({ status: 'QUEUED', queuePosition: 1 });
    expect(simulator.requests.creates).toBe(creates);

    // Another call is not touched by it.
    expect((await callDetails(url, running.id)).status).toBe('IN_PROGRESS');
    await cancel(running.id);
    expect(typesOf(await watchToEnd(url, last.id)).at(-1)).toBe('GenerationCompleted');
  });

  it('waits for its minute when those before it asked for as many pictures as may be begun in one', async () => {
    await using limited = await startAt({ CONCURRENCY: '10', IMAGES_PER_MINUTE: '4' });
    const three = await generate(limited.url, { prompt: 'three boats', count: 3 });
    const two = await generate(limited.url, { prompt: 'two boats', count: 2 });
    expect(typesOf(await watchToEnd(limited.url, three.id)).at(-1)).toBe('GenerationCompleted');
    expect(await positionOf(two.id, limited.url)).toEqual({ status: 'QUEUED', queuePosition: 1 });
    await cancel(two.id, limited.url);
  });
});

describe('a call that runs', () => {
  it('in the background is cancelled at the upstream, which stops', async () => {
    const { id } = await generate(url, { prompt: `a boat ${SLOW}` });
    await eventually('the upstream to name it', async () => (await callDetails(url, id)).responseId ?? undefined);
    const { cancels, stopped } = simulator.requests;
    expect(await cancel(id)).toMatchObject({ call: { status: 'CANCELLED' } });
    expect(simulator.requests).toMatchObject({ cancels: cancels + 1, stopped: stopped + 1 });
    expect(typesOf(await watchToEnd(url, id))).toEqual([
      'GenerationQueued',
      'GenerationStarted',
      'GenerationCancelled',
    ]);
    expect(await callDetails(url, id)).toMatchObject({ status: 'CANCELLED', attempts: 1, failure: null, images: [] });
  });

  it('otherwise is cancelled by hanging up', async () => {
    await using plain = await startAt({ UPSTREAM_BACKGROUND: 'off' });
    const { id } = await generate(plain.url, { prompt: `a boat ${SLOW}` });
    await eventually('the upstream to name it', async () => (await callDetails(plain.url, id)).responseId ?? undefined);
    const { cancels, stopped } = simulator.requests;
    expect(await cancel(id, plain.url)).toMatchObject({ call: { status: 'CANCELLED' } });
    await eventually('the upstream to stop', () => simulator.requests.stopped > stopped || undefined);
    expect(simulator.requests.cancels).toBe(cancels);
  });

  it('is cancelled at any moment in one way or the other, and the answer says which', async () => {
    for (let round = 0; round < 12; round += 1) {
      const { id } = await generate(url, { prompt: `round ${round} [sim:duration=150]` });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      const answer = await cancel(id);
      const events = typesOf(await watchToEnd(url, id));
      const call = await callDetails(url, id);
      if (answer.__typename === 'CancelGenerationSuccess') {
        expect({ events: events.at(-1), status: call.status }).toEqual({
          events: 'GenerationCancelled',
          status: 'CANCELLED',
        });
      } else {
        expect(answer).toMatchObject({ __typename: 'NotCancellableError', code: 'NOT_CANCELLABLE' });
        expect({ events: events.at(-1), status: call.status, images: call.images.length }).toEqual({
          events: 'GenerationCompleted',
          status: 'COMPLETED',
          images: 1,
        });
      }
    }
  });
});

describe('a call that has ended', () => {
  it('stays cancelled when it is cancelled again', async () => {
    const { id } = await generate(url, { prompt: `a boat ${SLOW}` });
    await cancel(id);
    expect(await cancel(id)).toMatchObject({ call: { status: 'CANCELLED' } });
  });

  it('says that its picture was first', async () => {
    const { id } = await generateToEnd(url, { prompt: 'a boat' });
    expect(await cancel(id)).toMatchObject({
      __typename: 'NotCancellableError',
      message: expect.stringContaining('finished first'),
    });
    expect((await callDetails(url, id)).status).toBe('COMPLETED');
  });

  it('says that it has failed', async () => {
    const { id } = await generateToEnd(url, { prompt: 'a boat [sim:moderation-input]' });
    expect(await cancel(id)).toMatchObject({ __typename: 'NotCancellableError' });
    expect((await callDetails(url, id)).status).toBe('FAILED');
  });
});

describe('an id', () => {
  it('that names no call is told from one that is no id', async () => {
    const unknown = Buffer.from('GenerationCall:01a20904-0000-7000-8000-000000000000').toString('base64');
    expect(await cancel(unknown)).toMatchObject({ __typename: 'NotFoundError', field: 'callId' });
    expect(await cancel('nonsense')).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'callId' }],
    });
  });
});
