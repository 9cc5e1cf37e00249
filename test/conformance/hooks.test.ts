/**
 * One pipeline: every hook of Yoga and Envelop fires once per operation on each way in. docs/plugins.md has this table;
 * hooks that are about an HTTP request or response do not exist for a message on a WebSocket.
 */
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
