/** A call is retried once at a time: clicks that are too many return the retry that is under way, and buy nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelGeneration } from '../support/call-documents.ts';
import { execute, overWebSocket } from '../support/client.ts';
import type { RetryGenerationInput } from '../support/gql/graphql.ts';
import { RetryGeneration } from '../support/order-documents.ts';
import { openShop, order, orderedCall, orderToEnd, retry, type Shop } from './orders.ts';
import { eventually, watchToEnd } from './steps.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ MAX_ATTEMPTS: '1' }, { durationMs: 0 });
});
afterAll(() => shop[Symbol.asyncDispose]());

const OPTIONS = { size: '1024x640', format: 'JPEG', partialImages: 0 } as const;

let kites = 0;

/** A call that has failed, and whose retries take longer than any test. */
async function failedCall(): Promise<string> {
  kites += 1;
  const prompt = `kite number ${kites} [sim:rate-limited-once] [sim:duration=60000]`;
  const { call } = await orderToEnd(shop.url, { prompt, options: OPTIONS });
  expect(call.status).toBe('FAILED');
  return call.id;
}

async function retried(input: RetryGenerationInput): Promise<string> {
  return idOf(await retry(shop.url, input));
}

async function retriedOverWebSocket(input: RetryGenerationInput): Promise<string> {
  for await (const { data } of overWebSocket(shop.url, RetryGeneration, { input })) return idOf(data?.retryGeneration);
  throw new Error('there was no answer');
}

function idOf(result: Awaited<ReturnType<typeof retry>> | undefined): string {
  if (result?.__typename !== 'RetryGenerationSuccess') throw new Error(JSON.stringify(result));
  return result.call.id;
}

async function cancel(callId: string): Promise<void> {
  await execute(shop.url, CancelGeneration, { input: { callId } });
  await watchToEnd(shop.url, callId);
}

async function retriesOf(callId: string): Promise<readonly string[]> {
  return (await orderedCall(shop.url, callId)).retries.map(({ id }) => id);
}

describe('retryGeneration of a call whose retry is under way', () => {
  it('without a key, as by a double click, returns that retry and buys one image', async () => {
    const callId = await failedCall();
    const bought = shop.creates().length;
    const first = await retried({ callId });
    await eventually('the create of the retry', () => (shop.creates().length > bought ? true : undefined));
    expect(await retried({ callId })).toBe(first);
    expect(await retriesOf(callId)).toEqual([first]);
    expect(shop.creates()).toHaveLength(bought + 1);
    await cancel(first);
  });

  it('is one call of many that arrive at once, over HTTP and WebSocket, with keys and without', async () => {
    const callId = await failedCall();
    const bought = shop.creates().length;
    const ids = await Promise.all(
      Array.from({ length: 24 }, (_, nth) => {
        const input = nth % 3 === 0 ? { callId } : { callId, idempotencyKey: `click-${nth}` };
        return nth % 2 === 0 ? retried(input) : retriedOverWebSocket(input);
      }),
    );
    const [first = ''] = ids;
    expect(new Set(ids)).toEqual(new Set([first]));
    expect(await retriesOf(callId)).toEqual([first]);
    await eventually('the create of the retry', () => (shop.creates().length > bought ? true : undefined));
    await cancel(first);
    expect(shop.creates()).toHaveLength(bought + 1);
    // Every key stands for it from now on, also for the requests that did not start it.
    for (const nth of [1, 2, 22, 23]) expect(await retried({ callId, idempotencyKey: `click-${nth}` })).toBe(first);
    expect(await retriesOf(callId)).toEqual([first]);
  });

  it('returns it for the retries of the call as well, and for the call when one of its retries is retried', async () => {
    const callId = await failedCall();
    const second = await retried({ callId });
    await cancel(second);
    const third = await retried({ callId: second });
    expect(third).not.toBe(second);
    expect(await retried({ callId })).toBe(third);
    expect(await retried({ callId: second })).toBe(third);
    await cancel(third);
    const fourth = await retried({ callId });
    expect(await retried({ callId: third })).toBe(fourth);
    expect(await retried({ callId: second })).toBe(fourth);
    expect((await orderedCall(shop.url, fourth)).retryOf?.id).toBe(callId);
    await cancel(fourth);
  });

  it('starts a new one when it has ended, and leaves other calls alone', async () => {
    const [callId, other] = [await failedCall(), await failedCall()];
    const first = await retried({ callId });
    const ofOther = await retried({ callId: other });
    expect(ofOther).not.toBe(first);
    await cancel(first);
    const second = await retried({ callId });
    expect(second).not.toBe(first);
    expect(await retriesOf(callId)).toEqual([first, second]);
    await cancel(second);
    await cancel(ofOther);
  });

  it('refuses a key that was used for something else', async () => {
    const callId = await failedCall();
    const made = await order(shop.url, { prompt: 'a bell', options: OPTIONS, idempotencyKey: 'bell' });
    expect(made.__typename).toBe('GenerateImageSuccess');
    const first = await retried({ callId });
    expect(await retry(shop.url, { callId, idempotencyKey: 'bell' })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
    expect(await retry(shop.url, { callId, idempotencyKey: '' })).toMatchObject({ __typename: 'InvalidInputError' });
    await cancel(first);
  });
});
