/** Images that are uploaded ahead of the requests that use them, and files that the upstream has lost. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { type InputImage, ProviderError, type ProviderRequest } from '../../src/provider/image-provider.ts';
import type { OpenAiProviderOptions } from '../../src/provider/openai/openai-provider.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import {
  errorReply,
  type Json,
  jsonReply,
  type Reply,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import { collect, picture, pictureBytes, picturesOf, providerError, providerFor, REQUEST, run, Sinks } from './run.ts';

const BYTES = pictureBytes('source');
const UPLOADED = { id: 'file-1', object: 'file', bytes: BYTES.length, created_at: 1_790_000_000 };

interface UploadTry {
  readonly picture?: InputImage;
  readonly provider?: Partial<OpenAiProviderOptions>;
  readonly signal?: AbortSignal;
}

async function upload(reply: Reply, more: UploadTry = {}) {
  const upstream = await startScriptedUpstream(() => reply);
  const signal = more.signal ?? new AbortController().signal;
  const provider = providerFor(upstream.baseURL, more.provider);
  let error: unknown = null;
  const file = await provider.upload(more.picture ?? picture(BYTES), signal).catch((caught: unknown) => {
    error = caught;
    return null;
  });
  await upstream.close();
  return { file, error, requests: upstream.requests };
}

describe('an upload', () => {
  it('sends the bytes as a file for vision that expires, and tells until when it is there', async () => {
    const { file, requests } = await upload(jsonReply({ ...UPLOADED, expires_at: 1_790_003_600 }));
    expect(file).toEqual({ fileId: 'file-1', expiresAt: '2026-09-21T15:13:20.000Z' });
    const [request] = requests;
    if (request === undefined) throw new Error('nothing was sent');
    const { method, path, headers, body } = request;
    expect(`${method} ${path}`).toBe('POST /v1/files');
    expect(headers['content-type']).toMatch(/^multipart\/form-data/);
    expect(body).toEqual({
      file: expect.any(File),
      purpose: 'vision',
      'expires_after[anchor]': 'created_at',
      'expires_after[seconds]': '2588400',
    });
    // The line above has checked that it is one.
    const sent = body['file'] as File;
    expect([sent.name, sent.type]).toEqual(['picture.png', 'image/png']);
    expect(Buffer.from(await sent.arrayBuffer()).equals(BYTES)).toBe(true);
  });

  it('lives as long as this server is told, has the name of its format, and may have no end', async () => {
    const view = pictureBytes('larger').subarray(100, 200);
    const { file, requests } = await upload(jsonReply(UPLOADED), {
      provider: { fileExpirySeconds: 3600 },
      picture: picture(view, null, 'image/jpeg'),
    });
    expect(file).toEqual({ fileId: 'file-1', expiresAt: null });
    expect(requests[0]?.body).toMatchObject({ 'expires_after[seconds]': '3600' });
    // A form's file.
    const sent = requests[0]?.body['file'] as File;
    expect([sent.name, sent.size]).toEqual(['picture.jpg', 100]);
  });

  it.each<[number, Json, string]>([
    [400, { message: 'no', type: 'invalid_request_error' }, 'INVALID_REQUEST'],
    [401, { message: 'no', code: 'invalid_api_key' }, 'INTERNAL'],
    [404, { message: 'no' }, 'INVALID_REQUEST'],
    [429, { message: 'no' }, 'RATE_LIMITED'],
    [500, { message: 'no' }, 'UPSTREAM_UNAVAILABLE'],
    [501, { message: 'no' }, 'UPSTREAM_UNAVAILABLE'],
  ])('that is answered with %i is sent once, and bought nothing', async (status, report, code) => {
    const { error, requests } = await upload(errorReply(status, report));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      kind: 'NOTHING_BOUGHT',
      failure: { code, requestId: 'req_scripted', text: null },
    });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, Reply, string]>([
    ['never', { beforeHeaders: 'hang' }, 'TIMED_OUT'],
    [
      'never to its end',
      { headers: { 'content-type': 'application/json' }, writes: ['{"id":'], ending: 'hang' },
      'TIMED_OUT',
    ],
    ['by a dropped connection', { beforeHeaders: 'destroy' }, 'UPSTREAM_UNAVAILABLE'],
    ['with no id', jsonReply({ object: 'file' }), 'UPSTREAM_UNAVAILABLE'],
    ['with no JSON', { headers: { 'content-type': 'application/json' }, writes: ['{"id'] }, 'UPSTREAM_UNAVAILABLE'],
    ['with a page', { headers: { 'content-type': 'text/html' }, writes: ['<h1>Hello</h1>'] }, 'UPSTREAM_UNAVAILABLE'],
  ])('that is answered %s bought nothing', async (_, reply, code) => {
    const { error, requests } = await upload(reply, { provider: { uploadTimeoutMs: 200 } });
    expect(error).toMatchObject({ kind: 'NOTHING_BOUGHT', failure: { code, retryable: true } });
    expect(requests).toHaveLength(1);
  });

  it('that is aborted is told as it was given', async () => {
    const reason = new Error('cancelled by its owner');
    const before = await upload(jsonReply(UPLOADED), { signal: AbortSignal.abort(reason) });
    expect([before.error, before.requests.length]).toEqual([reason, 0]);
    const aborting = new AbortController();
    void delay(60).then(() => aborting.abort(reason));
    const during = await upload({ beforeHeaders: 'hang' }, { signal: aborting.signal });
    expect(during.error).toBe(reason);
  });

  it('is not sent when the picture cannot be read, and the reason is told', async () => {
    const gone = new Error('no such blob');
    const unreadable = { fileId: null, read: () => Promise.reject(gone) };
    const { error, requests } = await upload(jsonReply(UPLOADED), { picture: unreadable });
    expect([error, requests.length]).toEqual([gone, 0]);
  });
});

describe('a file that the upstream has lost', () => {
  const named = picture(BYTES, 'file-1');
  const context = { route: 'IMAGE_BYTES', pictures: [named] } as const;
  const type = 'invalid_request_error';

  it.each<[number, Json, boolean]>([
    [400, { code: 'file_not_found', message: 'No such File object: file-1' }, true],
    [400, { code: 'image_file_not_found', message: 'Not there.' }, true],
    [404, { code: null, message: 'No such File object: file-1' }, true],
    [400, { code: null, message: 'The file file-1 was not found in this project.' }, true],
    [400, { code: 'invalid_value', message: 'Invalid value.', param: 'input[0].content[1].file_id' }, true],
    [400, { code: 'unknown_parameter', message: 'Unknown.', param: 'images[0].file_id' }, true],
    [400, { code: 'moderation_blocked', message: 'No such file may be drawn.' }, false],
    [400, { code: 'invalid_value', message: 'Invalid value.', param: 'tools[0].size' }, false],
    [404, { code: 'model_not_found', message: 'The model does not exist.' }, false],
    [401, { code: 'invalid_api_key', message: 'No such file.' }, false],
    [429, { code: 'rate_limit_exceeded', message: 'file not found' }, false],
    [500, { code: 'server_error', message: 'No such File object: file-1' }, false],
  ])('%i %o: %s', async (status, report, lost) => {
    const reply = errorReply(status, { type, ...report });
    const requests: Partial<ProviderRequest>[] = [{ context }, { api: 'IMAGES', context }, { mask: named }];
    for (const request of requests) {
      const error = providerError(await run(reply, { request }));
      expect(error.kind === 'FILE_LOST').toBe(lost);
      if (lost) expect(error).toMatchObject({ nothingBought: true, failure: { code: 'INVALID_REQUEST' } });
    }
    // A request that sent bytes has named no file.
    const bytes = { route: 'IMAGE_BYTES', pictures: [picture(BYTES)] } as const;
    expect(providerError(await run(reply, { request: { context: bytes } })).kind).not.toBe('FILE_LOST');
  });

  it('is told by an error in place of the first event, and not by a response that fails', async () => {
    const report = { code: 'image_file_not_found', message: 'Not there.' };
    const first = await run(streamReply([{ type: 'error', ...report }]), { request: { context } });
    expect(providerError(first)).toMatchObject({ kind: 'FILE_LOST', nothingBought: true });
    const failed = { type: 'response.failed', response: { id: 'resp_1', error: report, output: [] } };
    const later = await run(streamReply([failed]), { request: { context } });
    expect(providerError(later)).toMatchObject({ kind: 'ENDED', failure: { code: 'INVALID_REQUEST' } });
  });
});

describe('against the simulator', () => {
  it('an image is uploaded, used by id in both APIs, lost, and then sent in the request', async () => {
    const simulator = await startSimulator({ art: 'plain', durationMs: 0 });
    const provider = providerFor(simulator.url);
    const signal = new AbortController().signal;
    const settings = { ...NO_SETTINGS, model: 'gpt-image-2', size: '1024x640', format: 'PNG' } as const;
    const made = (request: Partial<ProviderRequest>) =>
      collect(provider.generate({ ...REQUEST, settings, ...request }, { signal, openSink: new Sinks().openSink }));
    const [parent] = picturesOf(await made({}));
    const bytes = parent?.bytes ?? Buffer.alloc(0);
    const { fileId, expiresAt } = await provider.upload(picture(bytes), signal);
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000);
    const byId = { route: 'IMAGE_BYTES', pictures: [picture(Buffer.alloc(0), fileId)] } as const;
    const byBytes = { route: 'IMAGE_BYTES', pictures: [picture(bytes)] } as const;
    for (const api of ['RESPONSES', 'IMAGES'] as const) {
      expect(picturesOf(await made({ api, context: byId }))).toEqual(picturesOf(await made({ api, context: byBytes })));
    }
    await made({ prompt: 'A boat [sim:forget-files]' });
    for (const api of ['RESPONSES', 'IMAGES'] as const) {
      await expect(made({ api, context: byId })).rejects.toMatchObject({ kind: 'FILE_LOST' });
      await expect(made({ api, context: byBytes, mask: picture(bytes, fileId) })).rejects.toMatchObject({
        kind: 'FILE_LOST',
      });
      expect(picturesOf(await made({ api, context: byBytes }))).toHaveLength(1);
    }
    expect(simulator.requests.uploads).toBe(1);
    await simulator.close();
  });
});
