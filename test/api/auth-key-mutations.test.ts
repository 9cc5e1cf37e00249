/** Administrators make and revoke keys over the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServerHere } from '../support/app.ts';
import { type RunningServer, runMain } from '../support/server.ts';
import { within } from './steps.ts';

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeySuccess { secret apiKey { id principal name scopes expiresAt revokedAt lastUsedAt } }
    ... on ForbiddenError { scope }
    ... on InvalidInputError { fields { field } }
  }
}`;
const REVOKE = `mutation ($id: ID!) {
  revokeApiKey(input: { apiKeyId: $id }) {
    __typename
    ... on RevokeApiKeySuccess { apiKey { id revokedAt } }
    ... on ForbiddenError { scope }
  }
}`;

let server: RunningServer;
let admin: string;
let client: string;

beforeAll(async () => {
  server = await startServerHere({ env: { AUTH: 'keys' } });
  admin = await createKey('--principal', 'operator', '--scopes', 'admin,read,generate');
  client = await createKey('--principal', 'anna');
});
afterAll(() => server[Symbol.asyncDispose]());

async function createKey(...args: readonly string[]): Promise<string> {
  return (await runMain(['keys', 'create', ...args], { DATA_DIR: server.dataDir })).stdout.trim();
}

async function ask(key: string, query: string, variables: object = {}) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...(await response.json()) };
}

const create = async (key: string, input: object) => (await ask(key, CREATE, { input })).data.createApiKey;

it('a key is shown once, belongs to any principal, and works until it is revoked', async () => {
  const input = { principal: 'bert', name: 'a frontend', scopes: ['READ', 'READ'], expiresAt: '2100-01-01T00:00:00Z' };
  const { secret, apiKey } = await create(admin, input);
  expect(secret).toMatch(/^dk_[a-z0-9]{12}_[\w-]{43}$/u);
  expect(apiKey).toEqual({
    id: secret.slice(3, 15),
    principal: 'bert',
    name: 'a frontend',
    scopes: ['READ'],
    expiresAt: '2100-01-01T00:00:00.000Z',
    revokedAt: null,
    lastUsedAt: null,
  });
  expect((await ask(secret, '{ viewer { id scopes } }')).data).toEqual({ viewer: { id: 'bert', scopes: ['READ'] } });

  const revoked = (await ask(admin, REVOKE, { id: apiKey.id })).data.revokeApiKey;
  expect(revoked).toEqual({
    __typename: 'RevokeApiKeySuccess',
    apiKey: { id: apiKey.id, revokedAt: expect.any(String) },
  });
  expect((await ask(admin, REVOKE, { id: apiKey.id })).data.revokeApiKey).toEqual(revoked);
  await within(6_000, 'the end of the key', async () => {
    while ((await ask(secret, '{ viewer { id } }')).status !== 401);
  });
});

it('the owner is oneself, unless another one is named', async () => {
  expect((await create(admin, { scopes: ['GENERATE'] })).apiKey.principal).toBe('operator');
});

it('nobody passes on a scope that they do not have', async () => {
  expect(await create(admin, { scopes: ['READ', 'COST'] })).toEqual({ __typename: 'ForbiddenError', scope: 'COST' });
});

it('needs ADMIN', async () => {
  expect(await create(client, { scopes: ['READ'] })).toEqual({ __typename: 'ForbiddenError', scope: 'ADMIN' });
  const { data } = await ask(client, REVOKE, { id: admin.slice(3, 15) });
  expect(data.revokeApiKey).toEqual({ __typename: 'ForbiddenError', scope: 'ADMIN' });
});

it('names every problem of an input', async () => {
  const input = { principal: ' x', name: '', scopes: [], expiresAt: '2000-01-01T00:00:00Z' };
  expect(await create(admin, input)).toEqual({
    __typename: 'InvalidInputError',
    fields: [{ field: 'principal' }, { field: 'name' }, { field: 'scopes' }, { field: 'expiresAt' }],
  });
});

it('a key that does not exist cannot be revoked', async () => {
  expect((await ask(admin, REVOKE, { id: 'aaaaaaaaaaaa' })).data.revokeApiKey.__typename).toBe('NotFoundError');
});

describe('the list of keys', () => {
  const LIST = `query ($after: String, $principal: String) {
    apiKeys(first: 1, after: $after, principal: $principal) {
      edges { cursor node { id principal scopes revokedAt } }
      pageInfo { hasNextPage endCursor }
    }
  }`;

  it('has every key once, page by page, and no secret', async () => {
    const listed = (await runMain(['keys', 'list'], { DATA_DIR: server.dataDir })).stdout;
    const all = [...listed.matchAll(/^([a-z0-9]{12}) /gmu)].map(([, id = '']) => id);
    const found: string[] = [];
    let after: string | null = null;
    for (;;) {
      const { data, errors } = await ask(admin, LIST, { after });
      expect(errors).toBeUndefined();
      found.push(...data.apiKeys.edges.map(({ node }: { readonly node: { readonly id: string } }) => node.id));
      if (!data.apiKeys.pageInfo.hasNextPage) break;
      after = data.apiKeys.pageInfo.endCursor;
    }
    expect(found.length).toBeGreaterThan(1);
    expect(found).toEqual(all.toSorted());
  });

  it('has the keys of one principal, and its cursors belong to that list', async () => {
    const { data } = await ask(admin, LIST, { principal: 'anna' });
    expect(data.apiKeys.edges.map(({ node }: { readonly node: unknown }) => node)).toEqual([
      {
        id: client.slice(3, 15),
        principal: 'anna',
        scopes: ['READ', 'GENERATE', 'UPLOAD', 'DELETE', 'COST'],
        revokedAt: null,
      },
    ]);
    const { errors } = await ask(admin, LIST, { after: data.apiKeys.edges[0].cursor });
    expect(errors[0].extensions.code).toBe('INVALID_INPUT');
  });

  it('is for administrators only', async () => {
    const { data, errors } = await ask(client, LIST);
    expect(data).toBeNull();
    expect(errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'ADMIN' });
  });
});
