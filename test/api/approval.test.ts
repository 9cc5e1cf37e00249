/** Calls that a budget holds up until an administrator decides, as their principal and as the administrator see them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import type { Scope } from '../../src/domain/access/scope.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { BALANCED, readBooks } from '../support/books.ts';
import { Approve, Refuse, Spend, ViewerBudgets, WaitingCalls, WatchWaiting } from '../support/budget-documents.ts';
import { CancelGeneration } from '../support/call-documents.ts';
import { data, overWebSocket, type Result } from '../support/client.ts';
import { CallDetails } from '../support/documents.ts';
import type { GenerateImageInput, TypedDocumentString } from '../support/gql/graphql.ts';
import { openShop, openShopProcess, retry, type Shop } from './orders.ts';
import { collect, eventually, unknownId, watch } from './steps.ts';

const CHEAP = {
  prompt: 'a kite',
  options: { quality: 'LOW', size: '1024x1024', partialImages: 0 },
} as const satisfies GenerateImageInput;
/** Everything asks. */
const ASKING = { BUDGET_PER_DAY: '0', BUDGET_ON_EXCEED: 'ask' };

async function waitingCall(url: string, input: GenerateImageInput = CHEAP) {
  const { generateImage } = await data(url, Spend, { input });
  if (generateImage.__typename !== 'GenerateImageSuccess') throw new Error(JSON.stringify(generateImage));
  expect(generateImage.call.status).toBe('AWAITING_APPROVAL');
  return generateImage.call.id;
}

async function eventsOf(url: string, callId: string) {
  const events = [];
  for await (const { data: event } of overWebSocket(url, WatchWaiting, { callId })) {
    if (event != null) events.push(event.generationEvents);
  }
  return events;
}

describe('a call that exceeds a budget that asks', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(ASKING);
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  it('waits, is not sent to the upstream, and runs like any other when it is approved', async () => {
    const { url } = shop;
    const asked = shop.requests.length;
    const callId = await waitingCall(url);
    const following = eventsOf(url, callId);
    expect((await data(url, ViewerBudgets, {})).viewer.budgets).toMatchObject([{ reserved: '0', onExceed: 'ASK' }]);
    expect(shop.requests).toHaveLength(asked);
    const { approveGeneration } = await data(url, Approve, { callId });
    expect(approveGeneration).toMatchObject({ approval: { callId, status: 'QUEUED' } });
    const events = await following;
    expect(events.map(({ __typename }) => __typename)).toEqual([
      'GenerationAwaitingApproval',
      'GenerationApproved',
      'GenerationStarted',
      'ImageCompleted',
      'GenerationCompleted',
    ]);
    // Promise 1.
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(events[0]).toMatchObject({ amount: expect.stringMatching(/^0\.0\d+$/u) });
    const { viewer } = await data(url, ViewerBudgets, {});
    expect(viewer.budgets).toMatchObject([{ spent: viewer.cost.amount, reserved: '0', remaining: '0' }]);
    expect(await data(url, Approve, { callId })).toMatchObject({
      approveGeneration: { __typename: 'NotAwaitingApprovalError', code: 'NOT_AWAITING_APPROVAL' },
    });
  });

  it('ends when it is refused, with the reason, without cost, and can be retried', async () => {
    const { url } = shop;
    const asked = shop.requests.length;
    const callId = await waitingCall(url);
    const reason = 'Use LOW quality for drafts.';
    expect(await data(url, Refuse, { callId, reason })).toMatchObject({
      refuseGeneration: { approval: { status: 'FAILED' } },
    });
    const events = await eventsOf(url, callId);
    expect(events).toMatchObject([
      { __typename: 'GenerationAwaitingApproval', sequence: 1 },
      {
        __typename: 'GenerationFailed',
        sequence: 2,
        failure: { code: 'APPROVAL_REFUSED', message: expect.stringContaining(reason), retryable: false },
      },
    ]);
    expect(shop.requests).toHaveLength(asked);
    const retried = await retry(url, { callId });
    expect(retried).toMatchObject({ __typename: 'RetryGenerationSuccess', call: { retryOf: { id: callId } } });
    if (retried.__typename !== 'RetryGenerationSuccess') throw new Error('not retried');
    const { generationCall } = await data(url, CallDetails, { id: retried.call.id });
    expect(generationCall?.status).toBe('AWAITING_APPROVAL');
  });

  it('can be cancelled while it waits, and is then not approved any more', async () => {
    const { url } = shop;
    const callId = await waitingCall(url);
    expect(await data(url, CancelGeneration, { input: { callId } })).toMatchObject({
      cancelGeneration: { call: { status: 'CANCELLED' } },
    });
    expect(await data(url, Approve, { callId })).toMatchObject({
      approveGeneration: { __typename: 'NotAwaitingApprovalError' },
    });
    expect((await eventsOf(url, callId)).map(({ __typename }) => __typename)).toEqual([
      'GenerationAwaitingApproval',
      'GenerationCancelled',
    ]);
  });

  it('says what is wrong with a decision', async () => {
    const { url } = shop;
    expect(await data(url, Approve, { callId: unknownId('GenerationCall') })).toMatchObject({
      approveGeneration: { code: 'NOT_FOUND' },
    });
    expect(await data(url, Refuse, { callId: unknownId('Image') })).toMatchObject({
      refuseGeneration: { code: 'INVALID_INPUT' },
    });
    const callId = await waitingCall(url);
    expect(await data(url, Refuse, { callId, reason: 'x'.repeat(501) })).toMatchObject({
      refuseGeneration: { code: 'INVALID_INPUT', message: expect.stringContaining('at most 500 characters') },
    });
  });
});

it('promise 5: a call that waits survives a kill, and so does its approval', async () => {
  await using shop = await openShopProcess(ASKING);
  const { dataDir } = shop.server;
  const [waiting, approved] = [await waitingCall(shop.url), await waitingCall(shop.url)];
  await data(shop.url, Approve, { callId: approved });
  await shop.server.stop('SIGKILL');
  await using again = await shop.restart();
  await collect(watch(again.url, approved));
  expect((await data(again.url, CallDetails, { id: approved })).generationCall?.endedAt).not.toBeNull();
  expect((await data(again.url, CallDetails, { id: waiting })).generationCall?.status).toBe('AWAITING_APPROVAL');
  await data(again.url, Approve, { callId: waiting });
  expect((await collect(watch(again.url, waiting))).at(-1)?.__typename).toBe('GenerationCompleted');
  expect(readBooks(dataDir)).toMatchObject({ ...BALANCED, openCalls: 0 });
});

it('a call that nobody approves ends by itself', async () => {
  await using shop = await openShop({ ...ASKING, APPROVAL_TIMEOUT_MS: '1000', LEASE_MS: '500' });
  const callId = await waitingCall(shop.url);
  const events = await eventsOf(shop.url, callId);
  expect(events.at(-1)).toMatchObject({
    __typename: 'GenerationFailed',
    failure: { code: 'APPROVAL_REFUSED', retryable: true },
  });
});

describe('an administrator', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(
      {
        authenticate: async ({ headers }) => {
          const user = String(headers['x-user']);
          const scopes: ReadonlySet<Scope> = new Set(user === 'admin' ? ['ADMIN'] : ['READ', 'GENERATE']);
          return { ...unlimitedPrincipal(user), scopes, credential: `key:${user}s-key` };
        },
      },
      ASKING,
    );
  });
  afterAll(() => app[Symbol.asyncDispose]());

  async function ask<Data, Variables>(
    user: string,
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Result<Data>> {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': user },
      body: JSON.stringify({ query: String(document), variables }),
    });
    // Codegen made this type from the document and the schema.
    return (await response.json()) as Result<Data>;
  }

  it('sees the waiting calls of all principals, oldest first, with what is needed to decide', async () => {
    await ask('anna', Spend, { input: { ...CHEAP, prompt: 'one of Anna' } });
    await ask('bert', Spend, { input: { ...CHEAP, prompt: 'one of Bert', count: 2 } });
    const all = (await ask('admin', WaitingCalls, {})).data?.generationCallsAwaitingApproval.edges ?? [];
    expect(all.map(({ node }) => node)).toMatchObject([
      {
        principal: 'anna',
        credential: 'key:annas-key',
        prompt: 'one of Anna',
        status: 'AWAITING_APPROVAL',
        kind: 'GENERATE',
        count: 1,
        requested: { quality: 'LOW' },
      },
      { principal: 'bert', prompt: 'one of Bert', count: 2 },
    ]);
    const [first, second] = all;
    expect(Number(second?.node.amount)).toBe(2 * Number(first?.node.amount));
    const page = await ask('admin', WaitingCalls, { first: 1, after: first?.cursor ?? null });
    expect(page.data?.generationCallsAwaitingApproval).toMatchObject({
      edges: [{ node: { callId: second?.node.callId } }],
      pageInfo: { hasNextPage: false },
    });
    // The call itself belongs to its principal alone.
    const callId = first?.node.callId ?? '';
    expect((await ask('admin', CallDetails, { id: callId })).data?.generationCall).toBeNull();
    expect((await ask('admin', Approve, { callId })).data?.approveGeneration).toMatchObject({
      approval: { callId, status: 'QUEUED' },
    });
    await eventually('the end of the approved call', async () => {
      const { data: found } = await ask('anna', CallDetails, { id: callId });
      return found?.generationCall?.status === 'COMPLETED' ? true : undefined;
    });
  });

  it('is nobody without the scope ADMIN', async () => {
    const { data: started } = await ask('anna', Spend, { input: CHEAP });
    if (started?.generateImage.__typename !== 'GenerateImageSuccess') throw new Error('not accepted');
    const callId = started.generateImage.call.id;
    const forbidden = { __typename: 'ForbiddenError', code: 'FORBIDDEN' };
    expect((await ask('anna', Approve, { callId })).data?.approveGeneration).toMatchObject(forbidden);
    expect((await ask('anna', Refuse, { callId })).data?.refuseGeneration).toMatchObject(forbidden);
    expect((await ask('anna', WaitingCalls, {})).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect((await ask('anna', CallDetails, { id: callId })).data?.generationCall?.status).toBe('AWAITING_APPROVAL');
  });
});
