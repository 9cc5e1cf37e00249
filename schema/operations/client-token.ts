/** The mutation that creates a short-lived token for a browser. */

import { SCOPES } from '../../src/domain/access/scope.ts';
import { type FieldError, ForbiddenError, InvalidInputError, NotFoundError } from '../../src/domain/errors.ts';
import { builder } from '../builder.ts';
import type { IssuedClientToken } from '../context.ts';
import { ScopeRef } from '../errors.ts';
import { readId } from '../relay/global-id.ts';

const DEFAULT_SECONDS = 900;

const ClientTokenRef = builder.objectRef<IssuedClientToken>('ClientToken').implement({
  description: 'A short-lived bearer token for a browser, limited to one conversation or one call.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'The token, to send as `Authorization: Bearer <token>`. It is not stored and cannot be shown again.',
    }),
    scopes: t.field({
      type: [ScopeRef],
      description: 'What the token allows within the conversation or call.',
      resolve: ({ scopes }) => [...scopes],
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'The time at which the token ends.' }),
  }),
});

const CreateClientTokenInput = builder.inputType('CreateClientTokenInput', {
  description: 'What the token gives access to: one conversation, or one call.',
  fields: (t) => ({
    conversationId: t.id({ description: 'The conversation, with its calls and images.' }),
    callId: t.id({ description: 'The call, with its images. Its conversation and its sources are not included.' }),
    scopes: t.field({
      type: [ScopeRef],
      defaultValue: ['READ'],
      description: 'What the token allows: READ, and for a conversation also GENERATE and UPLOAD.',
    }),
    expiresIn: t.int({
      defaultValue: DEFAULT_SECONDS,
      description: 'How long the token works, in seconds: 1 to 86,400.',
    }),
  }),
});

builder.mutationField('createClientToken', (t) =>
  t.field({
    type: ClientTokenRef,
    authScopes: { READ: true },
    description:
      'Creates a token for a browser, so that your API key stays on your server. The token never allows more than your ' +
      'credentials, and ends with them.',
    args: { input: t.arg({ type: CreateClientTokenInput, required: true, description: 'What the token is for.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError],
      union: { name: 'CreateClientTokenResult', description: 'The result of `createClientToken`.' },
      result: { name: 'CreateClientTokenSuccess', description: 'The token was created.' },
      dataField: { name: 'clientToken', description: 'The token.' },
    },
    resolve: (_, { input }, { clientTokens, identity }) => {
      const errors: FieldError[] = [];
      const { conversationId, callId, scopes, expiresIn } = input;
      return clientTokens.create(identity, {
        conversationId:
          conversationId == null ? null : readId('Conversation', conversationId, 'conversationId', errors),
        callId: callId == null ? null : readId('GenerationCall', callId, 'callId', errors),
        scopes: SCOPES.filter((scope) => (scopes ?? ['READ']).includes(scope)),
        expiresInSeconds: expiresIn ?? DEFAULT_SECONDS,
        errors,
      });
    },
  }),
);
