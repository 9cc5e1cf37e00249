/** A missing scope is answered alike on every way in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticate, unlimitedPrincipal } from '../../src/auth/authenticate.ts';
import { SCOPES, scopeNamed } from '../../src/domain/access/scope.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { type Credentials, type Payload, WAYS_IN } from './ways-in.ts';

/** Everybody has the scopes that they say they have. */
const authenticate: Authenticate = async ({ headers, connectionParams }) => {
  const names = String(connectionParams?.['scopes'] ?? headers['x-scopes'] ?? '').split(',');
  const scopes = names.map(scopeNamed).filter((scope) => scope !== null);
  return { ...unlimitedPrincipal('anna'), scopes: new Set(scopes) };
};

const withScopes = (scopes: readonly string[]): Credentials => ({
  headers: { 'x-scopes': scopes.join() },
  connectionParams: { scopes: scopes.join() },
});

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ authenticate });
});
afterAll(() => app[Symbol.asyncDispose]());

const without = (missing: string) => SCOPES.filter((scope) => scope !== missing);
const NEEDED: Readonly<Record<string, string>> = { multipart: 'UPLOAD', 'WebSocket mutation': 'GENERATE' };

describe.each(WAYS_IN)('$name', ({ name, type, document, send }) => {
  const scope = NEEDED[name] ?? 'READ';

  it(`is refused without ${scope}`, async () => {
    const operation = {
      query: document('... on Error { code } ... on ForbiddenError { scope }'),
      variables: { callId: 'x' },
    };
    const query = type === 'mutation' ? operation : { ...operation, query: document() };
    const { payloads } = await send(app.url, query, withScopes(without(scope)));
    if (type === 'mutation') {
      const [result] = Object.values(payloads[0]?.data ?? {});
      expect(result).toEqual({ __typename: 'ForbiddenError', code: 'FORBIDDEN', scope });
    } else {
      expect(extensionsOf(payloads)).toEqual([{ code: 'FORBIDDEN', scope }]);
    }
  });

  it(`is served with ${scope} alone`, async () => {
    const { payloads } = await send(app.url, { query: document(), variables: { callId: 'x' } }, withScopes([scope]));
    expect(JSON.stringify(payloads)).not.toContain('FORBIDDEN');
    expect(JSON.stringify(payloads)).not.toContain('ForbiddenError');
  });
});

const extensionsOf = (payloads: readonly Payload[]) =>
  payloads.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions));

const post = WAYS_IN.find(({ name }) => name === 'small JSON POST');
const ask = async (query: string, scopes: readonly string[]) =>
  (await post?.send(app.url, { query }, withScopes(scopes)))?.payloads[0];

it('spending is shown with COST only', async () => {
  const query = '{ viewer { cost { amount } } }';
  expect(extensionsOf([(await ask(query, ['READ'])) ?? {}])).toEqual([{ code: 'FORBIDDEN', scope: 'COST' }]);
  expect(await ask(query, ['READ', 'COST'])).toEqual({ data: { viewer: { cost: { amount: '0' } } } });
  const estimate = '{ estimateGeneration(input: { prompt: "a kite" }) { __typename } }';
  expect(await ask(estimate, ['READ'])).toEqual({ data: { estimateGeneration: { __typename: 'ForbiddenError' } } });
  expect(await ask(estimate, ['COST'])).toEqual({
    data: { estimateGeneration: { __typename: 'EstimateGenerationSuccess' } },
  });
});

it('a query that runs as compiled code is checked for each client', async () => {
  const query = '{ viewer { principal } }';
  for (let times = 0; times < 5; times += 1) {
    expect(await ask(query, ['READ'])).toEqual({ data: { viewer: { principal: 'anna' } } });
    expect(extensionsOf([(await ask(query, ['COST'])) ?? {}])).toEqual([{ code: 'FORBIDDEN', scope: 'READ' }]);
  }
});

it('a client can see its scopes', async () => {
  expect(await ask('{ viewer { id scopes } }', ['UPLOAD', 'READ'])).toEqual({
    data: { viewer: { id: 'anna', scopes: ['READ', 'UPLOAD'] } },
  });
});

it('image bytes need READ', async () => {
  const url = `${app.url}/images/01980000-0000-7000-8000-000000000000.png`;
  const statusWith = async (scopes: string) => (await fetch(url, { headers: { 'x-scopes': scopes } })).status;
  expect(await statusWith('generate')).toBe(403);
  expect(await statusWith('read')).toBe(404);
});
