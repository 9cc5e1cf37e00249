/** Every scenario does what its description says. A scenario without a check here fails. */
import OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../src/simulator/scenarios/scenarios.ts';
import { FAILURE_CHECKS } from './failure-checks.ts';
import { inOrder, type Played, partials, play, playWarm, rejected, responseOf, resultIs } from './play.ts';
import { errorOf, finalOf, itemIdOf, MODEL, partialsOf, SMALL, simulate, tool } from './support.ts';

const CHECKS: Readonly<Record<string, (played: Played) => void | Promise<void>>> = {
  compatible: (played) => {
    expect(played.types).not.toContain('response.image_generation_call.completed');
    expect(finalOf(played.events).length).toBeGreaterThan(1000);
    expect(responseOf(played)).toMatchObject({ status: 'completed', output: [] });
    expect(played.events.find((event) => event.type === 'response.output_item.done')).toMatchObject({
      item: { status: 'generating' },
    });
  },
  'no-partials': partials(0),
  'fewer-partials': partials(1),
  'unasked-partial': partials(3),
  'no-image': (played) => {
    expect(responseOf(played).output.map((item) => item.type)).toEqual(['message']);
    expect(played.types).toContain('response.output_text.delta');
  },
  refusal: (played) => expect(responseOf(played).output).toMatchObject([{ content: [{ type: 'refusal' }] }]),
  'text-and-image': (played) => {
    expect(responseOf(played).output_text ?? JSON.stringify(responseOf(played).output)).toContain(
      'Here is the picture',
    );
    expect(finalOf(played.events).length).toBeGreaterThan(1000);
  },
  'two-images': async (played) => {
    const types = ['image_generation_call', 'image_generation_call', 'message'];
    expect(responseOf(played).output.map(({ type }) => type)).toEqual(types);
    expect(played.simulator.requests.pictures).toBe(2);
    const once = { model: MODEL, input: 'a boat [sim:two-images]', tools: [tool()], max_tool_calls: 1 };
    expect((await played.client.responses.create(once)).output.map(({ type }) => type)).toEqual(types.slice(1));
    expect(played.simulator.requests.pictures).toBe(3);
  },
  'moderation-input': rejected(400, { type: 'image_generation_user_error', code: 'moderation_blocked' }),
  'moderation-midstream': (played) => {
    expect(played.events.find((event) => event.type === 'response.output_item.done')).toMatchObject({
      item: {
        status: 'failed',
        result: null,
        error: {
          code: 'moderation_blocked',
          moderation_details: { moderation_stage: 'output', categories: ['violence'] },
        },
      },
    });
    expect(played.types.at(-1)).toBe('response.failed');
  },
  'error-event': ({ error, types }) => {
    expect(error).toMatchObject({ code: 'server_error', status: undefined });
    expect(types.at(-1)).toBe('response.image_generation_call.partial_image');
  },
  'http-400': rejected(400, { type: 'invalid_request_error' }),
  'http-401': rejected(401, { code: 'invalid_api_key' }),
  'http-403': rejected(403),
  'http-404-model': rejected(404, { code: 'model_not_found' }),
  'rate-limited': (played) => {
    rejected(429, { code: 'rate_limit_exceeded' })(played);
    expect(played.error instanceof OpenAI.APIError && played.error.headers?.get('retry-after')).toBe('2');
  },
  'rate-limited-once': async (played) => {
    rejected(429, { code: 'rate_limit_exceeded' })(played);
    const again = await played.client.responses.create({
      model: MODEL,
      input: 'a boat [sim:rate-limited-once]',
      tools: [tool()],
    });
    expect(again.status).toBe('completed');
  },
  quota: rejected(429, { code: 'insufficient_quota' }),
  'http-500': rejected(500, { code: 'server_error' }),
  'http-502-page': rejected(502),
  'http-503': rejected(503),
  'http-500-after-create': ({ error, simulator }) => {
    expect(error).toMatchObject({ status: 500 });
    expect(simulator.requests.pictures).toBe(1);
  },
  hang: ({ error, types }) => {
    expect(error).toBe('silence');
    expect(types).toEqual([]);
  },
  'hang-midstream': ({ error, events, simulator }) => {
    expect(error).toBe('silence');
    expect(partialsOf(events)).toHaveLength(1);
    expect(simulator.requests.pictures).toBe(0);
  },
  'stuck-queued': async ({ types, error }) => {
    expect(types).toEqual(['response.created']);
    expect(error).toBe('silence');
    const inBackground = await play('a boat [sim:stuck-queued]', { background: true });
    expect(inBackground.types).toEqual(['response.created', 'response.queued']);
    expect((await inBackground.client.responses.retrieve(responseOf(inBackground).id)).status).toBe('queued');
  },
  slow: async () => {
    const slow = await playWarm('a boat [sim:duration=100] [sim:slow]');
    expect(slow.types.at(-1)).toBe('response.completed');
    expect(slow.elapsedMs).toBeGreaterThan(490);
  },
  'cut-midstream': ({ error, types, events }) => {
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('terminated');
    expect(partialsOf(events)).toHaveLength(2);
    expect(types.at(-1)).toBe('response.image_generation_call.completed');
  },
  truncated: ({ error, types }) => {
    expect(error).toBeNull();
    expect(types.at(-1)).toBe('response.image_generation_call.partial_image');
  },
  'truncated-after-image': ({ error, types, events }) => {
    expect(error).toBeNull();
    expect(types.at(-1)).toBe('response.output_item.done');
    expect(finalOf(events).length).toBeGreaterThan(1000);
  },
  'duplicate-sequence': ({ events }) => {
    const numbers = events.map((event) => event.sequence_number);
    expect(numbers.length - new Set(numbers).size).toBe(3);
  },
  'reordered-sequence': ({ events }) => {
    const numbers = events.map((event) => event.sequence_number);
    expect(numbers).not.toEqual([...numbers].sort((a, b) => a - b));
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers.map((_, index) => index));
  },
  keepalive: (played) => {
    inOrder(played);
    expect(played.types.filter((type) => String(type) === 'keepalive').length).toBeGreaterThan(2);
  },
  'not-a-picture': resultIs((result) =>
    expect(Buffer.from(result, 'base64').toString('utf8')).toContain('words and no picture'),
  ),
  'bad-base64': resultIs((result) => expect(result).not.toMatch(/^[A-Za-z0-9+/=]*$/)),
  'empty-result': resultIs((result) => expect(result).toBe('')),
  'huge-line': async ({ events }) => {
    expect(finalOf(events).length).toBeGreaterThan(32 * 1024 * 1024);
    expect((await sharp(finalOf(events)).metadata()).width).toBe(1024);
  },
  'late-result': (played) => {
    resultIs((result) => expect(result).toBe('null'))(played);
    expect(responseOf(played).output[0]).toMatchObject({ result: expect.stringMatching(/^UklGR/) });
  },
  'wrong-size': async ({ events }) => {
    expect(await sharp(finalOf(events)).metadata()).toMatchObject({ width: 512, height: 320 });
    expect(events.find((event) => event.type === 'response.output_item.done')).toMatchObject({
      item: { size: '512x320' },
    });
  },
  forget: async (played) => {
    const { client } = played;
    expect(played.types.at(-1)).toBe('response.completed');
    const { id } = responseOf(played);
    const refine = client.responses.create({
      model: MODEL,
      input: 'add snow',
      previous_response_id: id,
      tools: [tool()],
    });
    expect(await errorOf(refine)).toMatchObject({ status: 400, code: 'previous_response_not_found' });
    expect(await errorOf(client.responses.retrieve(id))).toMatchObject({ status: 404 });
  },
  reasoning: async (played) => {
    inOrder(played);
    const response = responseOf(played);
    expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'image_generation_call', 'message']);
    const named = { type: 'image_generation_call', id: itemIdOf(response) };
    const refine = (items: readonly object[]) =>
      played.client.responses.create({
        model: MODEL,
        tools: [tool()],
        // SAFETY: the SDK's input type requires a result and a status, which the upstream does not.
        input: [...(items as []), { role: 'user', content: 'add snow' }],
      });
    expect(await errorOf(refine([named]))).toMatchObject({
      status: 400,
      message: expect.stringContaining("without its required 'reasoning' item"),
    });
    expect((await refine([{ type: 'reasoning', id: response.output[0]?.id, summary: [] }, named])).status).toBe(
      'completed',
    );
  },
  'fewer-pictures': async ({ client, types }) => {
    // The Responses API has no n.
    expect(types.at(-1)).toBe('response.completed');
    const ask = { model: 'gpt-image-2', ...SMALL, prompt: 'a boat [sim:fewer-pictures]' };
    expect((await client.images.generate({ ...ask, n: 3 })).data).toHaveLength(2);
    expect((await client.images.generate(ask)).data).toEqual([]);
  },
  'forget-files': async ({ client }) => {
    const upload = async () => {
      const file = new File([new Uint8Array(9)], 'a.png');
      return (await client.files.create({ file, purpose: 'vision' })).id;
    };
    const create = (words: string) => client.responses.create({ model: MODEL, input: words, tools: [tool()] });
    const id = await upload();
    await create('a boat');
    expect((await client.files.retrieve(id)).bytes).toBe(9);
    await create('a boat [sim:forget-files] [sim:failed]');
    expect((await client.files.retrieve(id)).bytes).toBe(9);
    await create('a boat [sim:forget-files]');
    expect((await errorOf(client.files.retrieve(id))).status).toBe(404);
    const other = await upload();
    await client.images.generate({ model: 'gpt-image-2', ...SMALL, prompt: 'a boat [sim:forget-files]' });
    expect((await errorOf(client.files.retrieve(other))).status).toBe(404);
  },
  'rewrites-anyway': async ({ client }) => {
    const instructions = 'Hand on the prompt word for word.';
    const revised = async (input: string) => {
      const { output } = await client.responses.create({ model: MODEL, instructions, input, tools: [tool()] });
      return output[0]?.type === 'image_generation_call' ? output[0].revised_prompt : null;
    };
    expect(await revised('a  boat')).toBe('a  boat');
    expect(await revised('a boat [sim:rewrites-anyway]')).toMatch(/.{20}a boat\..{20}/);
  },
  'cached-usage': (played) => {
    const { usage, tool_usage } = responseOf(played);
    expect(usage?.input_tokens_details.cached_tokens).toBe(1024);
    expect(tool_usage?.image_gen).toMatchObject({
      cached_tokens: 1,
      cached_tokens_details: { cached_text_tokens: 1, cached_image_tokens: 0 },
    });
  },
  ...FAILURE_CHECKS,
  'no-usage': (played) => {
    expect(responseOf(played)).not.toHaveProperty('tool_usage');
    expect(responseOf(played)).not.toHaveProperty('usage');
  },
  'no-revised-prompt': (played) => expect(responseOf(played).output[0]).not.toHaveProperty('revised_prompt'),
  'resume-without-partials': async () => {
    const played = await play('a boat [sim:resume-without-partials]', { background: true });
    expect(partialsOf(played.events)).toHaveLength(2);
    const again: ResponseStreamEvent[] = [];
    const resumed = await played.client.responses.retrieve(responseOf(played).id, { stream: true, starting_after: 2 });
    for await (const event of resumed) again.push(event);
    expect(partialsOf(again)).toHaveLength(0);
    expect(finalOf(again).equals(finalOf(played.events))).toBe(true);
  },
  'retrieve-without-result': async (played) => {
    const again = await played.client.responses.retrieve(responseOf(played).id);
    expect(again.output[0]).toMatchObject({ type: 'image_generation_call', result: null });
  },
  crlf: async (played) => {
    inOrder(played);
    const answer = await fetch(`${played.simulator.url}/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      body: JSON.stringify({ model: MODEL, input: 'Кошка [sim:crlf]', stream: true, tools: [tool()] }),
    });
    const text = await answer.text();
    expect(text).toContain('Кошка');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  },
  'tiny-chunks': inOrder,
};

describe('scenario', () => {
  it.each(Object.keys(SCENARIOS))('%s does what it says', async (name) => {
    const check = CHECKS[name];
    if (check === undefined) throw new Error(`no check for ${name}`);
    await check(await play(`a boat [sim:${name}]`));
  });

  it('that is unknown is answered with the known ones', async () => {
    const { client } = await simulate();
    const error = await errorOf(
      client.responses.create({ model: MODEL, input: 'a boat [sim:nonsense]', tools: [tool()] }),
    );
    expect(error.status).toBe(400);
    for (const name of Object.keys(SCENARIOS)) expect(error.message).toContain(name);
  });

  it('of the simulator holds for every request, and a marker in the prompt wins', async () => {
    const { client } = await simulate({ scenario: 'quota' });
    expect(await errorOf(client.responses.create({ model: MODEL, input: 'a boat', tools: [tool()] }))).toMatchObject({
      code: 'insufficient_quota',
    });
    expect(
      await errorOf(client.responses.create({ model: MODEL, input: 'a boat [sim:http-503]', tools: [tool()] })),
    ).toMatchObject({ status: 503 });
    await expect(simulate({ scenario: 'nonsense' })).rejects.toThrow('nonsense');
  });

  it('is joined with another by two markers', async () => {
    const played = await play('a boat [sim:reasoning] [sim:no-partials]');
    expect(responseOf(played).output[0]?.type).toBe('reasoning');
    expect(partialsOf(played.events)).toHaveLength(0);
  });

  it.each(['truncated', 'cut-midstream'])('%s breaks off a plain create, too', async (name) => {
    const { client } = await simulate();
    const create = client.responses.create({ model: MODEL, input: `a boat [sim:${name}]`, tools: [tool()] });
    await expect(create).rejects.toThrow();
  });
});
