/** The kind of each error, which says what can be done next. errors.test.ts checks the failures that users see. */
import { describe, expect, it } from 'vitest';
import type { ProviderContext } from '../../src/provider/image-provider.ts';
import { errorReply, type Json, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { providerError, run } from './run.ts';

const RAW = 'Org org-abc123 said: no good';
const CREATED = recordedEvents({ pictures: [] }).slice(0, 2);

describe('a refusal of work in the background', () => {
  const type = 'invalid_request_error';
  it.each<[number, Json, boolean]>([
    [400, { message: 'Background mode requires store to be true.', param: 'background' }, true],
    [400, { message: 'background can only be used when `store` is true', param: null }, true],
    [400, { message: "Unknown parameter: 'background'.", code: 'unknown_parameter', param: 'background' }, true],
    [400, { message: 'Not available to organizations with Zero Data Retention.', param: null }, true],
    [403, { message: 'This project has zero data retention enabled.' }, true],
    [422, { message: 'body.store: extra inputs are not permitted', param: 'store' }, true],
    [400, { message: "Invalid value: 'transparent'.", param: 'tools[0].background' }, false],
    [400, { message: 'Transparent background is not supported for this model.', param: null }, false],
    [400, { message: 'The background is too busy.', type: 'image_generation_user_error' }, false],
    [400, { message: 'A store with a blue background', code: 'moderation_blocked' }, false],
    [401, { message: 'No background for you.', code: 'invalid_api_key' }, false],
    [500, { message: 'The background worker crashed.' }, false],
    [404, { message: 'The model does not exist.', code: 'model_not_found' }, false],
  ])('%i %o: %s', async (status, error, refused) => {
    const reply = errorReply(status, { type, ...error });
    const inBackground = providerError(await run(reply, { request: { background: true } }));
    expect(inBackground.kind === 'BACKGROUND_REFUSED').toBe(refused);
    if (refused) expect(inBackground.nothingBought).toBe(true);
    // A request without the feature was rejected for another reason.
    expect(providerError(await run(reply)).kind).not.toBe('BACKGROUND_REFUSED');
  });

  it('comes behind a context that is lost, for which another route may work', async () => {
    const message = "Item with id 'ig_0' not found. Items are not persisted when `store` is set to false.";
    const context: ProviderContext = { route: 'CONTEXT_ITEMS', itemIds: ['ig_0'] };
    const result = await run(errorReply(404, { message }), { request: { context, background: true } });
    expect(providerError(result).kind).toBe('CONTEXT_LOST');
  });

  it('can be an error in place of the first event', async () => {
    const error = { type: 'error', code: 'unsupported_parameter', message: 'Not here.', param: 'background' };
    const result = await run(streamReply([error]), { request: { background: true } });
    expect(providerError(result)).toMatchObject({ kind: 'BACKGROUND_REFUSED', nothingBought: true });
  });
});

describe('where an error leaves a run', () => {
  const report = { code: 'server_error', message: RAW };
  it.each<[string, Json[], string, string | null]>([
    [
      'an error event behind the acceptance',
      [...CREATED, { type: 'error', ...report }],
      'NOT_RESUMABLE',
      'resp_scripted',
    ],
    ['an error event in place of the first', [{ type: 'error', ...report }], 'LOST', null],
    [
      'a failed response',
      [...CREATED, { type: 'response.failed', response: { id: 'resp_scripted', error: report } }],
      'ENDED',
      'resp_scripted',
    ],
    [
      'a cancelled response',
      [...CREATED, { type: 'response.cancelled', response: { id: 'resp_scripted', status: 'cancelled' } }],
      'CANCELLED',
      'resp_scripted',
    ],
    ['a stream that ends too early', CREATED, 'LOST', 'resp_scripted'],
  ])('%s', async (_, events, kind, responseId) => {
    const result = await run(streamReply(events));
    expect(providerError(result)).toMatchObject({ kind, responseId, nothingBought: false });
  });

  it('tells what was used, where the response says so', async () => {
    const usage = { input_tokens: 5 };
    const tool_usage = { image_gen: { output_tokens: 7 } };
    for (const type of ['response.failed', 'response.incomplete', 'response.completed']) {
      const response = { id: 'resp_scripted', output: [], usage, tool_usage };
      const result = await run(streamReply([...CREATED, { type, response }]));
      expect(providerError(result)).toMatchObject({
        kind: 'ENDED',
        usage: {
          tokens: { mainline: { inputTokens: 5, model: 'gpt-5.6' }, image: { outputTokens: 7, model: 'gpt-image-2' } },
          raw: { usage, toolUsage: tool_usage },
        },
      });
    }
  });
});
