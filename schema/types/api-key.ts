/** ApiKey: credentials of clients, without their secret. */
import type { ApiKey } from '../../src/domain/access/api-key.ts';
import { builder } from '../builder.ts';
import { ScopeRef } from '../errors.ts';

export const ApiKeyRef = builder.objectRef<ApiKey>('ApiKey').implement({
  description:
    'An API key: what a client sends as `Authorization: Bearer <key>`. Its secret is shown once, when it is made.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'The public part of the key, between `dk_` and the second `_`. It is no id for `node`.',
    }),
    principal: t.exposeString('principal', { description: 'The owner of everything that is created with the key.' }),
    name: t.exposeString('name', { nullable: true, description: 'What the key is for; null when it has no name.' }),
    scopes: t.expose('scopes', { type: [ScopeRef], description: 'What the key allows.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key stops working; null for never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was revoked; null when it was not.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the key was used last, to within five minutes; null when it never was.',
    }),
  }),
});
