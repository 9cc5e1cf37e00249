/**
 * Upstreams that refuse a parameter: the call goes on without it where the image is still what was asked for, each attempt asks
 * once, and later calls do not pay for another refusal.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { documentReply, imagesStream } from '../provider/scripted-images.ts';
import { data } from '../support/client.ts';
import type { GenerateImageInput } from '../support/gql/graphql.ts';
import {
  errorReply,
  type Json,
  jsonReply,
  type RecordedRequest,
  type Reply,
  recordedEvents,
  type ScriptedUpstream,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { Warned } from '../support/warning-documents.ts';
import { allOf, generateToEnd, picture, refine, watchToEnd } from './steps.ts';
import { startProcessAt, startServerAt } from './upstreams.ts';

const bytes = await picture('rgb(20, 90, 160)');
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

interface Place {
  readonly url: string;
  readonly server: RunningServer;
  readonly upstream: ScriptedUpstream;
}

/** An upstream that refuses what `refuse` says, and makes the image else. */
async function open(
  refuse: (request: RecordedRequest) => Reply | null,
  env: Record<string, string> = {},
): Promise<Place> {
  let nth = 0;
  const upstream = await startScriptedUpstream((request) => {
    nth += 1;
    return refuse(request) ?? imageReply(request, nth);
  });
  opened.push({ [Symbol.asyncDispose]: () => upstream.close() });
  const server = await startServerAt(upstream, { env: { MAX_ATTEMPTS: '1', ...env } });
  opened.push(server);
  return { url: server.url, server, upstream };
}

function imageReply({ path, body }: RecordedRequest, nth: number): Reply {
  if (!path.includes('/images/')) {
    return streamReply(recordedEvents({ responseId: `resp_${nth}`, pictures: [{ bytes, itemId: `ig_${nth}` }] }));
  }
  return body['stream'] === true ? imagesStream([], bytes) : documentReply([bytes]);
}

async function make(url: string, input: Partial<GenerateImageInput> = {}) {
  const { id, events } = await generateToEnd(url, { prompt: 'a heron', ...input });
  return { id, events, call: await stateOf(url, id) };
}

async function stateOf(url: string, id: string) {
  const { generationCall } = await data(url, Warned, { id });
  if (generationCall === null) throw new Error(`there is no call ${id}`);
  return generationCall;
}

const has = (body: Json, name: string) => JSON.stringify(body).includes(`"${name}"`);
const unknown = (path: string) =>
  errorReply(400, {
    type: 'invalid_request_error',
    code: 'unknown_parameter',
    param: path,
    message: `Unknown parameter: '${path}'.`,
  });

describe('an optional parameter that the upstream does not know', () => {
  it.each([
    ['RESPONSES', 'responses', 'tools[0].partial_images'],
    ['IMAGES', 'images', 'partial_images'],
  ])('of the %s API is left out once, with a warning, and then from the start', async (_, api, path) => {
    const { url, upstream } = await open(({ body }) => (has(body, 'partial_images') ? unknown(path) : null), {
      UPSTREAM_API: api,
    });
    const first = await make(url);
    const warnings = [{ code: 'OPTION_LEFT_OUT', message: expect.stringContaining('partialImages') }];
    expect(first.call).toMatchObject({ status: 'COMPLETED', attempts: 2, warnings, requested: { partialImages: 2 } });
    expect(allOf(first.events, 'GenerationRetrying')[0]?.reason).toContain('partial_images');
    expect(upstream.requests).toHaveLength(2);

    const second = await make(url);
    expect(second.call).toMatchObject({ status: 'COMPLETED', attempts: 1, warnings });
    expect(upstream.requests).toHaveLength(3);

    // A client that does not ask for it needs no warning. Another model may know it.
    const third = await make(url, { options: { partialImages: null } });
    expect(third.call).toMatchObject({ attempts: 1, warnings: [], requested: { partialImages: null } });
    expect((await make(url, { options: { model: 'other-model' } })).call).toMatchObject({ attempts: 2, warnings });
  });

  it('is left out one after the other, whatever the number of attempts of a call', async () => {
    const names = ['partial_images', 'quality', 'moderation', 'tool_choice'];
    const { url, upstream, server } = await open(({ body }) => {
      const found = names.find((name) => has(body, name));
      return found === undefined ? null : jsonReply({ detail: `Unsupported parameter: ${found}` }, { status: 400 });
    });
    const { call } = await make(url, { options: { quality: 'HIGH', moderation: 'LOW' } });
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 5 });
    expect(call.warnings.map(({ message }) => /option (\w+)/u.exec(message)?.[1])).toEqual([
      'partialImages',
      'quality',
      'moderation',
    ]);
    expect(upstream.requests).toHaveLength(5);
    expect(server.output().match(/the upstream refuses something/gu)).toHaveLength(4);
  });

  it('is left out of all requests of a call for several images', async () => {
    const { url, upstream } = await open(({ body }) => (has(body, 'quality') ? unknown('tools[0].quality') : null));
    const { call } = await make(url, { count: 3, options: { quality: 'LOW', partialImages: 0 } });
    expect(call).toMatchObject({ status: 'COMPLETED', attempts: 2, images: [{}, {}, {}] });
    expect(call.warnings).toHaveLength(1);
    expect(upstream.requests).toHaveLength(6);
  });

  it.each([
    ['what the image depends on', { size: '1024x1024' } as const, 'size', 'tools[0].size'],
    ['a transparent background', { background: 'TRANSPARENT' } as const, 'background', 'tools[0].background'],
  ])('does not include %s: the call fails with the words', async (_, options, name, path) => {
    const { url, upstream } = await open(({ body }) => (has(body, name) ? unknown(path) : null));
    const { call } = await make(url, { options });
    expect(call).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'INVALID_REQUEST' } });
    expect(call.failure?.message).toContain(path);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('an upstream that', () => {
  const DETAIL = (detail: string) => jsonReply({ detail }, { status: 400 });

  it.each([
    ['', DETAIL('Store must be set to false')],
    ['in the background', DETAIL('Store must be set to false')],
    ['in text', { status: 400, headers: { 'content-type': 'text/plain' }, writes: ['Store must be set to false'] }],
    ['in an error that is text', jsonReply({ error: 'Store must be set to false' }, { status: 400 })],
  ])('lets nothing be stored is told to store nothing, and then from the start %s', async (how, refusal) => {
    const env = how === 'in the background' ? { UPSTREAM_BACKGROUND: 'on' } : {};
    const { url, upstream, server } = await open(({ body }) => (body['store'] === false ? null : refusal), env);
    const first = await make(url);
    expect(first.call).toMatchObject({ status: 'COMPLETED', attempts: 2, warnings: [] });
    // What it did not store cannot be continued from.
    const { id } = await refine(url, { imageId: first.call.images[0]?.id ?? '', prompt: 'at night' });
    await watchToEnd(url, id);
    expect(await stateOf(url, id)).toMatchObject({ status: 'COMPLETED', attempts: 1, route: 'IMAGE_BYTES' });
    expect(upstream.requests).toHaveLength(3);
    expect(upstream.requests.some(({ body }, nth) => nth > 0 && 'background' in body)).toBe(false);
    expect(server.output()).toContain('UPSTREAM_STORE=off');
  });

  it.each<[string, Reply]>([
    ['with a detail', DETAIL('Unsupported parameter: previous_response_id')],
    [
      'in words only',
      errorReply(400, {
        type: 'invalid_request_error',
        message: 'previous_response_id is only supported on Responses WebSocket v2',
      }),
    ],
  ])('continues from no response is sent the bytes, and then from the start: %s', async (_, refusal) => {
    const { url, upstream } = await open(({ body }) => (has(body, 'previous_response_id') ? refusal : null));
    const { call } = await make(url);
    const imageId = call.images[0]?.id ?? '';
    const ends = [];
    for (const prompt of ['at night', 'at noon']) {
      const { id } = await refine(url, { imageId, prompt });
      await watchToEnd(url, id);
      ends.push(await stateOf(url, id));
    }
    expect(ends).toMatchObject([
      { status: 'COMPLETED', attempts: 2, route: 'IMAGE_BYTES' },
      { status: 'COMPLETED', attempts: 1, route: 'IMAGE_BYTES' },
    ]);
    expect(upstream.requests).toHaveLength(4);
  });

  it('does not work in the background is asked without, and then from the start', async () => {
    const { url, upstream } = await open(
      ({ body }) =>
        'background' in body ? jsonReply({ error: 'Unsupported parameter: background' }, { status: 400 }) : null,
      { UPSTREAM_BACKGROUND: 'on' },
    );
    expect((await make(url)).call).toMatchObject({ status: 'COMPLETED', attempts: 2 });
    expect((await make(url)).call).toMatchObject({ status: 'COMPLETED', attempts: 1 });
    expect(upstream.requests).toHaveLength(3);
  });
});

describe('an upstream that refuses without end', () => {
  const optional = ['partial_images', 'quality', 'moderation', 'action', 'tool_choice'];

  it('is asked once for each thing that a request can do without, and then no more', async () => {
    let isRefusing = false;
    const { url, upstream } = await open(
      ({ body }) => {
        if (!isRefusing) return null;
        const found = ['previous_response_id', 'background', ...optional].find((name) => has(body, name));
        if (found !== undefined) return jsonReply({ detail: `Unsupported parameter: ${found}` }, { status: 400 });
        const detail = body['store'] === false ? 'No.' : 'Store must be set to false';
        return jsonReply({ detail }, { status: 400 });
      },
      { UPSTREAM_BACKGROUND: 'on' },
    );
    const { call } = await make(url);
    isRefusing = true;
    const options = { quality: 'HIGH', moderation: 'LOW' } as const;
    const { id } = await refine(url, { imageId: call.images[0]?.id ?? '', prompt: 'at night', options });
    await watchToEnd(url, id);
    const attempts = optional.length + 4;
    expect(await stateOf(url, id)).toMatchObject({ status: 'FAILED', attempts, failure: { code: 'INVALID_REQUEST' } });
    expect(upstream.requests).toHaveLength(1 + attempts);
  });

  it.each([
    ['Store must be set to false', 2],
    ['Unsupported parameter: background', 2],
    ['Unsupported parameter: previous_response_id', 1],
    ['Unsupported parameter: partial_images', 2],
    ['Unsupported parameter: tool_choice', 2],
    ['Unsupported parameter: input', 1],
    ['No such file', 1],
    ['Response not found', 1],
  ])('whatever the request is, is asked a limited number of times: %s', async (detail, attempts) => {
    const { url, upstream } = await open(() => jsonReply({ detail }, { status: 400 }), { UPSTREAM_BACKGROUND: 'on' });
    const { call } = await make(url);
    expect(call).toMatchObject({ status: 'FAILED', attempts });
    expect(upstream.requests).toHaveLength(attempts);
  });
});

it('keeps the warning across a restart', async () => {
  const { upstream } = await open(({ body }) => (has(body, 'quality') ? unknown('tools[0].quality') : null));
  const before = await startProcessAt(upstream);
  const { id } = await make(before.url, { options: { quality: 'HIGH' } });
  await before.stop();
  const after = await startProcessAt(upstream, { dataDir: before.dataDir });
  opened.push(before, after);
  expect((await stateOf(after.url, id)).warnings).toMatchObject([{ code: 'OPTION_LEFT_OUT' }]);
});
