/** A response that ends without a picture: the reason that the upstream gives, and what the mainline model said. */
import { describe, expect, it } from 'vitest';
import { type Json, jsonReply, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
import { pictureBytes, picturesOf, providerError, run } from './run.ts';

const CREATED = recordedEvents({ pictures: [] }).slice(0, 2);

describe('a response without a picture', () => {
  it('is NO_IMAGE with what the model said, in full beside a short quote', async () => {
    const text = `Which cat?\n${'x'.repeat(2_000)}`;
    const result = await run(streamReply(recordedEvents({ pictures: [], text })));
    const { code, message, text: said } = providerError(result).failure;
    expect(code).toBe('NO_IMAGE');
    expect(message).toContain('Which cat? x');
    expect(message.length).toBeLessThan(250);
    expect(said).toBe(text);
    expect(providerError(result).nothingBought).toBe(false);
  });

  it('has a bound to what the model said, and no half of a character at it', async () => {
    const text = `x${'😀'.repeat(20_000)}`;
    const { failure } = providerError(await run(streamReply(recordedEvents({ pictures: [], text }))));
    expect(failure.text).toBe(`x${'😀'.repeat(15_999)}`);
  });

  it('that says nothing is NO_IMAGE too', async () => {
    const result = await run(streamReply(recordedEvents({ pictures: [] })));
    expect(providerError(result).failure).toMatchObject({ code: 'NO_IMAGE', retryable: true, text: null });
  });

  it('with a damaged picture says so', async () => {
    const events = recordedEvents({ pictures: [{ bytes: pictureBytes('final'), item: { result: 'AAAA*AAA' } }] });
    const result = await run(streamReply(events));
    expect(providerError(result).failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(picturesOf(result.events)).toEqual([]);
    expect(result.sinks).toMatchObject({ open: 0, finished: 0 });
  });

  it('with a picture larger than this server takes says so', async () => {
    const events = recordedEvents({ pictures: [{ bytes: pictureBytes('final', 300_000) }] });
    const result = await run(streamReply(events), { provider: { maxPictureBytes: 299_999 } });
    expect(providerError(result).failure).toMatchObject({ code: 'INTERNAL', retryable: false });
    expect(result.sinks).toMatchObject({ open: 0, finished: 0 });
  });
});

describe('an incomplete response', () => {
  it.each([
    ['max_output_tokens', 'INCOMPLETE', false],
    ['max_messages', 'INCOMPLETE', false],
    ['steered', 'INCOMPLETE', true],
    ['content_filter', 'MODERATION_BLOCKED', false],
    ['something_new', 'INCOMPLETE', true],
  ])('for %s is %s', async (reason, code, retryable) => {
    const response = { id: 'resp_1', status: 'incomplete', incomplete_details: { reason }, output: [] };
    const result = await run(streamReply([...CREATED, { type: 'response.incomplete', response }]));
    expect(providerError(result).failure).toMatchObject({ code, retryable });
    expect(providerError(result).nothingBought).toBe(false);
  });
});

describe('a picture that failed without a reason', () => {
  const failed = { type: 'image_generation_call', id: 'ig_0', status: 'failed', result: null };
  const item = { type: 'response.output_item.done', output_index: 1, item: failed };

  it('is NO_IMAGE where the model says in words why it did not come', async () => {
    const text = 'I could not draw this: the tool is not there.';
    const events = recordedEvents({ pictures: [], text });
    const result = await run(streamReply([...events.slice(0, 2), item, ...events.slice(2)]));
    expect(providerError(result)).toMatchObject({ kind: 'ENDED', nothingBought: false });
    expect(providerError(result).failure).toMatchObject({ code: 'NO_IMAGE', retryable: true, text });
    expect(providerError(result).failure.message).toContain(text);
  });

  it('is UPSTREAM_UNAVAILABLE where the model says nothing either', async () => {
    const events = recordedEvents({ pictures: [] });
    const result = await run(streamReply([...events.slice(0, 2), item, ...events.slice(2)]));
    expect(providerError(result).failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', text: null });
  });

  it('tells the same when it is looked at later', async () => {
    const text = 'It did not work.';
    const message = { type: 'message', id: 'msg_0', content: [{ type: 'output_text', text }] };
    const document = { id: 'resp_1', status: 'completed', output: [failed, message] };
    const { failure } = providerError(await run(jsonReply(document)));
    expect(failure).toMatchObject({ code: 'NO_IMAGE', text });
  });
});

describe('what the model said', () => {
  const text = 'I will not draw that.';
  const content = [{ type: 'output_text', annotations: [], text }];
  const message = {
    type: 'response.output_item.done',
    output_index: 0,
    item: { id: 'msg_0', type: 'message', content },
  };
  const error = { code: 'server_error', message: 'It broke.' };
  const item = { id: 'ig_0', type: 'image_generation_call', status: 'failed', result: null, error };
  const response = (status: string, more: Json = {}) => ({
    type: `response.${status}`,
    response: { id: 'resp_1', status, output: [], ...more },
  });

  it.each<[string, Json[]]>([
    ['failed', [response('failed', { error })]],
    ['is incomplete', [response('incomplete', { incomplete_details: { reason: 'content_filter' } })]],
    ['was cancelled', [response('cancelled')]],
    ['ends in an error event', [{ type: 'error', ...error }]],
    ['breaks off', []],
    [
      'has a picture that failed',
      [{ type: 'response.output_item.done', output_index: 1, item }, response('completed')],
    ],
    [
      'has a picture that is damaged',
      [
        { type: 'response.output_item.done', output_index: 1, item: { ...item, result: 'AAAA*AAA' } },
        response('completed'),
      ],
    ],
  ])('is told with the failure of a response that %s', async (_, ending) => {
    const { failure } = providerError(await run(streamReply([...CREATED, message, ...ending])));
    expect(failure).toMatchObject({ text });
    expect(failure.code).not.toBe('NO_IMAGE');
  });
});
