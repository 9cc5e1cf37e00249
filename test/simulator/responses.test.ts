/** The Responses API of the simulator, used by the official client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/simulator.ts';
import {
  collect,
  distance,
  errorOf,
  finalOf,
  itemIdOf,
  MODEL,
  partialsOf,
  pictureOf,
  simulate,
  stream,
  tool,
} from './support.ts';

describe('a streamed picture', () => {
  it('comes in the order that was recorded from the upstream', async () => {
    const { client } = await simulate();
    const events = await stream(client, 'a boat', { partial_images: 2 });
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.image_generation_call.in_progress',
      'response.image_generation_call.generating',
      'response.image_generation_call.partial_image',
      'response.image_generation_call.partial_image',
      'response.image_generation_call.completed',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  });

  it('has the same result in the item and in the completed response, and counts its tokens', async () => {
    const { client } = await simulate();
    const events = await stream(client, 'a boat', { partial_images: 1, quality: 'low', size: '1024x1024' });
    const last = events.at(-1);
    if (last?.type !== 'response.completed') throw new Error('not completed');
    expect(pictureOf(last.response).equals(finalOf(events))).toBe(true);
    expect(last.response.tool_usage?.image_gen.output_tokens).toBe(700 + 100);
    expect(last.response.usage?.total_tokens).toBeGreaterThan(0);
    const item = last.response.output[0];
    expect(item).toMatchObject({ status: 'completed', action: 'generate', size: '1024x1024', quality: 'low' });
    expect(item?.type === 'image_generation_call' && item.revised_prompt).toContain('a boat');
  });

  it('has no result key when its item is added', async () => {
    const { client } = await simulate();
    const added = (await stream(client, 'a boat')).find((event) => event.type === 'response.output_item.added');
    expect(added?.item).not.toHaveProperty('result');
  });

  it('takes the time it is told to, by the option or by a marker', async () => {
    const { client } = await simulate({ durationMs: 600 });
    await stream(client, 'warm up [sim:duration=0]');
    const startedAt = performance.now();
    const moments: number[] = [];
    const events = await client.responses.create({
      model: MODEL,
      input: 'a boat',
      stream: true,
      tools: [tool({ partial_images: 1 })],
    });
    for await (const event of events) {
      if (event.type.endsWith('partial_image') || event.type === 'response.completed')
        moments.push(performance.now() - startedAt);
    }
    expect(moments[0]).toBeGreaterThan(300);
    expect(moments[0]).toBeLessThan(moments[1] ?? 0);
    expect(moments[1]).toBeGreaterThan(590);
    expect(moments[1]).toBeLessThan(5000);
  });

  it('stops the work when the client leaves', async () => {
    const { simulator, client } = await simulate({ durationMs: 5000 });
    const events = await client.responses.create({ model: MODEL, input: 'a boat', stream: true, tools: [tool()] });
    for await (const event of events) if (event.type === 'response.in_progress') break;
    await expect.poll(() => simulator.requests.stopped).toBe(1);
    expect(simulator.requests.pictures).toBe(0);
  });
});

describe('a plain create', () => {
  it('answers with the whole response, which can be retrieved and deleted', async () => {
    const { client, simulator } = await simulate();
    const made = await client.responses.create({ model: MODEL, input: 'a boat', tools: [tool()] });
    expect(made.status).toBe('completed');
    const again = await client.responses.retrieve(made.id);
    expect(pictureOf(again).equals(pictureOf(made))).toBe(true);
    await client.responses.delete(made.id);
    expect((await errorOf(client.responses.retrieve(made.id))).status).toBe(404);
    expect(simulator.requests).toMatchObject({ creates: 1, retrieves: 2, deletes: 1, pictures: 1 });
  });

  it('still gives the same bytes when many came after it', async () => {
    const { client } = await simulate();
    const first = await client.responses.create({ model: MODEL, input: 'a boat', tools: [tool()] });
    for (let index = 0; index < 60; index += 1) {
      await client.responses.create({ model: MODEL, input: 'x', tool_choice: 'none', tools: [tool()] });
    }
    expect(pictureOf(await client.responses.retrieve(first.id)).equals(pictureOf(first))).toBe(true);
  });

  it('answers in words when it has no tool to draw with', async () => {
    const { client } = await simulate();
    const made = await client.responses.create({ model: MODEL, input: 'a boat' });
    expect(made.output.map((item) => item.type)).toEqual(['message']);
    expect(made.output_text).not.toBe('');
  });
});

describe('a refinement', () => {
  it('resembles its parent and differs from it', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const parent = await client.responses.create({ model: MODEL, input: 'a river valley', tools: [tool()] });
    const child = await client.responses.create({
      model: MODEL,
      input: 'add snow',
      previous_response_id: parent.id,
      tools: [tool()],
    });
    const stranger = await client.responses.create({ model: MODEL, input: 'neon city at night', tools: [tool()] });
    const away = await distance(pictureOf(parent), pictureOf(child));
    expect(away).toBeGreaterThan(3);
    expect(away).toBeLessThan((await distance(pictureOf(parent), pictureOf(stranger))) / 2);
    expect(child.output[0]).toMatchObject({ action: 'edit' });
  });

  it('by the item alone gives the same picture as by the previous response', async () => {
    const { client } = await simulate();
    const parent = await client.responses.create({ model: MODEL, input: 'a river valley', tools: [tool()] });
    const named = [{ type: 'image_generation_call', id: itemIdOf(parent) }];
    const byResponse = await client.responses.create({
      model: MODEL,
      input: 'add snow',
      previous_response_id: parent.id,
      tools: [tool()],
    });
    const byItem = await client.responses.create({
      model: MODEL,
      tools: [tool()],
      // SAFETY: the SDK's input type requires a result and a status, which the upstream does not.
      input: [{ role: 'user', content: 'add snow' }, ...(named as [])],
    });
    expect(pictureOf(byItem).equals(pictureOf(byResponse))).toBe(true);
  });

  it('by bytes alone changes those bytes', async () => {
    const { client } = await simulate();
    const parent = await client.responses.create({ model: MODEL, input: 'a river valley', tools: [tool()] });
    const image_url = `data:image/webp;base64,${pictureOf(parent).toString('base64')}`;
    const child = await client.responses.create({
      model: MODEL,
      tools: [tool()],
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'make it night' },
            { type: 'input_image', image_url, detail: 'auto' },
          ],
        },
      ],
    });
    const away = await distance(pictureOf(parent), pictureOf(child));
    expect(away).toBeGreaterThan(5);
    expect(away).toBeLessThan(90);
    expect(child.tool_usage?.image_gen.input_tokens_details.image_tokens).toBe(640);
  });

  it('reaches back over turns that drew nothing', async () => {
    const { client } = await simulate({ art: 'detailed' });
    const parent = await client.responses.create({ model: MODEL, input: 'a river valley', tools: [tool()] });
    const words = await client.responses.create({ model: MODEL, input: 'thanks', previous_response_id: parent.id });
    const child = await client.responses.create({
      model: MODEL,
      input: 'add snow',
      previous_response_id: words.id,
      tools: [tool()],
    });
    expect(await distance(pictureOf(parent), pictureOf(child))).toBeLessThan(40);
  });

  it('is refused when what it names is not known', async () => {
    const { client } = await simulate();
    const create = (more: object) =>
      errorOf(client.responses.create({ model: MODEL, input: 'add snow', tools: [tool()], ...more }));
    expect(await create({ previous_response_id: 'resp_0' })).toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
      message: "400 Previous response with id 'resp_0' not found.",
    });
    expect(await create({ input: [{ type: 'image_generation_call', id: 'ig_0' }] })).toMatchObject({
      status: 404,
      param: 'input',
    });
    expect(await create({ tools: [tool({ action: 'edit' })] })).toMatchObject({
      status: 400,
      type: 'image_generation_user_error',
    });
    const unstored = await client.responses.create({ model: MODEL, input: 'a boat', store: false, tools: [tool()] });
    expect((await create({ previous_response_id: unstored.id })).code).toBe('previous_response_not_found');
  });
});

describe('a background response', () => {
  const create = { model: MODEL, input: 'a boat', background: true, tools: [tool({ partial_images: 2 })] };

  it('lives on when its client leaves, and resumes behind a sequence number', async () => {
    const { client, simulator } = await simulate({ durationMs: 500 });
    let id = '';
    let seen = -1;
    for await (const event of await client.responses.create({ ...create, stream: true })) {
      if (event.type === 'response.created') id = event.response.id;
      seen = event.sequence_number;
      if (event.type === 'response.image_generation_call.generating') break;
    }
    const rest = await collect(await client.responses.retrieve(id, { stream: true, starting_after: seen }));
    expect(rest[0]?.sequence_number).toBe(seen + 1);
    expect(partialsOf(rest)).toHaveLength(2);
    expect(rest.at(-1)?.type).toBe('response.completed');
    expect(simulator.requests).toMatchObject({ stopped: 0, pictures: 1, resumes: 1 });
    const tail = await collect(
      await client.responses.retrieve(id, { stream: true, starting_after: rest.at(-2)?.sequence_number ?? 0 }),
    );
    expect(tail.map((event) => event.type)).toEqual(['response.completed']);
  });

  it('is queued first, and is polled to its end', async () => {
    const { client } = await simulate({ durationMs: 200 });
    const queued = await client.responses.create(create);
    expect(queued.status).toBe('queued');
    await expect
      .poll(async () => (await client.responses.retrieve(queued.id)).status, { timeout: 5000 })
      .toBe('completed');
    expect(await errorOf(client.responses.retrieve(queued.id, { stream: true }))).toMatchObject({ status: 400 });
  });

  it('is cancelled as often as one likes, and its stream ends without an event for it', async () => {
    const { client, simulator } = await simulate({ durationMs: 5000 });
    const events = await client.responses.create({ ...create, stream: true });
    const types: string[] = [];
    for await (const event of events) {
      types.push(event.type);
      if (event.type !== 'response.in_progress') continue;
      const { id } = event.response;
      expect((await client.responses.cancel(id)).status).toBe('cancelled');
      expect((await client.responses.cancel(id)).status).toBe('cancelled');
    }
    expect(types.at(-1)).not.toBe('response.completed');
    await expect.poll(() => simulator.requests.stopped).toBe(1);
  });

  it('cannot be had without store, and nothing else can be cancelled', async () => {
    const { client } = await simulate();
    expect(await errorOf(client.responses.create({ ...create, store: false }))).toMatchObject({
      status: 400,
      param: 'background',
    });
    const plain = await client.responses.create({ model: MODEL, input: 'a boat', tools: [tool()] });
    expect(await errorOf(client.responses.cancel(plain.id))).toMatchObject({ status: 400 });
  });
});

describe('a request that is wrong', () => {
  it.each([
    [{ size: '1000x1000' }, 'tools[0].size'],
    [{ size: '4096x1024' }, 'tools[0].size'],
    [{ size: '3840x1024' }, 'tools[0].size'],
    [{ size: '512x512' }, 'tools[0].size'],
    [{ size: '1024x640', model: 'gpt-image-1.5' }, 'tools[0].size'],
    [{ partial_images: 4 }, 'tools[0].partial_images'],
    [{ output_format: 'bmp' }, 'tools[0].output_format'],
    [{ output_format: 'gif', partial_images: 1 }, 'tools[0].partial_images'],
    [{ background: 'transparent', output_format: 'jpeg' }, 'tools[0].background'],
    [{ quality: 'max', model: 'gpt-image-2' }, 'tools[0].quality'],
    [{ input_fidelity: 'high', model: 'gpt-image-2' }, 'tools[0].input_fidelity'],
    [{ model: 'gpt-image-1' }, 'tools[0].model'],
    [{ colour: 'red' }, 'tools[0].colour'],
  ])('is told which field: %j', async (options, param) => {
    const { client } = await simulate();
    // SAFETY: the type forbids the invalid value that is tested.
    const wrong = { ...tool(), ...options } as ReturnType<typeof tool>;
    const error = await errorOf(client.responses.create({ model: MODEL, input: 'a boat', tools: [wrong] }));
    expect(error).toMatchObject({ status: 400, param });
    expect(error.requestID).toMatch(/^req_/);
  });

  it('is refused without a key', async () => {
    const { simulator } = await simulate();
    const answer = await fetch(`${simulator.url}/responses`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', code: null, param: null } });
  });

  it('gets a 404 for a path that is not there, and a 400 for a body that is no JSON', async () => {
    const { simulator } = await simulate();
    const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
    expect((await fetch(`${simulator.url}/chat/completions`, { method: 'POST', headers, body: '{}' })).status).toBe(
      404,
    );
    expect((await fetch(`${simulator.url}/responses`, { method: 'POST', headers, body: '{' })).status).toBe(400);
  });
});

describe('a simulator', () => {
  it('tells of every request and of every event', async () => {
    const requests: string[] = [];
    const events: string[] = [];
    const { client } = await simulate({
      onRequest: ({ method, path }) => requests.push(`${method} ${path}`),
      onEvent: (event, request) => events.push(`${request.method} ${event.type}`),
    });
    const sent = await stream(client, 'a boat');
    expect(requests).toEqual(['POST /v1/responses']);
    expect(events).toEqual(sent.map((event) => `POST ${event.type}`));
  });

  it('closes at once though streams hang', async () => {
    const simulator = await startSimulator({ durationMs: 60_000 });
    const answer = await fetch(`${simulator.url}/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: JSON.stringify({ model: MODEL, input: 'a boat', stream: true, tools: [tool()] }),
    });
    expect(answer.status).toBe(200);
    const closed = await Promise.race([simulator.close().then(() => 'closed'), sleep(3000, 'hangs')]);
    expect(closed).toBe('closed');
    await answer.text().catch(() => '');
  });
});
