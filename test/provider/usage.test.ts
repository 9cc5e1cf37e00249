/** The token usage that the upstream reports, in the terms of the domain. */
import { describe, expect, it } from 'vitest';
import type { ImageUsage, MainlineUsage } from '../../src/domain/cost/usage.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import {
  type Json,
  jsonReply,
  type Reply,
  recordedEvents,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { collect, pictureBytes, providerError, providerFor, REQUEST, run, Sinks } from './run.ts';
import { documentReply } from './scripted-images.ts';

const BYTES = pictureBytes('final');

/** The usage of a run whose response reports this at its end. */
async function reported(fields: Json) {
  const events = recordedEvents({ pictures: [{ bytes: BYTES }] }).map((event) => {
    if (event['type'] !== 'response.completed') return event;
    const { usage: _usage, tool_usage: _toolUsage, ...response } = event['response'] as Json;
    return { ...event, response: { ...response, ...fields } };
  });
  const last = (await run(streamReply(events))).events.at(-1);
  if (last?.type !== 'completed') throw new Error('it did not complete');
  return last.usage;
}

const NO_MAINLINE: MainlineUsage = {
  model: 'gpt-5.6',
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
const NO_IMAGE: ImageUsage = {
  model: 'gpt-image-2',
  textInputTokens: 0,
  cachedTextInputTokens: 0,
  imageInputTokens: 0,
  cachedImageInputTokens: 0,
  outputTokens: 0,
  textOutputTokens: 0,
  unsplitInputTokens: 0,
};

describe('the mainline model’s usage', () => {
  it.each<[Json, Partial<MainlineUsage> | null]>([
    [
      {
        input_tokens: 2302,
        input_tokens_details: { cached_tokens: 2048, cache_write_tokens: 3 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 20 },
      },
      { inputTokens: 2302, cachedInputTokens: 2048, outputTokens: 50, reasoningTokens: 20 },
    ],
    [{ input_tokens: 10 }, { inputTokens: 10 }],
    [{ output_tokens: 7, input_tokens_details: null }, { outputTokens: 7 }],
    [{ input_tokens: -1, output_tokens: 2.5 }, null],
    [{ input_tokens: '10', total_tokens: 10 }, { inputTokens: 10 }],
    [{}, null],
  ])('%o', async (usage, expected) => {
    const tokens = { mainline: expected === null ? null : { ...NO_MAINLINE, ...expected }, image: null, svg: null };
    expect(await reported({ usage })).toEqual({ tokens, raw: { usage, toolUsage: null } });
  });

  it('has the model that answered, which can be a snapshot of the one that was asked for', async () => {
    const usage = await reported({ usage: { input_tokens: 1 }, model: 'gpt-5.6-2026-08-01' });
    expect(usage?.tokens.mainline?.model).toBe('gpt-5.6-2026-08-01');
  });
});

describe('the image model’s usage', () => {
  const details = { image_tokens: 640, text_tokens: 20 };
  it.each<[Json, Partial<ImageUsage> | null]>([
    [
      {
        input_tokens: 660,
        input_tokens_details: details,
        cached_tokens: 310,
        cached_tokens_details: { cached_image_tokens: 300, cached_text_tokens: 10 },
        output_tokens: 1867,
        output_tokens_details: { image_tokens: 1860, text_tokens: 7 },
      },
      {
        textInputTokens: 20,
        imageInputTokens: 640,
        cachedTextInputTokens: 10,
        cachedImageInputTokens: 300,
        outputTokens: 1867,
        textOutputTokens: 7,
      },
    ],
    // A sum without its parts counts as text, up to the number of text tokens.
    [
      { input_tokens: 660, input_tokens_details: details, cached_tokens: 310, output_tokens: 1 },
      {
        textInputTokens: 20,
        imageInputTokens: 640,
        cachedTextInputTokens: 20,
        cachedImageInputTokens: 290,
        outputTokens: 1,
        unsplitInputTokens: 310,
      },
    ],
    [
      { input_tokens: 660, input_tokens_details: { ...details, cached_tokens: 5 }, output_tokens: 1 },
      {
        textInputTokens: 20,
        imageInputTokens: 640,
        cachedTextInputTokens: 5,
        outputTokens: 1,
        unsplitInputTokens: 5,
      },
    ],
    [
      { input_tokens: 660, cached_tokens: 310, output_tokens: 9 },
      { textInputTokens: 660, cachedTextInputTokens: 310, outputTokens: 9, unsplitInputTokens: 660 },
    ],
    // Tokens that can only be of one kind need no parts.
    [
      { input_tokens: 20, input_tokens_details: { image_tokens: 0, text_tokens: 20 }, cached_tokens: 5 },
      { textInputTokens: 20, cachedTextInputTokens: 5 },
    ],
    [
      { input_tokens: 660, input_tokens_details: details, cached_tokens: 660 },
      { textInputTokens: 20, imageInputTokens: 640, cachedTextInputTokens: 20, cachedImageInputTokens: 640 },
    ],
    [
      { input_tokens: 660, input_tokens_details: { image_tokens: 640 }, output_tokens: 9 },
      { textInputTokens: 20, imageInputTokens: 640, outputTokens: 9 },
    ],
    [
      { input_tokens: 1, output_tokens_details: { image_tokens: 8, text_tokens: 1 } },
      { textInputTokens: 1, outputTokens: 9, textOutputTokens: 1, unsplitInputTokens: 1 },
    ],
    [{ total_tokens: 9 }, { outputTokens: 9, disputedTokens: 9 }],
  ])('%o', async (imageGen, expected) => {
    const tool_usage = { image_gen: imageGen, web_search: { num_requests: 0 } };
    const tokens = { mainline: null, image: expected === null ? null : { ...NO_IMAGE, ...expected }, svg: null };
    expect(await reported({ tool_usage })).toEqual({ tokens, raw: { usage: null, toolUsage: tool_usage } });
  });

  it('is null where the response has only that of other tools', async () => {
    const tool_usage = { web_search: { num_requests: 1 } };
    expect(await reported({ tool_usage })).toEqual({
      tokens: { mainline: null, image: null, svg: null },
      raw: { usage: null, toolUsage: tool_usage },
    });
  });
});

describe('the usage of image items', () => {
  const svg_usage = { model: 'gpt-5.5', input_tokens: 1572, output_tokens: 1437, reasoning_tokens: 680 };
  const usage = { input_tokens: 20, output_tokens: 196, input_tokens_details: { text_tokens: 20, image_tokens: 0 } };
  const svg = { model: 'gpt-5.5', inputTokens: 1572, outputTokens: 1437, reasoningTokens: 680 };
  const image = { ...NO_IMAGE, model: null, textInputTokens: 20, outputTokens: 196 };
  const report = { tokens: { mainline: null, image, svg }, raw: { itemUsage: [usage], svgUsage: [svg_usage] } };

  it('is that of the stream where its end repeats no items, whatever their ids became', async () => {
    const events = recordedEvents({ pictures: [{ bytes: BYTES, item: { usage, svg_usage } }] });
    const [renamed] = recordedEvents({ pictures: [{ bytes: BYTES, itemId: 'ig_new', item: { usage, svg_usage } }] })
      .filter(({ type }) => type === 'response.completed')
      .map((event) => event['response'] as Json);
    const withEnd = (end: Json) =>
      events.map((event) => (event['type'] === 'response.completed' ? { ...event, response: end } : event));
    const bare = { id: 'resp_scripted', status: 'completed', output: [] };
    for (const end of [bare, { ...bare, output: renamed?.['output'] }]) {
      const last = (await run(streamReply(withEnd(end)))).events.at(-1);
      expect(last).toMatchObject({ usage: { tokens: { image: { outputTokens: 196 }, svg } } });
    }
  });

  it('is read when a response is looked at, and when it is cancelled too late', async () => {
    const item = { type: 'image_generation_call', id: 'ig_1', result: BYTES.toString('base64'), usage, svg_usage };
    const upstream = await startScriptedUpstream(() =>
      jsonReply({ id: 'resp_1', status: 'completed', output: [item] }),
    );
    const provider = providerFor(upstream.baseURL);
    const looking = { signal: new AbortController().signal, openSink: new Sinks().openSink };
    const seen = (await collect(provider.retrieve('resp_1', looking, []))).at(-1);
    expect(seen).toMatchObject({ type: 'completed', usage: report });
    expect(await provider.cancel('resp_1')).toEqual({
      outcome: 'COMPLETED',
      usage: { ...report, raw: { usage: null, toolUsage: null, ...report.raw } },
    });
    await upstream.close();
  });

  it('is that of the author alone with the Image API, beside the usage of the answer', async () => {
    const { events } = await run(documentReply([BYTES], { usage, svg_usage }), { request: { api: 'IMAGES' } });
    expect(events.at(-1)).toMatchObject({ usage: { tokens: { mainline: null, image, svg }, raw: { usage } } });
  });
});

describe('no usage', () => {
  it('is null, whatever stands in its place', async () => {
    for (const fields of [{}, { usage: null, tool_usage: null }, { usage: 7, tool_usage: [] }]) {
      expect(await reported(fields)).toBeNull();
    }
    const { events } = await run(documentReply([BYTES], { usage: null }), { request: { api: 'IMAGES' } });
    expect(events.at(-1)).toMatchObject({ type: 'completed', usage: null });
  });
});

describe('usage in a response that has not ended', () => {
  const zeros = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  const counted = { usage: zeros, tool_usage: { image_gen: zeros, web_search: { num_requests: 0 } } };
  const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', ...counted } };
  const ended = (status: string) => ({ id: 'resp_1', status, output: [], usage: { input_tokens: 7 } });

  it.each<[string, Reply]>([
    ['a reset connection', streamReply([created], { ending: 'destroy' })],
    ['a clean end', streamReply([created])],
    ['an error event', streamReply([created, { type: 'error', code: 'server_error', message: 'no' }])],
  ])('says nothing of what was used, with %s behind it', async (_, reply) => {
    expect(providerError(await run(reply)).usage).toBeNull();
  });

  it('is replaced by that of its end, also where the end is no good one', async () => {
    for (const status of ['failed', 'incomplete', 'cancelled']) {
      const result = await run(streamReply([created, { type: `response.${status}`, response: ended(status) }]));
      expect(providerError(result).usage).toMatchObject({ tokens: { mainline: { inputTokens: 7 }, image: null } });
    }
  });

  it('is left alone by a look at it, until it has ended', async () => {
    const states = [
      { ...ended('in_progress'), ...counted },
      { ...ended('failed'), error: { code: 'server_error' } },
    ];
    const upstream = await startScriptedUpstream((_, nth) => jsonReply(states[nth] ?? {}));
    const provider = providerFor(upstream.baseURL);
    const look = () => {
      const looking = { signal: new AbortController().signal, openSink: new Sinks().openSink };
      return collect(provider.retrieve('resp_1', looking, []));
    };
    expect(await look()).toEqual([{ type: 'running', retryAfter: null }]);
    await expect(look()).rejects.toMatchObject({ usage: { tokens: { mainline: { inputTokens: 7 } } } });
    await upstream.close();
  });
});

describe('against the simulator', () => {
  it('cached tokens are told of both models, and nothing where nothing is reported', async () => {
    const simulator = await startSimulator({ art: 'plain', durationMs: 0 });
    const provider = providerFor(simulator.url);
    const settings = { ...REQUEST.settings, size: '1024x640', format: 'WEBP', quality: 'LOW' } as const;
    const usageOf = async (marker: string) => {
      const request = { ...REQUEST, settings, prompt: `A cat in ink ${marker}` };
      const run = { signal: new AbortController().signal, openSink: new Sinks().openSink };
      const last = (await collect(provider.generate(request, run))).at(-1);
      return last?.type === 'completed' ? last.usage : undefined;
    };
    expect((await usageOf('[sim:cached-usage]'))?.tokens).toEqual({
      mainline: {
        model: 'gpt-5.6',
        inputTokens: 1843,
        cachedInputTokens: 1024,
        outputTokens: 32,
        reasoningTokens: 0,
      },
      image: {
        ...NO_IMAGE,
        model: 'gpt-image-2.6-sunburst',
        textInputTokens: 3,
        cachedTextInputTokens: 1,
        outputTokens: 438,
      },
      svg: null,
    });
    expect((await usageOf(''))?.tokens.mainline?.cachedInputTokens).toBe(0);
    expect(await usageOf('[sim:no-usage]')).toBeNull();
    await simulator.close();
  });
});
