/** `background_options`: responses that wait for hours at the upstream, and for seconds here. */
import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { errorOf, MODEL, pictureOf, simulate, tool } from './support.ts';

type Fields = Readonly<Record<string, unknown>>;

const within = (completion_window: '2h' | '8h' | 'soonest', more: Fields = {}) => ({
  background: true,
  background_options: { completion_window },
  ...more,
});

const create = (client: OpenAI, more: Fields) =>
  client.post<OpenAI.Responses.Response>('/responses', {
    body: { model: MODEL, input: 'a boat', tools: [tool()], ...more },
  });

/** Polls until the end. @returns every status in turn, and the time since `startedAt` */
async function untilEnd(client: OpenAI, id: string, startedAt: number) {
  const statuses: string[] = [];
  for (;;) {
    const response = await client.responses.retrieve(id);
    if (response.status !== statuses.at(-1)) statuses.push(response.status ?? '');
    if (response.status !== 'queued' && response.status !== 'in_progress') {
      return { response, statuses, elapsedMs: performance.now() - startedAt };
    }
    await sleep(10);
  }
}

describe('a completion window', () => {
  it.each([
    ['soonest', 1],
    ['2h', 2],
    ['8h', 4],
  ] as const)('of %s lasts %d drawing times, and ends with the picture', async (window, times) => {
    const { client, simulator } = await simulate({ durationMs: 150 });
    const startedAt = performance.now();
    const created = await create(client, within(window));
    expect(created).toMatchObject({ status: 'queued', background: true });
    const { response, statuses, elapsedMs } = await untilEnd(client, created.id, startedAt);
    expect(elapsedMs).toBeGreaterThanOrEqual(150 * times - 5);
    if (window !== 'soonest') expect(statuses).toEqual(['queued', 'in_progress', 'completed']);
    expect(pictureOf(response).length).toBeGreaterThan(100);
    expect(simulator.requests).toMatchObject({ creates: 1, pictures: 1 });
  });

  it('has no stream, though one is asked for later', async () => {
    const { client } = await simulate();
    const { id } = await create(client, within('2h'));
    expect(await errorOf(client.responses.retrieve(id, { stream: true }))).toMatchObject({
      status: 400,
      param: 'stream',
    });
  });

  it('is cancelled while it is queued, and draws nothing', async () => {
    const { client, simulator } = await simulate({ durationMs: 5000 });
    const { id } = await create(client, within('8h'));
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    expect((await client.responses.cancel(id)).status).toBe('cancelled');
    expect((await client.responses.retrieve(id)).status).toBe('cancelled');
    await expect.poll(() => simulator.requests.stopped).toBe(1);
    expect(simulator.requests.pictures).toBe(0);
  });

  it('can be refined like any other', async () => {
    const { client } = await simulate({ durationMs: 20 });
    const { id } = await create(client, within('2h'));
    await untilEnd(client, id, performance.now());
    const child = await create(client, { input: 'add snow', previous_response_id: id });
    expect(child.output[0]).toMatchObject({ action: 'edit' });
  });

  it.each([
    [{ background_options: { completion_window: '2h' } }, 'background_options'],
    [within('8h', { background: false }), 'background_options'],
    [within('2h', { stream: true }), 'background_options.completion_window'],
    [within('8h', { service_tier: 'flex' }), 'background_options.completion_window'],
    [within('2h', { store: false }), 'background'],
    [{ background: true, background_options: { completion_window: '1h' } }, 'background_options.completion_window'],
    [{ background: true, background_options: { continuation_id: 7 } }, 'background_options.continuation_id'],
    [{ background: true, background_options: { window: '2h' } }, 'background_options.window'],
    [{ background: true, background_options: '2h' }, 'background_options'],
  ])('is refused as %j, which names %s', async (fields, param) => {
    const { client, simulator } = await simulate();
    expect(await errorOf(create(client, fields))).toMatchObject({ status: 400, param });
    expect(simulator.requests.pictures).toBe(0);
  });

  it('takes a continuation id, and streams what is wanted soonest', async () => {
    const { client } = await simulate();
    const options = { completion_window: 'soonest', continuation_id: 'album-7' };
    expect((await create(client, { background: true, background_options: options })).status).toBe('queued');
    const answer = await create(client, within('soonest', { stream: true })).asResponse();
    expect(await answer.text()).toContain('event: response.completed');
  });
});
