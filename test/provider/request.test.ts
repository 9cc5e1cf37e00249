/** What is sent to the upstream, and what is not. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import type { InputImage, ProviderRequest } from '../../src/provider/image-provider.ts';
import type { OpenAiProviderOptions } from '../../src/provider/openai/openai-provider.ts';
import { recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { picture, pictureBytes, providerError, run } from './run.ts';

const REPLY = streamReply(recordedEvents({ pictures: [{ bytes: pictureBytes('final') }] }));

async function sent(request: Partial<ProviderRequest>, provider: Partial<OpenAiProviderOptions> = {}) {
  const { requests, error } = await run(REPLY, { request, provider });
  expect(error).toBeNull();
  expect(requests).toHaveLength(1);
  const [only] = requests;
  if (only === undefined) throw new Error('nothing was sent');
  return only;
}

describe('a create request', () => {
  it('names nothing that was not asked for', async () => {
    const { method, path, headers, body } = await sent({});
    expect(`${method} ${path}`).toBe('POST /v1/responses');
    expect(headers.authorization).toBe('Bearer sk-test');
    expect(headers).not.toHaveProperty('openai-organization');
    expect(body).toEqual({
      model: 'gpt-5.6',
      stream: true,
      input: 'A cat in ink',
      tools: [{ type: 'image_generation' }],
      tool_choice: { type: 'image_generation' },
    });
  });

  it('says every option in the upstream’s words', async () => {
    const { headers, body } = await sent(
      {
        action: 'EDIT',
        safetyIdentifier: 'hash',
        settings: {
          model: 'gpt-image-2.5-flare',
          mainlineModel: 'gpt-5.7',
          size: '1536x864',
          quality: 'XHIGH',
          format: 'WEBP',
          compression: 80,
          background: 'TRANSPARENT',
          moderation: 'LOW',
          inputFidelity: 'HIGH',
          partialImages: 0,
          complexity: 'HIGH',
          frameCount: 5,
          frameDurationMs: 40,
          svg: { model: 'gpt-6-astra', reasoningEffort: 'XHIGH' },
          completionWindow: 'SOONEST',
        },
      },
      { imageModel: 'gpt-image-2', organization: 'org_1', project: 'proj_1' },
    );
    expect(headers).toMatchObject({ 'openai-organization': 'org_1', 'openai-project': 'proj_1' });
    expect(body).toMatchObject({ model: 'gpt-5.7', safety_identifier: 'hash' });
    expect(body['tools']).toEqual([
      {
        type: 'image_generation',
        action: 'edit',
        model: 'gpt-image-2.5-flare',
        size: '1536x864',
        quality: 'xhigh',
        output_format: 'webp',
        output_compression: 80,
        background: 'transparent',
        moderation: 'low',
        input_fidelity: 'high',
        complexity: 'high',
        frame_count: 5,
        frame_duration_ms: 40,
        svg: { model: 'gpt-6-astra', reasoning: { effort: 'xhigh' } },
      },
    ]);
  });

  it('asks for work in the background together with the keeping that it needs', async () => {
    const { body } = await sent({ background: true });
    expect(body).toMatchObject({ background: true, store: true, stream: true });
  });

  it('falls back on the image model of this server', async () => {
    const { body } = await sent({ settings: NO_SETTINGS }, { imageModel: 'gpt-image-2' });
    expect(body['tools']).toEqual([{ type: 'image_generation', model: 'gpt-image-2' }]);
  });

  it('refines by the previous response', async () => {
    const { body } = await sent({ context: { route: 'PREVIOUS_RESPONSE', responseId: 'resp_0' } });
    expect(body).toMatchObject({ input: 'A cat in ink', previous_response_id: 'resp_0' });
  });

  it('refines by items, named by id alone', async () => {
    const { body } = await sent({ context: { route: 'CONTEXT_ITEMS', itemIds: ['ig_1', 'ig_2'] } });
    expect(body['input']).toEqual([
      { type: 'image_generation_call', id: 'ig_1' },
      { type: 'image_generation_call', id: 'ig_2' },
      { role: 'user', content: 'A cat in ink' },
    ]);
    expect(body).not.toHaveProperty('previous_response_id');
  });

  it('refines by the bytes themselves', async () => {
    // A view into a larger buffer: only its own bytes must be sent.
    const bytes = pictureBytes('source').subarray(100, 200);
    const source = picture(bytes, null, 'image/webp');
    const { body } = await sent({ context: { route: 'IMAGE_BYTES', pictures: [source] } });
    expect(body['input']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'A cat in ink' },
          {
            type: 'input_image',
            image_url: `data:image/webp;base64,${bytes.toString('base64')}`,
            detail: 'auto',
          },
        ],
      },
    ]);
  });

  it('is not sent when a source cannot be read, and the reason is told', async () => {
    const gone = new Error('no such blob');
    const source = { fileId: null, read: () => Promise.reject(gone) };
    const result = await run(REPLY, { request: { context: { route: 'IMAGE_BYTES', pictures: [source] } } });
    expect(result.error).toBe(gone);
    expect(result.requests).toHaveLength(0);
  });
});

describe.each(['RESPONSES', 'IMAGES'] as const)('a request of %s that cannot be put together', (api) => {
  /** More bytes than a test could hold in memory. */
  const huge = (byteLength: number) => Object.defineProperty(new Uint8Array(4), 'byteLength', { value: byteLength });
  const from = (...pictures: InputImage[]) => ({ api, context: { route: 'IMAGE_BYTES', pictures } as const });

  it('is not sent, and nothing is said to have been asked', async () => {
    let asked = 0;
    const unreadable = { ...picture(pictureBytes('a')), read: () => Promise.reject(new Error('torn')) };
    const { requests, error } = await run(REPLY, { request: from(unreadable), beforeSend: () => (asked += 1) });
    expect({ requests, error: String(error), asked }).toEqual({ requests: [], error: 'Error: torn', asked: 0 });
  });

  it.each([
    ['a picture is', [huge(450_000_000)]],
    ['its pictures together are', [pictureBytes('small'), huge(390_069_900)]],
  ])('is not sent when %s longer than a string can be, and surely bought nothing', async (_, bytes) => {
    const result = await run(REPLY, { request: from(...bytes.map((each) => picture(each))) });
    expect(result.requests).toEqual([]);
    expect(providerError(result)).toMatchObject({
      kind: 'NOTHING_BOUGHT',
      failure: { code: 'INVALID_REQUEST', retryable: false, message: expect.stringContaining('too large') },
    });
  });

  it('differs from one that is asked, once', async () => {
    let asked = 0;
    const reply = api === 'IMAGES' ? { status: 400, writes: ['{}'] } : REPLY;
    await run(reply, { request: { api }, beforeSend: () => (asked += 1) });
    expect(asked).toBe(1);
  });
});
