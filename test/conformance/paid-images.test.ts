/**
 * Kind 14: the cost of a call is never null, and never smaller than what was surely bought, while an image is there. Also
 * what the model costs that writes an SVG.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, order, orderedCall, orderToEnd } from '../api/orders.ts';
import { eventually, picture, watchToEnd } from '../api/steps.ts';
import { startProcessAt, startServerAt, upTo } from '../api/upstreams.ts';
import { ViewerBudgets } from '../support/budget-documents.ts';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import {
  base64,
  type Json,
  jsonReply,
  type RecordedRequest,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';

const OPTIONS = { model: 'gpt-image-2', quality: 'MEDIUM', size: '1024x1024', partialImages: 0 } as const;
/** An estimate of the words is 1802 * 0.75 + 122 * 4.50, and of the image 2 * 5 + 1767 * 30, by a million. */
const INPUT = { prompt: 'a kite', options: OPTIONS };
const WORDS: Json = { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 };
const NOTHING: Json = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="teal"/></svg>',
);

let script: (request: RecordedRequest) => Reply;
let bytes: Buffer;
let upstream: ScriptedUpstream;
let responses: RunningServer;
let images: RunningServer;
beforeAll(async () => {
  bytes = await picture('teal');
  upstream = await startScriptedUpstream((request) => script(request));
  const env = { OPENAI_MODEL: 'gpt-5.4-mini' };
  [responses, images] = await Promise.all([
    startServerAt(upstream, { env }),
    startServerAt(upstream, { env: { ...env, UPSTREAM_API: 'images' } }),
  ]);
});
afterAll(async () => {
  await Promise.all([responses, images].map((each) => each[Symbol.asyncDispose]()));
  await upstream.close();
});

const drawn = (output: number): Json => ({ image_gen: { input_tokens: 20, output_tokens: output } });

function eventsOf(report: Json, { partials = 0, item = {}, file = bytes } = {}): readonly Json[] {
  const previews = Array.from({ length: partials }, () => bytes);
  return recordedEvents({ pictures: [{ bytes: file, partials: previews, itemId: 'ig_1', item }] }).map((event) => {
    if (event['type'] !== 'response.completed') return event;
    return { ...event, response: { ...Object(event['response']), model: 'gpt-5.4-mini', ...report } };
  });
}

async function started(url: string, input: Parameters<typeof order>[1]): Promise<string> {
  const answer = await order(url, input);
  if (answer.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(answer));
  return answer.call.id;
}

describe('a report of fewer tokens than what arrived', () => {
  const options = { ...OPTIONS, partialImages: 3 };

  it.each<[string, Json, 'REPORTED' | 'ESTIMATED', string]>([
    // 20 * 5 + 400 * 30 and the words, 0.0012.
    ['as many as three partial images and an image cost', drawn(400), 'REPORTED', '0.0133'],
    // 20 * 5 + (1767 + 300) * 30 and the words.
    ['fewer than that', drawn(399), 'ESTIMATED', '0.06331'],
    ['fewer than the partial images alone', drawn(272), 'ESTIMATED', '0.06331'],
    // 2 * 5 + (1767 + 300) * 30 and the words.
    ['none', { image_gen: NOTHING }, 'ESTIMATED', '0.06322'],
  ])('%s', async (_, toolUsage, basis, amount) => {
    script = () => streamReply(eventsOf({ usage: WORDS, tool_usage: toolUsage }, { partials: 3 }));
    const { call } = await orderToEnd(responses.url, { ...INPUT, options });
    expect(call.cost).toMatchObject({ amount, basis, complete: true });
  });

  it('is believed where nothing arrived', async () => {
    const failed = { id: 'resp_1', status: 'failed', error: { code: 'server_error' }, output: [], usage: NOTHING };
    const report = { ...failed, tool_usage: { image_gen: NOTHING } };
    script = () => streamReply([...eventsOf({}).slice(0, 2), { type: 'response.failed', response: report }]);
    const { call } = await orderToEnd(responses.url, INPUT);
    expect(call).toMatchObject({ status: 'FAILED', cost: null });
  });
});

describe('what ended badly', () => {
  it('has cost its image although an error followed', async () => {
    const events = upTo(eventsOf({}), ({ type, item }) => {
      return type === 'response.output_item.done' && Object(item).type === 'image_generation_call';
    });
    const failed = { id: 'resp_1', model: 'gpt-5.4-mini', status: 'failed', error: { code: 'server_error' } };
    const response = { ...failed, output: [], usage: NOTHING };
    script = () => streamReply([...events, { type: 'response.failed', response }]);
    const { call } = await orderToEnd(responses.url, INPUT);
    expect(call).toMatchObject({ status: 'COMPLETED', images: [{}] });
    expect(call.cost).toMatchObject({ amount: '0.0549205', basis: 'ESTIMATED', complete: true });
  });

  it('has cost its partial images although zeros are reported', async () => {
    const events = upTo(eventsOf({}, { partials: 2 }), ({ partial_image_index: index }) => index === 1);
    const ended = { id: 'resp_1', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    const response = {
      ...ended,
      model: 'gpt-5.4-mini',
      output: [],
      usage: NOTHING,
      tool_usage: { image_gen: NOTHING },
    };
    script = () => streamReply([...events, { type: 'response.incomplete', response }]);
    const { call } = await orderToEnd(responses.url, { ...INPUT, options: { ...OPTIONS, partialImages: 2 } });
    // 0.0019005, and 2 * 5 + 200 * 30.
    expect(call.cost).toMatchObject({ amount: '0.0079105', basis: 'ESTIMATED', complete: true });
  });

  it('has cost the images of a document that was cut', async () => {
    const two = JSON.stringify({ data: [{ b64_json: base64(bytes) }, { b64_json: base64(bytes) }] });
    const headers = { 'content-type': 'application/json' };
    script = () => ({ headers, writes: [two.slice(0, two.lastIndexOf('"b64_json"') + 20)], ending: 'destroy' });
    const { call } = await orderToEnd(images.url, { ...INPUT, count: 2 });
    expect(call).toMatchObject({ status: 'COMPLETED', images: [{}] });
    // Both may have been made: 2 * 5 + 2 * 1767 * 30.
    expect(call.cost).toMatchObject({ amount: '0.10603', basis: 'ESTIMATED', complete: true });
  });
});

it('a budget has spent the same as the call has cost', async () => {
  await using limited = await startServerAt(upstream, { env: { OPENAI_MODEL: 'gpt-5.4-mini', BUDGET_PER_DAY: '1' } });
  script = () => streamReply(eventsOf({ usage: NOTHING, tool_usage: { image_gen: NOTHING } }));
  const { call } = await orderToEnd(limited.url, INPUT);
  expect(call.cost?.amount).toBe('0.0549205');
  const { viewer } = await data(limited.url, ViewerBudgets, {});
  expect(viewer.budgets).toMatchObject([{ spent: '0.0549205', reserved: '0' }]);
  expect(viewer.cost.amount).toBe('0.0549205');
});

describe('while a call runs', () => {
  it('its image has a cost as soon as it is there, and the report replaces it', async () => {
    const events = eventsOf({ usage: WORDS, tool_usage: drawn(196) });
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    async function* writes() {
      for (const event of events) {
        if (event['type'] === 'response.completed') await finished;
        yield sse(event);
      }
    }
    script = () => ({ writes: writes() });
    const id = await started(responses.url, INPUT);
    const running = await eventually('the image', async () => {
      const call = await orderedCall(responses.url, id);
      return call.images.length > 0 ? call : undefined;
    });
    expect(running).toMatchObject({ status: 'IN_PROGRESS', usage: null });
    expect(running.cost).toMatchObject({ amount: '0.0549205', basis: 'ESTIMATED', complete: true });
    expect(running.conversation.cost.amount).toBe('0.0549205');
    finish();
    await watchToEnd(responses.url, id);
    expect((await orderedCall(responses.url, id)).cost).toMatchObject({ amount: '0.00718', basis: 'REPORTED' });
  });

  it('a cancellation leaves the cost of what arrived before it', async () => {
    const events = upTo(eventsOf({}, { partials: 1 }), ({ type }) => String(type).endsWith('.partial_image'));
    script = () => streamReply(events, { ending: 'hang' });
    const id = await started(responses.url, { ...INPUT, options: { ...OPTIONS, partialImages: 1 } });
    await eventually('the partial image', async () => {
      const { partialImages } = await orderedCall(responses.url, id);
      return partialImages.length > 0 ? true : undefined;
    });
    await data(responses.url, CancelGeneration, { input: { callId: id } });
    await watchToEnd(responses.url, id);
    // In full: 0.0019005, and 2 * 5 + 1867 * 30.
    expect((await orderedCall(responses.url, id)).cost).toMatchObject({ amount: '0.0579205', basis: 'ESTIMATED' });
  });
});

it('a response that is asked about later has cost the partial images that had arrived, whatever it reports', async () => {
  let look: Reply = { status: 500 };
  const before = upTo(eventsOf({}, { partials: 2 }), ({ partial_image_index: index }) => index === 1);
  const lost = await startScriptedUpstream(({ method }) =>
    method === 'GET' ? look : streamReply(before, { ending: 'destroy' }),
  );
  const env = { UPSTREAM_BACKGROUND: 'on', GENERATION_TIMEOUT_MS: '1000', OPENAI_MODEL: 'gpt-5.4-mini' };
  await using server = await startProcessAt(lost, { env });
  const { call } = await orderToEnd(server.url, { ...INPUT, options: { ...OPTIONS, partialImages: 2 } });
  expect(call.failure?.code).toBe('OUTCOME_UNKNOWN');
  // In full: 0.0019005, and 2 * 5 + 1967 * 30.
  expect(call.cost).toMatchObject({ amount: '0.0609205', basis: 'ESTIMATED' });
  await server.stop();
  const ended = { id: 'resp_scripted', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  look = jsonReply({ ...ended, output: [], model: 'gpt-5.4-mini', usage: WORDS, tool_usage: { image_gen: NOTHING } });
  await using again = await startProcessAt(lost, { env, dataDir: server.dataDir });
  const cost = await eventually('the later report', async () => {
    const now = await orderedCall(again.url, call.id);
    return now.usage === null ? undefined : now.cost;
  });
  // 0.0012, and 2 * 5 + 200 * 30.
  expect(cost).toMatchObject({ amount: '0.00721', basis: 'ESTIMATED', complete: true });
  await lost.close();
}, 60_000);

describe('the model that writes an SVG', () => {
  const svgUsage = { input_tokens: 1572, output_tokens: 1437, reasoning_tokens: 680, total_tokens: 3009 };
  /** 1572 * 0.75 + 1437 * 4.50 is 0.0076455; the image and the words are 0.00718, and the image alone 0.00598. */
  const reported = { ...svgUsage, model: 'gpt-5.4-mini' };
  const options = { ...OPTIONS, model: 'gpt-image-2.6-sunburst', format: 'SVG' } as const;
  const order = { ...INPUT, options };
  const respondWith = (item: Json) => () =>
    streamReply(
      eventsOf({ usage: WORDS, tool_usage: drawn(196) }, { item: { output_format: 'svg', ...item }, file: SVG }),
    );

  it('is billed as it is reported, by its own prices, with both APIs', async () => {
    script = respondWith({ svg_usage: reported });
    const { call } = await orderToEnd(responses.url, order);
    expect(call.usage).toMatchObject({
      totalTokens: 1100 + 216 + 3009,
      svg: { model: 'gpt-5.4-mini', inputTokens: 1572, outputTokens: 1437, reasoningTokens: 680 },
    });
    expect(call.cost).toMatchObject({ amount: '0.0148255', basis: 'REPORTED', complete: true });
    expect(call.cost?.lines.slice(-2)).toEqual([
      { kind: 'SVG_INPUT', model: 'gpt-5.4-mini', tokens: 1572, pricePerMillion: '0.75', amount: '0.001179' },
      { kind: 'SVG_OUTPUT', model: 'gpt-5.4-mini', tokens: 1437, pricePerMillion: '4.50', amount: '0.0064665' },
    ]);
    const usage = { input_tokens: 20, output_tokens: 196 };
    script = () => jsonReply({ output_format: 'svg', data: [{ b64_json: base64(SVG) }], usage, svg_usage: reported });
    const { call: direct } = await orderToEnd(images.url, order);
    expect(direct.cost).toMatchObject({ amount: '0.0136255', basis: 'REPORTED', complete: true });
  });

  it('has no price where its model is not known, and the cost says so', async () => {
    script = respondWith({ svg_usage: { ...svgUsage, model: 'author-9' } });
    const { call } = await orderToEnd(responses.url, order);
    expect(call.cost).toMatchObject({ amount: '0.00718', basis: 'REPORTED', complete: false });
    expect(call.cost?.lines.at(-1)).toMatchObject({ kind: 'SVG_OUTPUT', model: 'author-9', amount: null });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['zeros', { ...NOTHING, reasoning_tokens: 0, model: 'gpt-5.4-mini' }],
  ])('is estimated where %s is reported of it', async (_, svg_usage) => {
    script = respondWith({ svg_usage });
    const { call } = await orderToEnd(responses.url, order);
    expect(call.cost).toMatchObject({ amount: '0.0148255', basis: 'ESTIMATED', complete: true });
  });

  it('is estimated by its effort and its model', async () => {
    script = respondWith({});
    const svg = { model: 'gpt-5.4', reasoningEffort: 'HIGH' } as const;
    const { call } = await orderToEnd(responses.url, { ...order, options: { ...options, svg } });
    // 1572 * 2.50 + 2700 * 15 is 0.04443.
    expect(call.cost).toMatchObject({ amount: '0.05161', basis: 'ESTIMATED', complete: true });
  });

  it('is billed as the simulator reports it', async () => {
    await using shop = await openShop({ OPENAI_MODEL: 'gpt-5.4-mini' });
    const { call } = await orderToEnd(shop.url, { ...order, options: { ...options, quality: 'LOW' } });
    const lines = call.cost?.lines.filter(({ kind }) => kind.startsWith('SVG') || kind === 'IMAGE_OUTPUT');
    expect(lines).toMatchObject([
      { kind: 'IMAGE_OUTPUT', tokens: 700, amount: '0.021' },
      { kind: 'SVG_INPUT', tokens: 1572, amount: '0.001179' },
      { kind: 'SVG_OUTPUT', tokens: 1437, amount: '0.0064665' },
    ]);
    expect(call.cost).toMatchObject({ basis: 'REPORTED', complete: true });
  });
});
