/** The options of gpt-image-2.5 and 2.6 in both APIs: which requests are refused, and what the others report. */
import type OpenAI from 'openai';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RecordedRequest } from '../../src/simulator/simulator.ts';
import { errorOf, MODEL, simulate, tool } from './support.ts';

type Fields = Readonly<Record<string, unknown>>;

const LATEST = 'gpt-image-2.6-sunburst';
const MASK = { image_url: 'data:image/png;base64,AAAA' };

/** Refused by both APIs, with the field that the error names. */
const REFUSED: readonly (readonly [Fields, string])[] = [
  [{ complexity: 'extreme' }, 'complexity'],
  [{ complexity: 'low', model: 'gpt-image-2.5-sunburst' }, 'complexity'],
  [{ complexity: 'medium', model: 'gpt-image-2' }, 'complexity'],
  [{ complexity: 'high', model: 'gpt-image-1.5', size: '1024x1024' }, 'complexity'],
  [{ output_format: 'gif', frame_count: 1 }, 'frame_count'],
  [{ output_format: 'gif', frame_count: 17 }, 'frame_count'],
  [{ output_format: 'gif', frame_count: 2.5 }, 'frame_count'],
  [{ output_format: 'gif', frame_duration_ms: 0 }, 'frame_duration_ms'],
  [{ output_format: 'png', frame_count: 4 }, 'frame_count'],
  [{ output_format: 'webp', frame_duration_ms: 100 }, 'frame_duration_ms'],
  [{ output_format: 'gif', partial_images: 1 }, 'partial_images'],
  [{ output_format: 'gif', output_compression: 100 }, 'output_compression'],
  [{ output_format: 'gif', svg: {} }, 'svg'],
  [{ output_format: 'gif', background: 'transparent' }, 'background'],
  [{ output_format: 'gif', model: 'gpt-image-2' }, 'output_format'],
  [{ output_format: 'svg', model: 'gpt-image-2' }, 'output_format'],
  [{ output_format: 'png', svg: { model: 'gpt-5.5' } }, 'svg'],
  [{ output_format: 'svg', frame_count: 4 }, 'frame_count'],
  [{ output_format: 'svg', svg: 'gpt-5.5' }, 'svg'],
  [{ output_format: 'svg', svg: { model: 'gpt-image-2' } }, 'svg.model'],
  [{ output_format: 'svg', svg: { effort: 'low' } }, 'svg.effort'],
  [{ output_format: 'svg', svg: { reasoning: { effort: 'huge' } } }, 'svg.reasoning.effort'],
];
const REFUSED_BY_IMAGES: readonly (readonly [Fields, string])[] = [
  [{ output_format: 'gif', stream: true }, 'stream'],
  [{ output_format: 'svg', stream: true }, 'stream'],
  [{ output_format: 'svg', n: 2 }, 'n'],
  [{ output_format: 'svg', partial_images: 1 }, 'partial_images'],
  [{ output_format: 'svg', output_compression: 0 }, 'output_compression'],
  [{ markup: MASK }, 'markup'],
];

const generate = (client: OpenAI, fields: Fields) =>
  client.post<OpenAI.ImagesResponse>('/images/generations', {
    body: { prompt: 'a boat', model: LATEST, size: '1024x640', output_format: 'webp', ...fields },
  });

function respond(client: OpenAI, options: Fields, more: Fields = {}) {
  // SAFETY: the type forbids the invalid values that are tested.
  const drawing = { ...tool(), ...options } as ReturnType<typeof tool>;
  return client.responses.create({ model: MODEL, input: 'a boat', tools: [drawing], ...more, stream: false });
}

function itemOf(response: OpenAI.Responses.Response) {
  const item = response.output.find((each) => each.type === 'image_generation_call');
  if (item === undefined) throw new Error('no picture item');
  return item;
}

describe('a refused option', () => {
  it.each(REFUSED)('%j is named by the Responses API', async (options, param) => {
    const { client, simulator } = await simulate();
    expect(await errorOf(respond(client, options))).toMatchObject({ status: 400, param: `tools[0].${param}` });
    expect(simulator.requests.pictures).toBe(0);
  });

  it.each([...REFUSED, ...REFUSED_BY_IMAGES])('%j is named by the Image API', async (options, param) => {
    const { client, simulator } = await simulate();
    expect(await errorOf(generate(client, options))).toMatchObject({ status: 400, param });
    expect(simulator.requests.pictures).toBe(0);
  });

  it.each([
    [{ output_format: 'gif', input_image_mask: MASK }, 'input_image_mask'],
    [{ markup: MASK }, 'markup'],
  ])('%j is named by the Responses API alone', async (options, param) => {
    const { client } = await simulate();
    expect(await errorOf(respond(client, options))).toMatchObject({ status: 400, param: `tools[0].${param}` });
  });
});

describe('an absent option', () => {
  it('may be null, too', async () => {
    const { client } = await simulate();
    const empty = { complexity: null, frame_count: null, frame_duration_ms: null, svg: null, output_compression: null };
    await generate(client, { ...empty, output_format: 'gif' });
    expect((await respond(client, { ...empty, output_format: 'svg' })).status).toBe('completed');
  });
});

describe('complexity', () => {
  it('changes the tokens in both APIs, and follows the reasoning effort where it is left out', async () => {
    const { client } = await simulate();
    const large = { size: '1024x1024', quality: 'low' };
    const byImages = async (complexity: string) =>
      (await generate(client, { ...large, complexity })).usage?.output_tokens;
    const byTool = async (options: Fields, more: Fields = {}) =>
      (await respond(client, { ...large, ...options }, more)).tool_usage?.image_gen.output_tokens;
    expect([await byImages('low'), await byImages('medium'), await byImages('high')]).toEqual([560, 700, 980]);
    expect([await byTool({ complexity: 'low' }), await byTool({}), await byTool({ complexity: 'high' })]).toEqual([
      560, 700, 980,
    ]);
    expect(await byTool({}, { reasoning: { effort: 'high' } })).toBe(980);
    expect(await byTool({ complexity: 'low' }, { reasoning: { effort: 'high' } })).toBe(560);
    expect(await byTool({ model: 'gpt-image-2.5-flare' }, { reasoning: { effort: 'high' } })).toBe(200);
  });

  it('takes more time when it is high, and less when it is low', async () => {
    const { client } = await simulate({ durationMs: 400 });
    await generate(client, { prompt: 'warm up [sim:duration=0]' });
    const elapsed = async (complexity: string) => {
      const startedAt = performance.now();
      await generate(client, { complexity });
      return performance.now() - startedAt;
    };
    const [low, high] = [await elapsed('low'), await elapsed('high')];
    expect(low).toBeGreaterThanOrEqual(275);
    expect(high).toBeGreaterThanOrEqual(595);
  });
});

describe('gpt-image-2.6', () => {
  it.each([
    ['low', 3.5],
    ['medium', 3],
    ['high', 1],
  ])('uses at quality %s %d times the tokens of 2.5', async (quality, times) => {
    const { client } = await simulate();
    const tokens = async (model: string) =>
      (await generate(client, { model, quality, size: '1024x1024' })).usage?.output_tokens ?? 0;
    expect(await tokens(LATEST)).toBe((await tokens('gpt-image-2.5-sunburst')) * times);
  });
});

describe('svg_usage', () => {
  const svg = { model: 'gpt-5.4-mini', reasoning: { effort: 'medium' } };
  const medium = { input_tokens: 1572, output_tokens: 1437, reasoning_tokens: 680, total_tokens: 3009 };

  it('is on the item, and on the answer of the Image API, for the model that wrote it', async () => {
    const { client } = await simulate();
    const asked = { output_format: 'svg', svg };
    expect(itemOf(await respond(client, asked)).svg_usage).toEqual({ ...medium, model: 'gpt-5.4-mini' });
    expect((await generate(client, asked)).svg_usage).toEqual({ ...medium, model: 'gpt-5.4-mini' });
  });

  it('names the outer model when none is asked for', async () => {
    const { client } = await simulate();
    expect(itemOf(await respond(client, { output_format: 'svg' })).svg_usage).toEqual({ ...medium, model: MODEL });
    expect((await generate(client, { output_format: 'svg' })).svg_usage?.model).toBe('gpt-5.5');
  });

  it('grows with the effort, and is not there for other formats or in the scenario no-usage', async () => {
    const { client } = await simulate();
    const totals: number[] = [];
    for (const effort of ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']) {
      const made = await generate(client, { output_format: 'svg', svg: { model: 'gpt-5.5', reasoning: { effort } } });
      totals.push(made.svg_usage?.total_tokens ?? 0);
    }
    expect(totals).toEqual([...totals].sort((one, other) => one - other));
    expect(new Set(totals).size).toBe(7);
    expect(await generate(client, {})).not.toHaveProperty('svg_usage');
    expect(itemOf(await respond(client, {}))).not.toHaveProperty('svg_usage');
    const silent = await respond(client, { output_format: 'svg' }, { input: 'a boat [sim:no-usage]' });
    expect(itemOf(silent)).not.toHaveProperty('svg_usage');
  });
});

describe('the echoed tool', () => {
  it('shows the options that hold, with their defaults', async () => {
    const { client } = await simulate();
    const gif = await respond(client, { output_format: 'gif', frame_duration_ms: 104, complexity: 'low' });
    expect(gif.tools[0]).toMatchObject({ frame_count: 9, frame_duration_ms: 100, complexity: 'low' });
    const svg = await respond(client, { output_format: 'svg' });
    expect(svg.tools[0]).toMatchObject({ svg: { model: MODEL, reasoning: { effort: 'medium' } } });
    expect(svg.tools[0]).not.toHaveProperty('frame_count');
    expect(svg.tools[0]).not.toHaveProperty('complexity');
  });
});

describe('a form', () => {
  it('carries the options as fields', async () => {
    const requests: RecordedRequest[] = [];
    const { client } = await simulate({ onRequest: (request) => requests.push(request) });
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    const image = new File([new Uint8Array(picture)], 'a.png', { type: 'image/png' });
    const asked = { image, prompt: 'add snow', model: LATEST, size: '1024x1024' } as const;
    const svg = { model: 'gpt-5.4', reasoning: { effort: 'high' } } as const;
    const made = await client.images.edit({ ...asked, output_format: 'svg', complexity: 'high', svg });
    expect(made.svg_usage).toMatchObject({ model: 'gpt-5.4', reasoning_tokens: 1900 });
    expect(requests.at(-1)?.body).toMatchObject({ complexity: 'high', svg });
    await client.images.edit({ ...asked, output_format: 'gif', frame_count: 3, frame_duration_ms: 120 });
    expect(requests.at(-1)?.body).toMatchObject({ frame_count: 3, frame_duration_ms: 120 });
    expect(await errorOf(client.images.edit({ ...asked, output_format: 'gif', frame_count: 1 }))).toMatchObject({
      status: 400,
      param: 'frame_count',
    });
  });
});
