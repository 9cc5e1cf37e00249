/** Errors that reject the Image API as such, after which the other API can work. error-kinds.test.ts has the other kinds. */
import { describe, expect, it } from 'vitest';
import { NO_SETTINGS } from '../../src/domain/generation/options.ts';
import { errorReply, type Json, streamReply } from '../support/scripted-upstream.ts';
import { providerError, run } from './run.ts';

const STREAMED = { api: 'IMAGES', settings: { ...NO_SETTINGS, partialImages: 2 } } as const;
const BATCH = { api: 'IMAGES', count: 4 } as const;

describe('a refusal of the Image API itself', () => {
  const type = 'invalid_request_error';
  it.each<[number, Json, boolean]>([
    [404, { message: 'Invalid URL (POST /v1/images/edits)' }, true],
    [404, { message: 'Resource not found', code: '404' }, true],
    [405, { message: 'Method not allowed' }, true],
    [415, { message: 'Unsupported media type' }, true],
    [501, { message: 'Not implemented' }, true],
    [400, { message: 'Streaming is only supported with n=1.' }, true],
    [400, { message: 'Streaming is not supported for this model.', param: 'stream' }, true],
    [400, { message: "Unknown parameter: 'images'.", param: 'images', code: 'unknown_parameter' }, true],
    [400, { message: "Unsupported parameter: 'n'.", param: 'n', code: 'unsupported_parameter' }, true],
    [422, { message: 'Expected multipart/form-data' }, true],
    [404, { message: 'The model does not exist.', code: 'model_not_found' }, false],
    [404, { message: 'The API deployment for this resource does not exist.', code: 'DeploymentNotFound' }, false],
    [400, { message: "Invalid value: 'huge'.", param: 'size', code: 'invalid_value' }, false],
    [400, { message: 'Streaming is only supported with n=1.', code: 'moderation_blocked' }, false],
    [401, { message: 'Image API is not enabled', code: 'invalid_api_key' }, false],
    [429, { message: 'image generations are not available now' }, false],
    [500, { message: 'Streaming is only supported with n=1.' }, false],
    [503, { message: 'image API is not available' }, false],
  ])('%i %o: %s', async (status, error, refused) => {
    const reply = errorReply(status, { type, ...error });
    const images = providerError(await run(reply, { request: BATCH }));
    expect(images.kind === 'API_REFUSED').toBe(refused);
    if (refused) expect(images.nothingBought).toBe(true);
    // A request to the other API was rejected for another reason.
    expect(providerError(await run(reply)).kind).not.toBe('API_REFUSED');
  });

  it('can come without a body, or in place of the first event', async () => {
    const page = { status: 404, headers: { 'content-type': 'text/html' }, writes: ['<h1>Not found</h1>'] };
    expect(providerError(await run(page, { request: BATCH })).kind).toBe('API_REFUSED');
    const error = { type: 'error', error: { type, message: 'Streaming is only supported with n=1.' } };
    expect(providerError(await run(streamReply([error]), { request: STREAMED })).kind).toBe('API_REFUSED');
  });
});
