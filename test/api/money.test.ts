/** What a call used and cost, through the API: to the last digit, summed, and estimated before buying. */
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data } from '../support/client.ts';
import { ConversationDetails } from '../support/documents.ts';
import { Spend } from '../support/order-documents.ts';
import { Estimate } from '../support/price-documents.ts';
import {
  type Json,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { estimate, orderedCall, orderToEnd } from './orders.ts';
import { picture, rawId, unknownId } from './steps.ts';
import { startServerAt } from './upstreams.ts';

const USAGE: Json = {
  input_tokens: 2377,
  input_tokens_details: { cached_tokens: 1024 },
  output_tokens: 151,
  output_tokens_details: { reasoning_tokens: 64 },
  total_tokens: 2528,
};
const TOOL_USAGE = {
  image_gen: {
    input_tokens: 1662,
    input_tokens_details: {
      text_tokens: 61,
      image_tokens: 1601,
      cached_tokens: 813,
      cached_tokens_details: { cached_text_tokens: 13, cached_image_tokens: 800 },
    },
    output_tokens: 1967,
    output_tokens_details: { image_tokens: 1967, text_tokens: 0 },
    total_tokens: 3629,
  },
};
/** 1353*0.75 + 1024*0.075 + 151*4.50 + 48*5 + 13*1.25 + 801*8 + 800*2 + 1967*30, by a million. */
const COMPUTED = '0.0690453';

let reports: { usage: Json | null; toolUsage: Json | null };
let upstream: ScriptedUpstream;
let server: RunningServer;
beforeAll(async () => {
  const bytes = await picture('teal');
  upstream = await startScriptedUpstream((_, nth) => {
    const events = recordedEvents({
      responseId: `resp_${nth}`,
      pictures: [{ bytes, partials: [], itemId: `ig_${nth}` }],
    });
    return streamReply(events.map((event) => reported(event)));
  });
  server = await startServerAt(upstream, { env: { OPENAI_IMAGE_MODEL: 'gpt-image-2' } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream.close();
});

/** The event with what the response is to report, in place of what it does. */
function reported(event: Json): Json {
  const { response } = event;
  if (event['type'] !== 'response.completed' || typeof response !== 'object' || response === null) return event;
  const { usage, toolUsage } = reports;
  const bare = Object.fromEntries(Object.entries(response).filter(([key]) => key !== 'usage' && key !== 'tool_usage'));
  return {
    ...event,
    response: {
      ...bare,
      model: 'gpt-5.4-mini-2026-03-17',
      ...(usage === null ? {} : { usage }),
      ...(toolUsage === null ? {} : { tool_usage: toolUsage }),
    },
  };
}

const OPTIONS = { quality: 'MEDIUM', size: '1024x1024', partialImages: 0 } as const;

async function bought(conversationId?: string) {
  const input = { prompt: 'a kite', options: OPTIONS, ...(conversationId === undefined ? {} : { conversationId }) };
  return (await orderToEnd(server.url, input)).call;
}

describe('the cost of a call', () => {
  it('is what a hand computes from the tokens that were reported, to the last digit', async () => {
    reports = { usage: USAGE, toolUsage: TOOL_USAGE };
    const call = await bought();
    expect(call.usage).toEqual({
      totalTokens: 6157,
      mainline: {
        model: 'gpt-5.4-mini-2026-03-17',
        inputTokens: 2377,
        cachedInputTokens: 1024,
        outputTokens: 151,
        reasoningTokens: 64,
      },
      image: {
        model: expect.anything(),
        textInputTokens: 61,
        cachedTextInputTokens: 13,
        imageInputTokens: 1601,
        cachedImageInputTokens: 800,
        outputTokens: 1967,
      },
      svg: null,
    });
    expect(call.cost).toMatchObject({ amount: COMPUTED, currency: 'USD', basis: 'REPORTED', complete: true });
    expect(call.cost?.lines).toHaveLength(8);
  });

  it('is summed exactly in its conversation and for the viewer', async () => {
    reports = { usage: USAGE, toolUsage: TOOL_USAGE };
    const before = (await data(server.url, Spend, {})).viewer.cost;
    const first = await bought();
    const second = await bought(first.conversation.id);
    expect(second.conversation.cost).toMatchObject({ amount: '0.1380906', basis: 'REPORTED' });
    const { viewer } = await data(server.url, Spend, {});
    const digits = (amount: string) => BigInt(`${amount}0000000`.replace('.', '').slice(0, 9 + amount.indexOf('.')));
    expect(digits(viewer.cost.amount) - digits(before.amount)).toBe(digits('0.1380906'));
    expect((await data(server.url, ConversationDetails, { id: first.conversation.id })).conversation).not.toBeNull();
  });

  it('is an estimate, and says so, where the upstream reports nothing', async () => {
    reports = { usage: null, toolUsage: null };
    const call = await bought();
    expect(call.usage).toBeNull();
    expect(call.cost).toMatchObject({ basis: 'ESTIMATED' });
    expect(Number(call.cost?.amount)).toBeGreaterThan(0.05);
  });

  it('has the picture by an estimate where its tokens are missing from the bill, and says so', async () => {
    reports = { usage: USAGE, toolUsage: null };
    const call = await bought();
    expect(call.usage).toMatchObject({ mainline: { inputTokens: 2377 }, image: null });
    expect(call.cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
    // The words as they were reported, and a picture at the published 0.053.
    expect(call.cost?.lines).toContainEqual(expect.objectContaining({ kind: 'MAINLINE_INPUT', tokens: 1353 }));
    expect(Number(call.cost?.amount)).toBeCloseTo(0.002 + 0.053, 3);
  });

  it('has the words by an estimate where the bill has the picture alone', async () => {
    reports = { usage: null, toolUsage: TOOL_USAGE };
    const { usage, cost } = await bought();
    expect(usage).toMatchObject({ mainline: null });
    expect(cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
    expect(cost?.lines.map(({ kind }) => kind)).toContain('MAINLINE_INPUT');
  });

  it('is estimated where text and pictures went in and the bill does not say which tokens were which', async () => {
    const { cached_tokens_details: _, ...details } = TOOL_USAGE.image_gen.input_tokens_details;
    const image_gen = { ...TOOL_USAGE.image_gen, input_tokens_details: details };
    reports = { usage: USAGE, toolUsage: { image_gen } };
    expect((await bought()).cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
    const { input_tokens_details: __, ...sums } = image_gen;
    reports = { usage: USAGE, toolUsage: { image_gen: sums } };
    const first = await bought();
    // Of the prompt alone all tokens are text.
    expect(first.cost).toMatchObject({ basis: 'REPORTED', complete: true });
    expect((await bought(first.conversation.id)).cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
  });

  it('is estimated for the model that the upstream names, where nobody asked for one', async () => {
    reports = { usage: null, toolUsage: null };
    await using other = await startServerAt(upstream);
    const { call } = await orderToEnd(other.url, { prompt: 'a kite', options: OPTIONS });
    expect(call.cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
    expect(call.cost?.lines).toContainEqual(expect.objectContaining({ kind: 'IMAGE_OUTPUT', model: 'gpt-image-2' }));
  });
});

describe('sums of tokens', () => {
  it('are told to the last one beyond what 32 bits hold, of a call, its conversation and everything', async () => {
    reports = { usage: USAGE, toolUsage: TOOL_USAGE };
    const { id } = await bought();
    const database = new SQLite(join(server.dataDir, 'darkroom.sqlite'));
    // Every kind of tokens three thousand million times, at its price.
    const lines = 'update cost_lines set tokens = 3000000001, amount = 3000000001 * cast(price * 1000000 as integer)';
    const usage = "update attempts set usage = json_set(usage, '$.tokens.image.outputTokens', 3000000001)";
    for (const update of [lines, usage]) database.prepare(`${update} where call_id = ?`).run(rawId(id));
    database.close();
    const call = await orderedCall(server.url, id);
    expect(call.usage?.image?.outputTokens).toBe(3_000_000_001);
    expect(call.usage?.totalTokens).toBe(2377 + 151 + 61 + 1601 + 3_000_000_001);
    for (const cost of [call.cost, call.conversation.cost]) {
      expect(cost).toMatchObject({ amount: '154725.000051575', complete: true });
      expect(cost?.lines.map(({ tokens }) => tokens)).toEqual(Array(8).fill(3_000_000_001));
    }
    const { viewer } = await data(server.url, Spend, {});
    expect(viewer.cost.lines.filter(({ tokens }) => tokens >= 3_000_000_001)).toHaveLength(8);
  });
});

describe('an estimate before buying', () => {
  it('says what to expect, and stores and asks nothing', async () => {
    const asked = upstream.requests.length;
    const input = { prompt: 'a kite', count: 2, options: OPTIONS };
    const { cost, duration } = await estimate(server.url, input);
    expect(cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
    // Two pictures at the published 0.053, and little for the words.
    expect(Number(cost.amount)).toBeGreaterThan(0.106);
    expect(Number(cost.amount)).toBeLessThan(0.12);
    expect(duration).toEqual({ typicalMs: 30_000, slowMs: 60_000, basis: 'CATALOGUE', samples: 0 });
    expect(upstream.requests).toHaveLength(asked);
  });

  it('is a range with a completion window: from its discount on everything to no discount at all', async () => {
    await using background = await startServerAt(upstream, { env: { UPSTREAM_BACKGROUND: 'on' } });
    // 1802 * 0.75 + 122 * 4.50 + 2 * 5 + 1767 * 30, by a million.
    const estimated = async (completionWindow: 'SOONEST' | 'WITHIN_2_HOURS' | 'WITHIN_8_HOURS' | null) => {
      const options = { ...OPTIONS, model: 'gpt-image-2', mainlineModel: 'gpt-5.4-mini', completionWindow };
      const { cost, lowestAmount } = await estimate(background.url, { prompt: 'a kite', options });
      return [cost.amount, lowestAmount];
    };
    expect(await estimated(null)).toEqual(['0.0549205', '0.0549205']);
    expect(await estimated('SOONEST')).toEqual(['0.0549205', '0.0549205']);
    expect(await estimated('WITHIN_2_HOURS')).toEqual(['0.0549205', '0.03844435']);
    expect(await estimated('WITHIN_8_HOURS')).toEqual(['0.0549205', '0.0329523']);
  });

  it('is measured on calls of the same kind once there are some', async () => {
    reports = { usage: USAGE, toolUsage: TOOL_USAGE };
    for (let nth = 0; nth < 3; nth += 1) await bought();
    const { duration } = await estimate(server.url, { prompt: 'a boat', options: OPTIONS });
    expect(duration.basis).toBe('MEASURED');
    expect(duration.samples).toBeGreaterThanOrEqual(3);
    expect(duration.typicalMs).toBeLessThan(10_000);
  });

  it('reaches to the end of a completion window, whatever calls without one took', async () => {
    const options = { ...OPTIONS, partialImages: 0, completionWindow: 'WITHIN_2_HOURS' as const };
    const { duration } = await estimate(server.url, { prompt: 'a boat', options });
    const { typicalMs, slowMs, basis } = duration;
    expect({ typicalMs, slowMs, basis }).toEqual({ typicalMs: 7_200_000, slowMs: 7_200_000, basis: 'CATALOGUE' });
  });

  it('needs no prompt: what the words cost hardly counts', async () => {
    const [without, blank, words] = await Promise.all(
      [undefined, ' ', 'a kite'].map(async (prompt) => {
        const input = { ...(prompt === undefined ? {} : { prompt }), options: OPTIONS };
        return Number((await estimate(server.url, input)).cost.amount);
      }),
    );
    expect(without).toBe(blank);
    expect((without ?? 0) / (words ?? 0)).toBeCloseTo(1, 1);
  });

  it('counts the image of a refinement', async () => {
    reports = { usage: USAGE, toolUsage: TOOL_USAGE };
    const call = await bought();
    const imageId = call.images[0]?.id ?? '';
    const amountOf = async (input: object) =>
      Number((await estimate(server.url, { options: OPTIONS, ...input })).cost.amount);
    expect(await amountOf({ imageId })).toBeGreaterThan(await amountOf({}));
    expect(await amountOf({ imageId })).toBe(await amountOf({ sourceImageIds: [imageId] }));
    const input = { imageId, sourceImageIds: [imageId], conversationId: call.conversation.id };
    expect((await data(server.url, Estimate, { input })).estimateGeneration).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ field: 'conversationId' }, { field: 'sourceImageIds' }],
    });
    expect(
      (await data(server.url, Estimate, { input: { imageId: unknownId('Image') } })).estimateGeneration,
    ).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('refuses what the mutation would refuse', async () => {
    const input = { prompt: '\ud800', count: 11, options: { partialImages: 9 } };
    expect((await data(server.url, Estimate, { input })).estimateGeneration).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ field: 'prompt' }, { field: 'count' }, { field: 'options.partialImages' }],
    });
    const unsupported = { prompt: 'a kite', options: { model: 'gpt-image-2', quality: 'MAX' as const } };
    expect((await data(server.url, Estimate, { input: unsupported })).estimateGeneration).toMatchObject({
      code: 'UNSUPPORTED_OPTION',
    });
  });

  it('leaves the call as it was bought when prices are looked at later', async () => {
    reports = { usage: USAGE, toolUsage: TOOL_USAGE };
    const { id } = await bought();
    expect((await orderedCall(server.url, id)).cost?.amount).toBe(COMPUTED);
  });
});
