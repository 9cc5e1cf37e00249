/**
 * One pipeline: every hook of Yoga and Envelop fires once per operation on each way in. docs/plugins.md has this table;
 * hooks that are about an HTTP request or response do not exist for a message on a WebSocket.
 */
import type { Plugin } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, makeImage } from '../api/steps.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { record } from './recording-plugin.ts';
import { WAYS_IN } from './ways-in.ts';

const REQUEST_HOOKS = [
  'onRequest',
  'onRequestParse',
  'onRequestParseDone',
  'onResultProcess',
  'onResponse',
  'instrumentation.request',
  'instrumentation.requestParse',
  'instrumentation.resultProcess',
];
const OPERATION_HOOKS = [
  'onParams',
  'onEnveloped',
  'onParse',
  'onParseDone',
  'onValidate',
  'onValidateDone',
  'onContextBuilding',
  'onContextBuildingDone',
  'onExecutionResult',
  'instrumentation.operation',
  'instrumentation.init',
  'instrumentation.parse',
  'instrumentation.validate',
  'instrumentation.context',
];
const EXECUTE_HOOKS = ['onExecute', 'onExecuteDone', 'instrumentation.execute'];
const SUBSCRIBE_HOOKS = ['onSubscribe', 'onSubscribeResult', 'onEnd', 'instrumentation.subscribe'];
/** More than it takes until a document is compiled. */
const TIMES = 5;

const recording = record();
let app: TestApp;
let callId: string;
beforeAll(async () => {
  app = await startTestApp({ plugins: [recording.plugin] });
  ({ callId } = await makeImage(app.url, { prompt: 'a boat' }));
});
afterAll(() => app[Symbol.asyncDispose]());

describe.each(WAYS_IN)('$name', ({ name, transport, type, document, send }) => {
  it('fires every hook once per operation, however often it comes', async () => {
    for (let time = 1; time <= TIMES; time += 1) {
      recording.clear();
      const { payloads } = await send(app.url, { query: document(), variables: { callId } });
      const expected = [
        ...OPERATION_HOOKS,
        ...(transport === 'HTTP' ? REQUEST_HOOKS : []),
        ...(type === 'subscription' ? SUBSCRIBE_HOOKS : EXECUTE_HOOKS),
      ];
      const once = Object.fromEntries(expected.map((hook) => [hook, 1]));
      // One for each event.
      const wanted = type === 'subscription' ? { ...once, onNext: payloads.length } : once;
      if (type === 'subscription') expect(payloads.length).toBeGreaterThan(3);
      await eventually('the last hook', () => recording.counts[expected.at(-2) ?? ''] ?? undefined);
      expect(recording.counts).toEqual(wanted);
    }
  });

  it('gives plugins and resolvers a request of its own', async () => {
    recording.clear();
    for (let time = 1; time <= 2; time += 1) {
      await send(app.url, { query: document(), variables: { callId } }, { headers: { 'x-mine': `${time}` } });
    }
    const [first, second] = recording.requests;
    expect(first).not.toBe(second);
    expect(first?.headers.get('x-mine')).toBe('1');
    expect(second?.headers.get('x-mine')).toBe('2');
    expect(first?.url).toContain(`${app.url}/graphql`);
    expect(first?.method).toBe(name === 'GET' ? 'GET' : 'POST');
    expect(first?.signal.aborted).toBe(false);
  });
});

describe('a plugin that does not look at HTTP requests', () => {
  const operations = record();
  let direct: TestApp;
  let directCallId: string;
  beforeAll(async () => {
    const {
      onRequest,
      onRequestParse,
      onResultProcess,
      onResponse,
      instrumentation = {},
      ...hooks
    } = operations.plugin;
    const { request, requestParse, resultProcess, ...instrumentations } = instrumentation;
    direct = await startTestApp({ plugins: [{ ...hooks, instrumentation: instrumentations }] });
    ({ callId: directCallId } = await makeImage(direct.url, { prompt: 'a boat' }));
  });
  afterAll(() => direct[Symbol.asyncDispose]());

  it.each(WAYS_IN)('$name: every hook fires once per operation, with a request of its own', async (way) => {
    for (let time = 1; time <= TIMES; time += 1) {
      operations.clear();
      const sent = { query: way.document(), variables: { callId: directCallId } };
      const { payloads } = await way.send(direct.url, sent, { headers: { 'x-mine': `${time}` } });
      const expected = [...OPERATION_HOOKS, ...(way.type === 'subscription' ? SUBSCRIBE_HOOKS : EXECUTE_HOOKS)];
      const once = Object.fromEntries(expected.map((hook) => [hook, 1]));
      await eventually('the last hook', () => operations.counts[expected.at(-2) ?? ''] ?? undefined);
      expect(operations.counts).toEqual(way.type === 'subscription' ? { ...once, onNext: payloads.length } : once);
      expect(operations.requests[0]?.headers.get('x-mine')).toBe(`${time}`);
    }
  });
});

it('a plugin that another plugin adds sees every response', async () => {
  let responses = 0;
  await using adding = await startTestApp({
    plugins: [
      {
        onPluginInit({ addPlugin }) {
          const added: Plugin = {
            onResponse() {
              responses += 1;
            },
          };
          addPlugin(added);
        },
      },
    ],
  });
  for (let time = 1; time <= TIMES; time += 1) {
    const response = await fetch(`${adding.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ "query": "{ __typename }" }',
    });
    expect(response.status).toBe(200);
    await eventually('the response is seen', () => (responses === time ? true : undefined));
  }
});

it('a plugin reads the body of a small JSON POST as it was sent', async () => {
  const bodies: string[] = [];
  await using reading = await startTestApp({
    plugins: [
      {
        async onRequest({ request }) {
          if (request.method === 'POST') bodies.push(await request.clone().text());
        },
      },
    ],
  });
  const body = '{ "query": "{ __typename }" }';
  const response = await fetch(`${reading.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  expect(bodies).toEqual([body]);
});
