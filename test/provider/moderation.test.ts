/** Blocks by the safety system: their stage, their categories, and whether they may have cost anything. */
import { describe, expect, it } from 'vitest';
import type { ModerationDetails } from '../../src/domain/generation/failure.ts';
import { errorReply, type Json, jsonReply, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { pictureBytes, providerError, run } from './run.ts';

const RAW = 'Org org-abc123 said: key sk-proj-abcdefgh1234 is\nno good';
const CREATED = recordedEvents({ pictures: [] }).slice(0, 2);

describe('a block by the safety system', () => {
  const details = { moderation_stage: 'output', categories: ['violence', 'self-harm'] };
  const report = { code: 'moderation_blocked', type: 'image_generation_user_error', message: RAW };

  it('is told with its details, which stand in the image item', async () => {
    const item = { id: 'ig_1', type: 'image_generation_call', status: 'failed', result: null };
    const error = { ...report, moderation_details: details };
    const incomplete_details = { reason: 'max_output_tokens' };
    for (const ending of ['response.failed', 'response.completed', 'response.incomplete']) {
      const failed = { error: { code: 'server_error', message: RAW }, incomplete_details };
      const response = { id: 'resp_1', ...failed, output: [{ ...item, error }] };
      const result = await run(streamReply([...CREATED, { type: ending, response }]));
      expect(providerError(result).failure).toMatchObject({
        code: 'MODERATION_BLOCKED',
        moderation: { stage: 'output', categories: ['violence', 'self-harm'] },
      });
    }
  });

  it('at the output stage may have cost something', async () => {
    const atInput = { ...details, moderation_stage: 'input' };
    const input = await run(errorReply(400, { ...report, moderation_details: atInput }));
    const output = await run(errorReply(400, { ...report, moderation_details: details }));
    expect([providerError(input).nothingBought, providerError(output).nothingBought]).toEqual([true, false]);
  });

  it('is told with the categories that only its message lists', async () => {
    const message = 'Your request was rejected by the safety system. safety_violations=[sexual, violence].';
    const result = await run(errorReply(400, { ...report, message }));
    expect(providerError(result).failure.moderation).toEqual({ stage: 'unknown', categories: ['sexual', 'violence'] });
  });

  it('of one picture does not fail a response that has another', async () => {
    const item = { id: 'ig_9', type: 'image_generation_call', status: 'failed', result: null, error: report };
    const failed = { type: 'response.output_item.done', output_index: 7, item };
    const events = recordedEvents({ pictures: [{ bytes: pictureBytes('final') }] });
    const { error } = await run(streamReply([...events.slice(0, -1), failed, ...events.slice(-1)]));
    expect(error).toBeNull();
  });
});

/** Answers of Azure's content filter, from real responses and from its documentation. */
const SAFE = { filtered: false, severity: 'safe' };
const FOUND = { hate: SAFE, self_harm: { filtered: true, severity: 'high' }, sexual: SAFE, violence: SAFE };
const JAILBREAK = { ...FOUND, self_harm: SAFE, jailbreak: { detected: true, filtered: true } };
const POLICY = 'ResponsibleAIPolicyViolation';
const TASK = 'Your task failed as a result of our safety system.';
const PICTURE = 'Generated image was filtered as a result of our safety system.';

describe('a block by Azure’s content filter', () => {
  const filter = (source_type: string, content_filter_results: Json) => ({
    blocked: true,
    source_type,
    content_filter_results,
  });

  it.each<[string, Json, ModerationDetails]>([
    [
      'of a prompt',
      { code: 'content_filter', param: 'prompt', innererror: { code: POLICY, content_filter_result: FOUND } },
      { stage: 'input', categories: ['self_harm'] },
    ],
    [
      'of the Image API',
      {
        code: 'content_policy_violation',
        type: 'invalid_request_error',
        inner_error: { code: POLICY, content_filter_results: JAILBREAK, revised_prompt: 'a cat' },
      },
      { stage: 'unknown', categories: ['jailbreak'] },
    ],
    [
      'of the Responses API',
      {
        code: 'content_filter',
        param: 'prompt',
        content_filters: [filter('prompt', { ...FOUND, hate: FOUND.self_harm })],
      },
      { stage: 'input', categories: ['hate', 'self_harm'] },
    ],
    [
      'of an answer, beside its prompt',
      { code: 'content_filter', content_filters: [filter('prompt', { hate: SAFE }), filter('completion', FOUND)] },
      { stage: 'output', categories: ['self_harm'] },
    ],
    ['of a finished picture', { code: 'contentFilter', message: PICTURE }, { stage: 'output', categories: [] }],
    [
      'of a finished picture, with its categories',
      { code: 'contentFilter', message: PICTURE, innererror: { code: POLICY, content_filter_result: FOUND } },
      { stage: 'output', categories: ['self_harm'] },
    ],
  ])('%s is told with the categories that it found', async (_, error, moderation) => {
    const refused = providerError(await run(errorReply(400, { message: TASK, ...error })));
    expect(refused.failure).toMatchObject({ code: 'MODERATION_BLOCKED', moderation });
    expect(refused.nothingBought).toBe(moderation.stage !== 'output');
  });

  it.each<[string, Json]>([
    ['names nothing', {}],
    ['names what it let pass', { inner_error: { code: POLICY, content_filter_results: { hate: SAFE } } }],
    ['has something else in the place', { innererror: [], inner_error: 'no', content_filters: [null, 7, {}] }],
  ])('that %s has no details', async (_, more) => {
    const error = { code: 'contentFilter', message: TASK, ...more };
    const refused = providerError(await run(errorReply(400, error)));
    expect(refused.failure).toMatchObject({ code: 'MODERATION_BLOCKED', moderation: null });
  });

  it('is told by a response that ends incomplete', async () => {
    const response = {
      id: 'resp_1',
      incomplete_details: { reason: 'content_filter' },
      content_filters: [filter('completion', FOUND)],
      output: [],
    };
    const { failure } = providerError(await run(streamReply([...CREATED, { type: 'response.incomplete', response }])));
    expect(failure.moderation).toEqual({ stage: 'output', categories: ['self_harm'] });
  });
});

const BLOCKS: readonly [Json, string?, (readonly string[])?][] = [
  [{ code: POLICY, message: 'No.' }],
  [{ code: 'BadRequest', message: 'No.', innererror: { code: POLICY } }],
  [{ code: 'contentPolicyViolation', message: 'No.' }],
  [{ code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' }, 'input'],
  [{ code: 'InputImageSensitiveContentDetected', message: 'No.' }],
  [{ code: 'content_moderation', message: 'No.', categories: ['violence', 'gore'] }, 'unknown', ['violence', 'gore']],
  [{ type: 'moderation_error', message: 'No.', categories: { hate: true, sexual: false } }, 'unknown', ['hate']],
  [{ message: 'Your request was rejected as a result of our safety system.' }],
  [
    { message: 'The response was filtered due to the prompt triggering Azure OpenAI’s content management policy.' },
    'input',
  ],
  [{ message: 'The prompt violates our content policy.' }, 'input'],
  [{ message: 'The generated image was blocked by the content filter.' }, 'output'],
  [{ message: 'This prompt was flagged by moderation: NSFW content.' }, 'input'],
  [{ message: 'Prohibited content found in the input image.' }, 'input'],
];

describe('a block by a compatible service', () => {
  it.each(BLOCKS)('%j', async (error, stage, categories = []) => {
    const moderation = stage === undefined ? null : { stage, categories };
    for (const api of ['RESPONSES', 'IMAGES'] as const) {
      for (const status of [400, 403, 422]) {
        const refused = providerError(await run(errorReply(status, error), { request: { api } }));
        expect(refused.failure).toMatchObject({ code: 'MODERATION_BLOCKED', retryable: false, moderation });
        expect(refused.nothingBought).toBe(stage !== 'output');
      }
      const inStream = providerError(await run(streamReply([{ type: 'error', error }]), { request: { api } }));
      expect(inStream.failure).toMatchObject({ code: 'MODERATION_BLOCKED', moderation });
    }
    const failed = { type: 'response.failed', response: { id: 'resp_1', error, output: [] } };
    const late = providerError(await run(streamReply([...CREATED, failed])));
    expect(late.failure).toMatchObject({ code: 'MODERATION_BLOCKED', moderation });
    expect(late.nothingBought).toBe(false);
  });

  it.each<[number, Json]>([
    [403, { message: 'Your account was suspended because it violated our usage policies.' }],
    [
      400,
      {
        message: "Invalid value: 'none'. Supported values are 'auto' and 'low'.",
        param: 'moderation',
        code: 'invalid_value',
      },
    ],
    [400, { message: 'Unknown parameter: moderation', code: 'unknown_parameter' }],
    [400, { message: 'The size violates the limits of this model.' }],
    [400, { message: 'A cat that was rejected by our safety system, in ink: the prompt is too long.' }],
    [429, { message: 'Too many requests were blocked by the content filter.' }],
    [500, { message: 'The safety system failed to filter.' }],
    [400, { code: 'invalid_prompt', message: 'Your prompt was flagged as potentially violating our usage policy.' }],
  ])('is not %i %j', async (status, error) => {
    const request = { prompt: 'A cat that was rejected by our safety system, in ink' };
    const { failure } = providerError(await run(errorReply(status, error), { request }));
    expect(failure.code).not.toBe('MODERATION_BLOCKED');
  });
});

describe('an image that is missing from a document of the Image API', () => {
  it.each<[Json, ModerationDetails]>([
    [{ content_filter_results: FOUND }, { stage: 'output', categories: ['self_harm'] }],
    [
      { content_filter_results: { hate: SAFE }, prompt_filter_results: JAILBREAK },
      { stage: 'input', categories: ['jailbreak'] },
    ],
  ])('because it was filtered is a block: %j', async (item, moderation) => {
    const result = await run(jsonReply({ created: 1, data: [item] }), { request: { api: 'IMAGES' } });
    expect(providerError(result)).toMatchObject({ kind: 'ENDED', failure: { code: 'MODERATION_BLOCKED', moderation } });
  });

  it('for another reason is no block', async () => {
    const reply = jsonReply({ created: 1, data: [{ content_filter_results: { hate: SAFE } }] });
    expect(providerError(await run(reply, { request: { api: 'IMAGES' } })).failure.code).toBe('NO_IMAGE');
  });
});
