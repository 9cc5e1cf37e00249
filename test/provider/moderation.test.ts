/** A block by the safety system: where it was, what it was for, and what it may have cost. */
import { describe, expect, it } from 'vitest';
import { errorReply, recordedEvents, streamReply } from '../support/scripted-upstream.ts';
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
