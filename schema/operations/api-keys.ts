/** The list of API keys, and the mutations for them. `npm run keys` makes the first key that has ADMIN. */
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import type { IssuedApiKey } from '../context.ts';
import { ScopeRef } from '../errors.ts';
import { pagePrice } from '../prices.ts';
import { connection } from '../relay/connection.ts';
import { ApiKeyRef } from '../types/api-key.ts';

const ApiKeyConnectionRef = builder.connectionObject(
  { type: ApiKeyRef, name: 'ApiKeyConnection', description: 'A page of API keys.' },
  { name: 'ApiKeyEdge', description: 'An API key in a page, with its cursor.' },
);

builder.queryField('apiKeys', (t) =>
  t.connection(
    {
      type: ApiKeyRef,
      authScopes: { ADMIN: true },
      complexity: pagePrice,
      description:
        'The API keys of all principals, revoked and expired ones too, in the order of their ids. Requires the scope ADMIN.',
      args: { principal: t.arg.string({ description: 'Only the keys of this principal.' }) },
      resolve: (_, { principal, ...args }, { apiKeys, principal: viewer }) => {
        const list = { principal: viewer, key: ['apiKeys', principal ?? null], direction: 'ASC' } as const;
        return connection(args, list, {
          page: (window) => apiKeys.page(principal ?? null, window),
          count: () => apiKeys.count(principal ?? null),
        });
      },
    },
    ApiKeyConnectionRef,
  ),
);

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'The API key to create.',
  fields: (t) => ({
    principal: t.string({
      description:
        'The owner of everything that is created with the key. It may be new. Defaults to your own principal.',
    }),
    name: t.string({ description: 'What the key is for, for lists of keys: 1 to 200 characters.' }),
    scopes: t.field({
      type: [ScopeRef],
      required: true,
      description: 'What the key allows. You can pass on only scopes that you have.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When the key stops working. Defaults to never.' }),
  }),
});

const CreateApiKeySuccess = builder.objectRef<IssuedApiKey>('CreateApiKeySuccess').implement({
  description: 'The key was created.',
  fields: (t) => ({
    apiKey: t.expose('apiKey', { type: ApiKeyRef, description: 'The new key.' }),
    secret: t.exposeString('token', {
      description: 'The whole key: `dk_<id>_<secret>`. Store it now, because it cannot be shown again.',
    }),
  }),
});

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: CreateApiKeySuccess,
    authScopes: { ADMIN: true },
    description: 'Creates an API key for any principal. It works at once.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'The key to create.' }) },
    errors: {
      types: [InvalidInputError, ForbiddenError],
      union: { name: 'CreateApiKeyResult', description: 'The result of `createApiKey`.' },
      directResult: true,
    },
    resolve: (_, { input: { principal, name = null, scopes, expiresAt = null } }, { apiKeys, identity }) =>
      apiKeys.create({ principal: principal ?? identity.id, name, scopes, expiresAt }, identity.scopes),
  }),
);

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'The API key to revoke.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The `id` of the `ApiKey`.' }),
  }),
});

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: ApiKeyRef,
    authScopes: { ADMIN: true },
    description:
      'Revokes an API key of any principal. Within 5 seconds no server accepts it, and its subscriptions end. Revoking a ' +
      'revoked key again has no effect.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'The key to revoke.' }) },
    errors: {
      types: [NotFoundError, ForbiddenError],
      union: { name: 'RevokeApiKeyResult', description: 'The result of `revokeApiKey`.' },
      result: { name: 'RevokeApiKeySuccess', description: 'The key is revoked.' },
      dataField: { name: 'apiKey', description: 'The revoked key.' },
    },
    resolve: (_, { input }, { apiKeys }) => apiKeys.revoke(input.apiKeyId),
  }),
);
