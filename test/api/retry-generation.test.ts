/** Asking once more for what a call did not bring: a new call, linked to the old one, whose log stays closed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { execute } from '../support/client.ts';
import { openShop, order, orderedCall, orderToEnd, retry, type Shop } from './orders.ts';
import { unknownId, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ MAX_ATTEMPTS: '1' }, { durationMs: 0 });
});
afterAll(() => shop[Symbol.asyncDispose]());

const OPTIONS = { size: '1024x640', format: 'JPEG', partialImages: 0 } as const;

async function retried(callId: string, idempotencyKey?: string) {
  const again = await retry(shop.url, idempotencyKey === undefined ? { callId } : { callId, idempotencyKey });
  if (again.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(again));
  await watchToEnd(shop.url, again.call.id);
  return orderedCall(shop.url, again.call.id);
}

describe('retryGeneration', () => {
  it('makes a failed call again in a new one that is linked to it, in the same conversation', async () => {
    const { call, events } = await orderToEnd(shop.url, {
      prompt: 'a kite [sim:rate-limited-once]',
      options: OPTIONS,
      verbatim: true,
    });
    expect(call.status).toBe('FAILED');
    const again = await retried(call.id);
    expect(again).toMatchObject({ status: 'COMPLETED', verbatim: true, count: 1, retryOf: { id: call.id } });
    expect(again.conversation.id).toBe(call.conversation.id);
    expect((await orderedCall(shop.url, call.id)).retries).toEqual([{ id: again.id }]);
    expect(await watchToEnd(shop.url, call.id)).toHaveLength(events.length);
  });

  it('makes a cancelled call again', async () => {
    const slow = await order(shop.url, { prompt: 'a boat [sim:duration=60000]', options: OPTIONS });
    if (slow.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(slow));
    await execute(shop.url, CancelGeneration, { input: { callId: slow.call.id } });
    expect((await orderedCall(shop.url, slow.call.id)).status).toBe('CANCELLED');
    const again = await retry(shop.url, { callId: slow.call.id });
    if (again.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(again));
    expect(again.call.retryOf?.id).toBe(slow.call.id);
    await execute(shop.url, CancelGeneration, { input: { callId: again.call.id } });
  });

  it('is the same call for the same key', async () => {
    const { call } = await orderToEnd(shop.url, { prompt: 'a bell [sim:rate-limited-once]', options: OPTIONS });
    const first = await retried(call.id, 'again');
    const second = await retried(call.id, 'again');
    expect(second.id).toBe(first.id);
    expect((await orderedCall(shop.url, call.id)).retries).toHaveLength(1);
  });

  it('is refused for a call that brought everything, that is under way, or that is not there', async () => {
    const { call } = await orderToEnd(shop.url, { prompt: 'a finished kite', options: OPTIONS });
    expect(await retry(shop.url, { callId: call.id })).toMatchObject({
      __typename: 'NotRetryableError',
      code: 'NOT_RETRYABLE',
    });
    const running = await order(shop.url, { prompt: 'a slow kite [sim:duration=60000]', options: OPTIONS });
    if (running.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(running));
    expect(await retry(shop.url, { callId: running.call.id })).toMatchObject({ __typename: 'NotRetryableError' });
    await execute(shop.url, CancelGeneration, { input: { callId: running.call.id } });
    expect(await retry(shop.url, { callId: unknownId('GenerationCall') })).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await retry(shop.url, { callId: 'nonsense' })).toMatchObject({ __typename: 'InvalidInputError' });
  });
});
