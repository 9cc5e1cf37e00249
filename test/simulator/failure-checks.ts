/** The checks for the scenarios in src/simulator/scenarios/failures.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import type { ResponseError } from 'openai/resources/responses/responses';
import { expect } from 'vitest';
import { type Played, rejected, responseOf } from './play.ts';
import { errorOf, MODEL, tool } from './support.ts';

/** Every `ResponseError.code` of the SDK. A new code in the SDK fails the type check here. */
const ERROR_CODES = Object.keys({
  server_error: true,
  rate_limit_exceeded: true,
  invalid_prompt: true,
  data_residency_mismatch: true,
  bio_policy: true,
  misalignment_policy_violation: true,
  vector_store_timeout: true,
  invalid_image: true,
  invalid_image_format: true,
  invalid_base64_image: true,
  invalid_image_url: true,
  image_too_large: true,
  image_too_small: true,
  image_parse_error: true,
  image_content_policy_violation: true,
  invalid_image_mode: true,
  image_file_too_large: true,
  unsupported_image_media_type: true,
  empty_image_file: true,
  failed_to_download_image: true,
  image_file_not_found: true,
} satisfies Record<ResponseError['code'], true>);

function failsWith(code: string) {
  return (played: Played) => {
    expect(played.types.at(-1)).toBe('response.failed');
    expect(responseOf(played)).toMatchObject({ status: 'failed', error: { code, message: expect.any(String) } });
    expect(played.simulator.requests.pictures).toBe(0);
  };
}

async function replay(client: OpenAI, input: string) {
  return (await client.responses.create({ model: MODEL, input, tools: [tool()] })).status;
}

export const FAILURE_CHECKS: Readonly<Record<string, (played: Played) => void | Promise<void>>> = {
  'every-other-fails': async (played) => {
    const again = () => replay(played.client, 'a boat [sim:every-other-fails]');
    expect(played.types.at(-1)).toBe('response.completed');
    expect([await again(), await again(), await again()]).toEqual(['failed', 'completed', 'failed']);
    expect(await replay(played.client, 'a cat [sim:every-other-fails]')).toBe('completed');
  },
  'every-other-moderated': async (played) => {
    const again = () => replay(played.client, 'a boat [sim:every-other-moderated]');
    expect(played.types.at(-1)).toBe('response.completed');
    expect([await again(), await again()]).toEqual(['failed', 'completed']);
  },
  'every-other-rate-limited-once': async (played) => {
    const again = () => replay(played.client, 'a boat [sim:every-other-rate-limited-once]');
    expect(played.types.at(-1)).toBe('response.completed');
    const error = await errorOf(again());
    expect([error.status, error.headers?.get('retry-after')]).toEqual([429, '1']);
    expect(await again()).toBe('completed');
    expect((await errorOf(again())).status).toBe(429);
    await sleep(1000);
    expect([await again(), await again(), await again()]).toEqual(['completed', 'completed', 'completed']);
  },
  'incomplete-moderated': (played) => {
    expect(responseOf(played)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [{ status: 'failed', error: { moderation_details: { moderation_stage: 'output' } } }],
    });
    expect(played.types.at(-1)).toBe('response.incomplete');
  },
  'azure-content-filter': rejected(400, {
    code: 'content_filter',
    error: { innererror: { content_filter_result: { violence: { filtered: true } } } },
  }),
  'failed-unexplained': (played) => {
    const { status, output } = responseOf(played);
    expect(status).toBe('completed');
    expect(output).toMatchObject([{ status: 'failed', result: null }, { content: [{ type: 'output_text' }] }]);
    expect(output[0]).not.toHaveProperty('error');
    expect(played.simulator.requests.pictures).toBe(0);
  },
  'counts-from-zero': ({ events }) => {
    const drawn = events.flatMap((event) =>
      'response' in event ? [event.response.tool_usage?.image_gen?.output_tokens] : [],
    );
    expect(drawn).toEqual([0, 0, expect.any(Number)]);
    expect(drawn.at(-1)).toBeGreaterThan(0);
  },
  ...Object.fromEntries(ERROR_CODES.map((code) => [`error-${code.replaceAll('_', '-')}`, failsWith(code)])),
  ...Object.fromEntries(
    ['max_messages', 'content_filter', 'steered'].map((reason) => [
      `incomplete-${reason.replaceAll('_', '-')}`,
      (played: Played) => {
        expect(played.types.at(-1)).toBe('response.incomplete');
        expect(responseOf(played)).toMatchObject({ status: 'incomplete', incomplete_details: { reason } });
      },
    ]),
  ),
  incomplete: (played) =>
    expect(responseOf(played)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    }),
  failed: (played) => expect(responseOf(played)).toMatchObject({ status: 'failed', error: { code: 'server_error' } }),
};
