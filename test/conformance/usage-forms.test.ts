/** Kind 13: usage as services report it. What a call costs follows from it to the last digit, or is marked as an estimate. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderToEnd } from '../api/orders.ts';
import { picture } from '../api/steps.ts';
import { startServerAt } from '../api/upstreams.ts';
import {
  base64,
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';

const OPTIONS = { model: 'gpt-image-2', quality: 'MEDIUM', size: '1024x1024', partialImages: 0 } as const;
/** Two tokens of text. As an estimate: 2 * 5 and 1767 * 30, by a million, is 0.05302. */
const INPUT = { prompt: 'a kite', options: OPTIONS };
/** 1000 * 0.75 + 100 * 4.50, by a million, is 0.0012. */
const WORDS: Json = { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 };
/** 20 * 5 + 196 * 30, by a million, is 0.00598. */
const DRAWING: Json = { input_tokens: 20, output_tokens: 196, total_tokens: 216 };

let script: (nth: number) => Reply;
let asked = 0;
let bytes: Buffer;
let otherBytes: Buffer;
let upstream: ScriptedUpstream;
let responses: RunningServer;
let images: RunningServer;
beforeAll(async () => {
  bytes = await picture('teal');
  otherBytes = await picture('navy');
  upstream = await startScriptedUpstream(() => script(asked++));
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

/** Where an answer reports usage. */
interface Reports {
  readonly usage?: unknown;
  readonly toolUsage?: unknown;
  /** Beside the response, in its last event. */
  readonly beside?: Json;
  /** In the image item, or in each image of a document. */
  readonly items?: readonly Json[];
}

type Form = 'STREAM' | 'JSON';

function respond({ usage, toolUsage, beside = {}, items = [] }: Reports, form: Form): Reply {
  const pictures = [{ bytes, itemId: 'ig_1', item: items[0] ?? {} }];
  const events = recordedEvents({ pictures }).map((event): Json => {
    if (event['type'] !== 'response.completed') return event;
    const response = Object(event['response']);
    const model = 'gpt-5.4-mini-2026-03-17';
    return { ...event, ...beside, response: { ...response, model, usage, tool_usage: toolUsage } };
  });
  return form === 'STREAM' ? streamReply(events) : jsonReply(Object(events.at(-1)?.['response']));
}

function imagesAnswer({ usage, items = [{}] }: Reports, form: Form): Reply {
  const data = items.map((item) => ({ b64_json: base64(bytes), ...item }));
  if (form === 'JSON') return jsonReply({ created: 1, output_format: 'png', data, usage });
  return streamReply(data.map((each) => ({ type: 'image_generation.completed', usage, ...each })));
}

async function costOf(server: RunningServer, input: Parameters<typeof orderToEnd>[1] = INPUT) {
  const { call } = await orderToEnd(server.url, input);
  expect(call.status).toBe('COMPLETED');
  return call.cost;
}

/** What the drawing costs on its own, and together with the words of the mainline model. */
const DRAWINGS: readonly (readonly [string, unknown, 'REPORTED' | 'ESTIMATED', string, string])[] = [
  ['whole', DRAWING, 'REPORTED', '0.00598', '0.00718'],
  ['without the output, which follows', { input_tokens: 20, total_tokens: 216 }, 'REPORTED', '0.00598', '0.00718'],
  ['with an output of zero, which follows', { ...DRAWING, output_tokens: 0 }, 'REPORTED', '0.00598', '0.00718'],
  ['without the input, which follows', { output_tokens: 196, total_tokens: 216 }, 'REPORTED', '0.00598', '0.00718'],
  [
    'in parts without sums',
    {
      input_tokens_details: { text_tokens: 20, image_tokens: 0 },
      output_tokens_details: { image_tokens: 196, text_tokens: 0 },
    },
    'REPORTED',
    '0.00598',
    '0.00718',
  ],
  [
    'by the names of the Chat Completions API',
    { prompt_tokens: 20, completion_tokens: 196, total_tokens: 216 },
    'REPORTED',
    '0.00598',
    '0.00718',
  ],
  ['as text', { input_tokens: '20', output_tokens: '196' }, 'REPORTED', '0.00598', '0.00718'],
  [
    'with a sum below its parts',
    { ...DRAWING, output_tokens: 10, output_tokens_details: { image_tokens: 196 } },
    'ESTIMATED',
    '0.00598',
    '0.00718',
  ],
  ['with a total below its parts', { ...DRAWING, total_tokens: 100 }, 'ESTIMATED', '0.00598', '0.00718'],
  // 20 * 5 + 280 * 30.
  ['with a total above its parts', { ...DRAWING, total_tokens: 300 }, 'ESTIMATED', '0.0085', '0.0097'],
  // 2 * 5 + 216 * 30.
  ['as a total alone', { total_tokens: 216 }, 'ESTIMATED', '0.00649', '0.00769'],
  // 2 * 5 + 196 * 30.
  ['as an output alone', { output_tokens: 196 }, 'ESTIMATED', '0.00589', '0.00709'],
  ['with a negative count', { input_tokens: -20, output_tokens: 196 }, 'ESTIMATED', '0.00589', '0.00709'],
  // 20 * 5 + 1767 * 30.
  ['with a fraction', { input_tokens: 20, output_tokens: 196.5 }, 'ESTIMATED', '0.05311', '0.05431'],
  ['with a huge count', { input_tokens: 20, output_tokens: 2 ** 53 - 1 }, 'ESTIMATED', '0.05311', '0.05431'],
  ['as an input alone', { input_tokens: 20 }, 'ESTIMATED', '0.05311', '0.05431'],
  ['with less than an image needs', { input_tokens: 20, output_tokens: 50 }, 'ESTIMATED', '0.05311', '0.05431'],
  // 2 * 5 + 1767 * 30.
  ['in zeros', { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, 'ESTIMATED', '0.05302', '0.05422'],
  ['as nothing', null, 'ESTIMATED', '0.05302', '0.05422'],
  ['as a list', [], 'ESTIMATED', '0.05302', '0.05422'],
];

describe.each<Form>(['STREAM', 'JSON'])('usage of the image model in a %s', (form) => {
  it.each(DRAWINGS)('%s', async (_, usage, basis, amount, withWords) => {
    script = () => imagesAnswer({ usage }, form);
    expect(await costOf(images)).toMatchObject({ amount, basis, complete: true });
    script = () => respond({ usage: WORDS, toolUsage: { image_gen: usage } }, form);
    expect(await costOf(responses)).toMatchObject({ amount: withWords, basis, complete: true });
  });

  it.each(DRAWINGS)('%s, in the item only', async (_, usage, basis, amount, withWords) => {
    script = () => imagesAnswer({ items: [{ usage }] }, form);
    expect(await costOf(images)).toMatchObject({ amount, basis, complete: true });
    script = () => respond({ usage: WORDS, items: [{ usage }] }, form);
    expect(await costOf(responses)).toMatchObject({ amount: withWords, basis, complete: true });
  });
});

describe.each<Form>(['STREAM', 'JSON'])('usage of the mainline model in a %s', (form) => {
  it.each<[string, Json, 'REPORTED' | 'ESTIMATED', string]>([
    ['whole', WORDS, 'REPORTED', '0.00718'],
    ['without the output, which follows', { input_tokens: 1000, total_tokens: 1100 }, 'REPORTED', '0.00718'],
    [
      'by the names of the Chat Completions API',
      { prompt_tokens: 1000, completion_tokens: 100 },
      'REPORTED',
      '0.00718',
    ],
    [
      'with reasoning beside the output',
      { ...WORDS, output_tokens: 60, output_tokens_details: { reasoning_tokens: 40 } },
      'ESTIMATED',
      '0.00718',
    ],
    // 1000 * 0.75 + 2000 * 0.075 + 100 * 4.50 is 0.00135.
    [
      'with cached input beside the input',
      { ...WORDS, input_tokens_details: { cached_tokens: 2000 } },
      'ESTIMATED',
      '0.00733',
    ],
    // 1802 * 0.75 + 100 * 4.50 is 0.0018015.
    ['as an output alone', { output_tokens: 100 }, 'ESTIMATED', '0.0077815'],
    // 1802 * 0.75 + 122 * 4.50 is 0.0019005.
    ['in zeros', { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, 'ESTIMATED', '0.0078805'],
    ['as a total alone', { total_tokens: 1100 }, 'ESTIMATED', '0.0078805'],
  ])('%s', async (_, usage, basis, amount) => {
    script = () => respond({ usage, toolUsage: { image_gen: DRAWING } }, form);
    expect(await costOf(responses)).toMatchObject({ amount, basis, complete: true });
  });
});

describe('usage elsewhere', () => {
  it('beside the response, in its last event', async () => {
    script = () => respond({ beside: { usage: WORDS, tool_usage: { image_gen: DRAWING } } }, 'STREAM');
    expect(await costOf(responses)).toMatchObject({ amount: '0.00718', basis: 'REPORTED' });
  });

  it('in the items as well: the larger of both counts, because the sum of a tool may skip calls', async () => {
    const image_gen = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
    script = () => respond({ usage: WORDS, toolUsage: { image_gen }, items: [{ usage: DRAWING }] }, 'STREAM');
    expect(await costOf(responses)).toMatchObject({ amount: '0.00718', basis: 'REPORTED' });
  });
});

describe('several images', () => {
  const two = { ...INPUT, count: 2 };

  it.each<[string, Reports, Form, 'REPORTED' | 'ESTIMATED', string]>([
    // 40 * 5 + 392 * 30.
    [
      'in one report',
      { usage: { input_tokens: 40, output_tokens: 392 }, items: [{}, {}] },
      'JSON',
      'REPORTED',
      '0.01196',
    ],
    ['each with its own', { items: [{ usage: DRAWING }, { usage: DRAWING }] }, 'JSON', 'REPORTED', '0.01196'],
    ['each with its own', { items: [{ usage: DRAWING }, { usage: DRAWING }] }, 'STREAM', 'REPORTED', '0.01196'],
    // 20 * 5 + (196 + 1767) * 30.
    ['of which one is not reported', { items: [{ usage: DRAWING }, {}] }, 'JSON', 'ESTIMATED', '0.05899'],
    ['of which one is not reported', { items: [{ usage: DRAWING }, {}] }, 'STREAM', 'ESTIMATED', '0.05899'],
    ['of which only the last is reported', { items: [{}, { usage: DRAWING }] }, 'STREAM', 'ESTIMATED', '0.05899'],
    // 20 * 5 + 2 * 1767 * 30.
    [
      'with less than both need',
      { usage: { input_tokens: 20, output_tokens: 150 }, items: [{}, {}] },
      'JSON',
      'ESTIMATED',
      '0.10612',
    ],
    // 2 * 5 + 2 * 1767 * 30.
    [
      'in zeros',
      { usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 }, items: [{}, {}] },
      'JSON',
      'ESTIMATED',
      '0.10603',
    ],
  ])('%s (%o, %s)', async (_, reports, form, basis, amount) => {
    script = () => imagesAnswer(reports, form);
    expect(await costOf(images, two)).toMatchObject({ amount, basis, complete: true });
  });

  it('of one response, of which one is not reported', async () => {
    const pictures = [bytes, otherBytes].map((each, nth) => ({
      bytes: each,
      itemId: `ig_${nth}`,
      item: nth === 0 ? { usage: DRAWING } : {},
    }));
    const events = recordedEvents({ pictures }).map((event): Json => {
      if (event['type'] !== 'response.completed') return event;
      const response = { ...Object(event['response']), model: 'gpt-5.4-mini', usage: WORDS };
      return { ...event, response: { ...response, tool_usage: { image_gen: DRAWING } } };
    });
    script = () => streamReply(events);
    // 0.0012, and 20 * 5 + (196 + 1767) * 30.
    expect(await costOf(responses)).toMatchObject({ amount: '0.06019', basis: 'ESTIMATED', complete: true });
  });

  it('of two responses, of which one reports nothing', async () => {
    // 0.00718, and an estimate of 0.0019005 + 0.05302.
    asked = 0;
    script = (nth) => respond(nth === 0 ? { usage: WORDS, toolUsage: { image_gen: DRAWING } } : {}, 'STREAM');
    expect(await costOf(responses, two)).toMatchObject({ amount: '0.0621005', basis: 'ESTIMATED', complete: true });
  });
});
