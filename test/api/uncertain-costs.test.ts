/** What a call costs of which nobody can say for sure what it bought: it counts in full, and says that it is estimated. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { data } from '../support/client.ts';
import {
  type Json,
  jsonReply,
  type RecordedRequest,
  type Reply,
  recordedEvents,
  SCRIPTED_TOOL_USAGE,
  SCRIPTED_USAGE,
  type ScriptedUpstream,
  sse,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { uploadPicture } from '../support/upload.ts';
import { openShop, order, orderedCall, orderToEnd, type Shop } from './orders.ts';
import { eventually, picture, watchToEnd } from './steps.ts';
import { endingWith, startProcessAt, startServerAt, upTo } from './upstreams.ts';

/** A picture for 0.053 USD, and a stage of it for 0.003. */
const OPTIONS = { model: 'gpt-image-2', quality: 'MEDIUM', size: '1024x1024', partialImages: 1 } as const;
const INPUT = { prompt: 'a kite', options: OPTIONS };
/** The picture, its stage, and the words of the mainline model. */
const IN_FULL = { basis: 'ESTIMATED', complete: true, lines: expect.arrayContaining([drawn(1767 + 100)]) };
const NOTHING_USED = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

function drawn(tokens: number): unknown {
  return expect.objectContaining({ kind: 'IMAGE_OUTPUT', tokens });
}

async function accepted(url: string, input: Parameters<typeof order>[1]): Promise<string> {
  const answer = await order(url, input);
  if (answer.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(answer));
  return answer.call.id;
}

async function cancelled(url: string, callId: string) {
  await data(url, CancelGeneration, { input: { callId } });
  await watchToEnd(url, callId);
  return orderedCall(url, callId);
}

/** What the scripted upstream answers with, one test after the other; its servers work with and without background. */
let script: (request: RecordedRequest) => Reply;
let upstream: ScriptedUpstream;
let plain: RunningServer;
let background: RunningServer;
let shop: Shop;
beforeAll(async () => {
  upstream = await startScriptedUpstream((request) => script(request));
  [plain, background, shop] = await Promise.all([
    startServerAt(upstream, { env: { UPSTREAM_FILES: 'on' } }),
    startServerAt(upstream, { env: { UPSTREAM_BACKGROUND: 'on' } }),
    openShop({ UPSTREAM_BACKGROUND: 'on', CONCURRENCY: '1', MAX_ATTEMPTS: '1' }),
  ]);
});
afterAll(async () => {
  await Promise.all([plain, background, shop].map((each) => each[Symbol.asyncDispose]()));
  await upstream.close();
});

const [CREATED = {}] = recordedEvents({ pictures: [] });
const REPORT = { usage: SCRIPTED_USAGE, tool_usage: SCRIPTED_TOOL_USAGE, model: 'gpt-5.4-mini' };
const AS_REPORTED = { basis: 'REPORTED', complete: true, lines: expect.arrayContaining([drawn(272)]) };

/** The events of a response that says from its start that it has used nothing, which is no report. */
async function eventsWithPlaceholder(): Promise<readonly Json[]> {
  const events = recordedEvents({ pictures: [{ bytes: await picture('teal') }] });
  return events.map((event) => {
    const { response } = event;
    const isStart = event['type'] === 'response.created' && typeof response === 'object';
    return isStart ? { ...event, response: { ...response, usage: NOTHING_USED } } : event;
  });
}

describe('a request whose end is not known', () => {
  it.each<[string, (events: readonly Json[]) => Reply]>([
    [
      'is cut',
      (events) => ({ writes: upTo(events, ({ type }) => type === 'response.in_progress').map(sse), ending: 'destroy' }),
    ],
    ['ends with an error', (events) => streamReply(endingWith(events, { type: 'error', code: 'rate_limit_exceeded' }))],
  ])('counts in full when its stream %s, whatever that had said of its usage', async (_, reply) => {
    const events = await eventsWithPlaceholder();
    script = () => reply(events);
    const { call } = await orderToEnd(plain.url, INPUT);
    expect(call).toMatchObject({ status: 'FAILED', usage: null, cost: IN_FULL });
  });

  it('counts as it is reported when the upstream is asked later, and in full for ever when it has forgotten', async () => {
    let looks: Readonly<Record<string, Reply>> = {};
    let creates = 0;
    const lost = await startScriptedUpstream(({ method, path }) => {
      if (method === 'GET') return looks[path.split(/[/?]/u)[3] ?? ''] ?? { status: 500 };
      const [created = {}] = recordedEvents({ responseId: `resp_${creates}`, pictures: [] });
      creates += 1;
      return streamReply([created], { ending: 'destroy' });
    });
    const env = { UPSTREAM_BACKGROUND: 'on', GENERATION_TIMEOUT_MS: '1000', CONCURRENCY: '1' };
    await using server = await startProcessAt(lost, { env });
    const calls = [await orderToEnd(server.url, INPUT), await orderToEnd(server.url, INPUT)];
    for (const { call } of calls) {
      expect(call).toMatchObject({ failure: { code: 'OUTCOME_UNKNOWN' }, usage: null, cost: IN_FULL });
    }
    await server.stop();
    looks = {
      resp_0: { status: 404 },
      resp_1: jsonReply({ ...REPORT, id: 'resp_1', status: 'incomplete', output: [] }),
    };
    await using again = await startProcessAt(lost, { env, dataDir: server.dataDir });
    const [forgotten = '', reported = ''] = calls.map(({ call }) => call.id);
    const cost = await eventually('the later report', async () => {
      const call = await orderedCall(again.url, reported);
      return call.usage === null ? undefined : call.cost;
    });
    expect(cost).toMatchObject(AS_REPORTED);
    expect(await orderedCall(again.url, forgotten)).toMatchObject({ usage: null, cost: IN_FULL });
    await lost.close();
  }, 60_000);
});

describe('a call that is cancelled', () => {
  it('while it waits has cost nothing, and in full while it is drawn', async () => {
    const running = await accepted(shop.url, { ...INPUT, prompt: 'a boat [sim:duration=20000]' });
    const waiting = await accepted(shop.url, INPUT);
    await eventually('the upstream to be asked', () => shop.creates()[0]);
    expect(await cancelled(shop.url, waiting)).toMatchObject({ status: 'CANCELLED', cost: null });
    expect(await cancelled(shop.url, running)).toMatchObject({ status: 'CANCELLED', usage: null, cost: IN_FULL });
  });

  it('by hanging up counts in full', async () => {
    const asked = upstream.requests.length;
    script = () => streamReply([CREATED], { ending: 'hang' });
    const id = await accepted(plain.url, INPUT);
    await eventually('the upstream to be asked', () => upstream.requests[asked]);
    expect(await cancelled(plain.url, id)).toMatchObject({ status: 'CANCELLED', usage: null, cost: IN_FULL });
  });

  it('while a picture for it still goes up has cost nothing', async () => {
    const asked = upstream.requests.length;
    script = () => ({ beforeHeaders: 'hang' });
    const source = await uploadPicture(plain.url, await picture('teal'));
    const id = await accepted(plain.url, { ...INPUT, sourceImageIds: [source.id] });
    await eventually('the picture to go up', () => upstream.requests[asked]);
    expect(await cancelled(plain.url, id)).toMatchObject({ status: 'CANCELLED', cost: null });
    expect(upstream.requests.slice(asked).map(({ path }) => path)).toEqual(['/v1/files']);
  });
});

/** Cancels a call of which the upstream answers so, to the cancellation and when it is looked at. */
async function cancelledAt(answer: Json) {
  const asked = upstream.requests.length;
  script = ({ method, path }) =>
    method === 'GET' || path.endsWith('/cancel')
      ? jsonReply({ id: 'resp_scripted', output: [], ...answer })
      : streamReply([CREATED], { ending: 'hang' });
  const id = await accepted(background.url, INPUT);
  await eventually('the upstream to be asked', () => upstream.requests[asked]);
  return cancelled(background.url, id);
}

describe('the answer to a cancellation', () => {
  it('is believed in what it reports of the usage', async () => {
    expect(await cancelledAt({ ...REPORT, status: 'cancelled' })).toMatchObject({
      status: 'CANCELLED',
      usage: { mainline: { inputTokens: 2302 }, image: { outputTokens: 272 } },
      cost: AS_REPORTED,
    });
  });

  it('leaves the picture estimated where it reports the mainline model alone', async () => {
    const { cost } = await cancelledAt({ ...REPORT, tool_usage: null, status: 'cancelled' });
    expect(cost).toMatchObject(IN_FULL);
    expect(cost?.lines).toContainEqual(expect.objectContaining({ kind: 'MAINLINE_INPUT', tokens: 2302 }));
  });

  it('is no report while the upstream has not stopped', async () => {
    const { cost } = await cancelledAt({ usage: NOTHING_USED, status: 'in_progress' });
    expect(cost).toMatchObject(IN_FULL);
  });

  it('that it had failed before has what it used until then', async () => {
    const call = await cancelledAt({ ...REPORT, status: 'failed', error: { code: 'server_error' } });
    expect(call).toMatchObject({ status: 'FAILED', usage: { image: { outputTokens: 272 } }, cost: AS_REPORTED });
  });
});

describe('a call that failed', () => {
  const costOf = async (marker: string) => {
    const { call } = await orderToEnd(shop.url, { ...INPUT, prompt: `a kite ${marker}` });
    expect(call.status).toBe('FAILED');
    return call.cost;
  };

  it.each(['moderation-input', 'rate-limited', 'http-400', 'http-401'])(
    'has cost nothing when it was turned down at the door: %s',
    async (scenario) => {
      expect(await costOf(`[sim:${scenario}]`)).toBeNull();
    },
  );

  it.each(['moderation-midstream', 'failed', 'not-a-picture'])(
    'counts in full when its picture may have been made: %s',
    async (scenario) => {
      expect(await costOf(`[sim:${scenario}]`)).toMatchObject(IN_FULL);
    },
  );

  it('has cost the words of the mainline model when nothing was drawn, reported or not', async () => {
    const words = [
      expect.objectContaining({ kind: 'MAINLINE_INPUT' }),
      expect.objectContaining({ kind: 'MAINLINE_OUTPUT' }),
    ];
    expect(await costOf('[sim:no-image]')).toMatchObject({ basis: 'REPORTED', complete: true, lines: words });
    expect(await costOf('[sim:no-image] [sim:no-usage]')).toMatchObject({
      basis: 'ESTIMATED',
      complete: true,
      lines: words,
    });
  });

  it('counts in full beside a picture that came and was reported', async () => {
    const { call } = await orderToEnd(shop.url, {
      ...INPUT,
      prompt: 'two lamps [sim:every-other-moderated]',
      count: 2,
    });
    expect(call).toMatchObject({ status: 'COMPLETED', images: [{}], failures: [{}] });
    expect(call.cost).toMatchObject({ basis: 'ESTIMATED', complete: true });
    const output = call.cost?.lines.find(({ kind }) => kind === 'IMAGE_OUTPUT');
    expect(output?.tokens).toBe(2 * (1767 + 100));
  });
});
