/**
 * Small JSON requests take a short way through the server. It must be no other API: whatever is sent, the answer is the
 * one that the long way gives, which any query string in the address leads to.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import type { RunningServer } from '../support/server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServerHere({ env: { ALLOWED_ORIGINS: 'https://app.example.com' } });
});
afterAll(() => server[Symbol.asyncDispose]());

interface Sent {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answer(path: string, { body, headers = {} }: Sent) {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const told = Object.fromEntries(response.headers);
  delete told['date'];
  // Each unexpected error has an id of its own.
  const text = (await response.text()).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, 'an id');
  return { status: response.status, told, text };
}

const json = (value: unknown) => JSON.stringify(value);
const query = (text: string, more: object = {}) => json({ query: text, ...more });

const BODIES: Readonly<Record<string, string>> = {
  'a query': query('{ viewer { principal } }'),
  'a query with variables': query('query ($id: ID!) { node(id: $id) { id } }', { variables: { id: 'x' } }),
  'a query with an operation name': query('query A { __typename } query B { viewer { principal } }', {
    operationName: 'B',
  }),
  'an operation that is not there': query('query A { __typename }', { operationName: 'B' }),
  'two operations and no name': query('query A { __typename } query B { __typename }'),
  'a mutation': query('mutation { cancelGeneration(input: { callId: "x" }) { __typename ... on Error { message } } }'),
  'an expected error': query('{ image(id: "nonsense") { id } }'),
  'a wrong variable': query('query ($n: Int!) { images(first: $n) { edges { cursor } } }', { variables: { n: 'x' } }),
  'a syntax error': query('{ viewer {'),
  'an unknown field': query('{ nothing }'),
  'no query': json({ variables: {} }),
  'an empty query': query(''),
  'null for everything else': query('{ __typename }', { variables: null, operationName: null, extensions: null }),
  extensions: query('{ __typename }', { extensions: { a: 1 } }),
  'an unknown parameter': query('{ __typename }', { more: 1 }),
  'variables of another type': query('{ __typename }', { variables: [1] }),
  'an operation name of another type': query('{ __typename }', { operationName: 1 }),
  'a query of another type': json({ query: { a: 1 } }),
  'a batch': json([{ query: '{ __typename }' }]),
  'a number': '1',
  'a broken JSON': '{"query":',
  'an empty body': '',
  'a subscription': query('subscription { generationEvents(callId: "x") { sequence } }'),
  'words of other scripts': query('query ($p: String!) { a: __typename b: __type(name: $p) { name } }', {
    variables: { p: '漢字🚣' },
  }),
  introspection: query('{ __schema { queryType { name } } }'),
  'a large prompt': query('query ($p: String!) { __type(name: $p) { name } }', {
    variables: { p: 'x'.repeat(120_000) },
  }),
};

const ACCEPTS = [
  undefined,
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json',
  'application/json, application/graphql-response+json',
  'application/graphql-response+json, application/json;q=0.9',
  'application/json; charset=utf-8',
  'text/html, */*',
  'text/event-stream',
  'application/*',
  'image/png',
];

describe.each(Object.keys(BODIES))('%s', (what) => {
  it.each(ACCEPTS)('gets the same answer by both ways, when %s is accepted', async (accept) => {
    const sent = { body: BODIES[what] ?? '', headers: accept === undefined ? {} : { accept } };
    expect(await answer('/graphql', sent)).toEqual(await answer('/graphql?', sent));
  });
});

it.each([
  { 'content-type': 'application/json; charset=utf-8' },
  { 'content-type': 'application/json; charset=latin1' },
  { 'content-type': 'application/graphql+json' },
  { 'content-type': 'text/plain' },
  { origin: 'https://app.example.com' },
  { origin: 'https://elsewhere.example' },
  { 'content-encoding': 'gzip' },
])('the headers %j get the same answer by both ways', async (headers) => {
  const sent = { body: query('{ viewer { principal } }'), headers };
  expect(await answer('/graphql', sent)).toEqual(await answer('/graphql?', sent));
});

it('a client that breaks off in the middle of its body costs nothing', async () => {
  const { Socket } = await import('node:net');
  const { port } = new URL(server.url);
  const socket = new Socket();
  await new Promise<void>((resolve) => socket.connect(Number(port), '127.0.0.1', resolve));
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  expect((await answer('/graphql', { body: query('{ __typename }') })).status).toBe(200);
  expect(server.output()).not.toMatch(/unexpected error|could not be answered/u);
});
