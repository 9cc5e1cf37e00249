/** An upstream that is not the simulator: what it is asked, in its own words, and that its answer makes a picture. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { data } from '../support/client.ts';
import { WhoAmI } from '../support/documents.ts';
import {
  compatibleEvents,
  recordedEvents,
  type ScriptedUpstream,
  sse,
  sseUnnamed,
  startScriptedUpstream,
  streamReply,
} from '../support/scripted-upstream.ts';
import type { RunningServer } from '../support/server.ts';
import { allOf, callDetails, fetchBytes, firstOf, generateToEnd, picture, typesOf } from './steps.ts';
import { startServerAt } from './upstreams.ts';

const BYTES = await picture('teal', 80, 48);
const PARTIALS = [await picture('silver'), await picture('grey')];
const ANSWER = {
  responseId: 'resp_other',
  pictures: [{ bytes: BYTES, partials: PARTIALS, revisedPrompt: 'A boat, revised' }],
};

let upstream: ScriptedUpstream;
let server: RunningServer;
let url: string;

beforeAll(async () => {
  upstream = await startScriptedUpstream(({ body }) => {
    if (body['input'] === 'compatible') return { writes: compatibleEvents(ANSWER).map(sseUnnamed) };
    if (body['input'] === 'in pieces') {
      // As a network may deliver it: cut anywhere, inside of characters and of base64.
      const all = Buffer.from(recordedEvents(ANSWER).map(sse).join(''));
      return {
        writes: Array.from({ length: Math.ceil(all.length / 97) }, (_, at) => all.subarray(at * 97, (at + 1) * 97)),
      };
    }
    return streamReply(recordedEvents(ANSWER));
  });
  server = await startServerAt(upstream, {
    env: { OPENAI_API_KEY: 'sk-the-key', OPENAI_MODEL: 'gpt-5.6', OPENAI_IMAGE_MODEL: 'gpt-image-2' },
  });
  ({ url } = server);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await upstream?.close();
});

describe('a whole generation', () => {
  it.each(['recorded', 'compatible', 'in pieces'])('comes from a stream as %s', async (prompt) => {
    const { id, events } = await generateToEnd(url, { prompt });
    expect(typesOf(events)).toEqual([
      'GenerationQueued',
      'GenerationStarted',
      'PartialImageReceived',
      'PartialImageReceived',
      'ImageCompleted',
      'GenerationCompleted',
    ]);
    const partials = allOf(events, 'PartialImageReceived').map(({ partial }) => partial);
    expect(await Promise.all(partials.map((partial) => fetchBytes(partial.url)))).toEqual(PARTIALS);
    const { image } = firstOf(events, 'ImageCompleted');
    expect(await fetchBytes(image.url)).toEqual(BYTES);
    // The size is read from the bytes, whatever the upstream says of it.
    expect(image).toMatchObject({ width: 80, height: 48, format: 'PNG' });
    expect(await callDetails(url, id)).toMatchObject({
      status: 'COMPLETED',
      attempts: 1,
      responseId: 'resp_other',
      revisedPrompt: 'A boat, revised',
    });
  });
});

describe('the request', () => {
  it('asks for one streamed picture with two partials, with the key, the models and a hashed principal', async () => {
    await generateToEnd(url, { prompt: 'a boat' });
    const { method, path, headers, body } = upstream.requests.at(-1) ?? {};
    expect({ method, path }).toEqual({ method: 'POST', path: '/v1/responses' });
    expect(headers).toMatchObject({ authorization: 'Bearer sk-the-key', 'content-type': 'application/json' });
    expect(body).toEqual({
      model: 'gpt-5.6',
      stream: true,
      input: 'a boat',
      tools: [{ type: 'image_generation', model: 'gpt-image-2', partial_images: 2 }],
      tool_choice: { type: 'image_generation' },
      // An HMAC of the principal. Its key is in the data folder.
      safety_identifier: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
  });

  it("says every option in the upstream's words", async () => {
    await generateToEnd(url, {
      prompt: 'a boat',
      options: {
        model: 'gpt-image-2.5-flare',
        size: '1536x1024',
        quality: 'XHIGH',
        format: 'WEBP',
        compression: 70,
        background: 'OPAQUE',
        moderation: 'LOW',
        inputFidelity: 'HIGH',
        partialImages: 3,
      },
    });
    expect(upstream.requests.at(-1)?.body['tools']).toEqual([
      {
        type: 'image_generation',
        model: 'gpt-image-2.5-flare',
        size: '1536x1024',
        quality: 'xhigh',
        output_format: 'webp',
        output_compression: 70,
        background: 'opaque',
        moderation: 'low',
        input_fidelity: 'high',
        partial_images: 3,
      },
    ]);
  });

  it('asks for no partials of a GIF', async () => {
    await generateToEnd(url, {
      prompt: 'a boat',
      options: { model: 'gpt-image-2.6-flare', format: 'GIF', partialImages: 2 },
    });
    expect(upstream.requests.at(-1)?.body['tools']).toEqual([
      { type: 'image_generation', model: 'gpt-image-2.6-flare', output_format: 'gif' },
    ]);
  });

  it('never shows the key to a client or in the log', async () => {
    await generateToEnd(url, { prompt: 'a boat' });
    expect(server.output()).not.toContain('sk-the-key');
  });
});

describe('viewer', () => {
  it('says COMPATIBLE, with the models', async () => {
    const { viewer } = await data(url, WhoAmI, {});
    expect(viewer.upstream).toEqual({ kind: 'COMPATIBLE', model: 'gpt-5.6', imageModel: 'gpt-image-2' });
  });

  it('says OPENAI as soon as there is a key alone', async () => {
    await using real = await startServerHere({ env: { OPENAI_API_KEY: 'sk-never-used' } });
    const { viewer } = await data(real.url, WhoAmI, {});
    expect(viewer.upstream).toMatchObject({ kind: 'OPENAI', imageModel: null });
  });
});
