/** The expected errors, as members of result unions. */

import { SCOPES, type Scope } from '../src/domain/access/scope.ts';
import type { DomainError } from '../src/domain/errors.ts';
import {
  ERROR_CODES,
  type FieldError,
  ForbiddenError,
  IdempotencyConflictError,
  InTrashError,
  InvalidInputError,
  NotAwaitingApprovalError,
  NotCancellableError,
  NotFoundError,
  NotRetryableError,
  RateLimitedError,
  UnsupportedOptionError,
} from '../src/domain/errors.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './relay/global-id.ts';

const SCOPE_DESCRIPTIONS: Readonly<Record<Scope, string>> = {
  READ: 'Queries, subscriptions and image bytes.',
  GENERATE: 'Starting, retrying and cancelling calls.',
  UPLOAD: 'Uploading images.',
  DELETE: 'Deleting and restoring images and conversations.',
  COST: 'Costs, budgets and estimates.',
  ADMIN: 'API keys, budgets and approvals.',
};

const CODE_DESCRIPTIONS: Readonly<Record<(typeof ERROR_CODES)[number], string>> = {
  INVALID_INPUT: 'The input is invalid. `fields` lists each problem and what is allowed.',
  NOT_FOUND: 'The object does not exist or is not yours. The two cases look the same.',
  IN_TRASH: 'The object is in the trash. It can be restored.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before with a different input.',
  NOT_CANCELLABLE: 'The call has already ended.',
  NOT_RETRYABLE: 'The call is still running, or delivered every image.',
  UNSUPPORTED_OPTION: 'The model or the upstream API does not support an option, or the model was shut down.',
  FORBIDDEN: 'Your credentials lack a scope.',
  BUDGET_EXCEEDED: 'The request does not fit into a budget.',
  NOT_AWAITING_APPROVAL: 'The call does not wait for approval.',
  RATE_LIMITED: 'Too many requests in too little time, or too much open at once.',
  LIMIT_EXCEEDED: 'The operation asks for more than a limit allows. `extensions` names the limit and its value.',
};

const scopeValues = SCOPES.map((scope) => [scope, { value: scope, description: SCOPE_DESCRIPTIONS[scope] }]);

export const ScopeRef = builder.enumType('Scope', {
  description: 'What credentials allow. No scope gives access to objects of others.',
  // Object.fromEntries loses the type of the keys, which are exactly the scopes.
  values: Object.fromEntries(scopeValues) as Record<Scope, { value: Scope; description: string }>,
});

const ErrorCodeRef = builder.enumType('ErrorCode', {
  description: 'The kind of an error. Errors outside a result union carry it in `extensions.code`.',
  values: Object.fromEntries(ERROR_CODES.map((code) => [code, { description: CODE_DESCRIPTIONS[code] }])),
});

export const ErrorRef = builder.interfaceRef<DomainError>('Error').implement({
  description: 'An expected error, as a member of a result union.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeRef,
      description: 'The kind of the error, for programs.',
      resolve: (error) => error.code,
    }),
    message: t.exposeString('message', { description: 'An explanation of the error, for people.' }),
  }),
});

const FieldErrorRef = builder.objectRef<FieldError>('FieldError').implement({
  description: 'A problem with one field of an input.',
  fields: (t) => ({
    field: t.exposeString('field', {
      description: 'The path of the field within the input, for example `options.size`.',
    }),
    message: t.exposeString('message', { description: 'What is wrong with the field, and what is allowed.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input is invalid. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    fields: t.field({
      type: [FieldErrorRef],
      description: 'All problems of the input.',
      resolve: ({ fields }) => fields,
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description:
    'An object named in the input does not exist or is not yours. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The path of the field that holds the id.' }),
  }),
});

builder.objectType(InTrashError, {
  name: 'InTrashError',
  description:
    'An object named in the input is in the trash. Restore it first. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The path of the field that holds the id.' }),
    imageId: t.id({
      nullable: true,
      description: 'The image to restore; null when its conversation has to be restored.',
      resolve: ({ restore: { type, id } }) => (type === 'Image' ? encodeGlobalId(type, id) : null),
    }),
    conversationId: t.id({
      nullable: true,
      description: 'The conversation to restore; null when the image was deleted on its own.',
      resolve: ({ restore: { type, id } }) => (type === 'Conversation' ? encodeGlobalId(type, id) : null),
    }),
  }),
});

builder.objectType(IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description:
    'The idempotency key was used before with a different input. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
});

builder.objectType(NotCancellableError, {
  name: 'NotCancellableError',
  description: 'The call has already ended: its image was finished before the cancellation, or it had failed.',
  interfaces: [ErrorRef],
});

builder.objectType(NotRetryableError, {
  name: 'NotRetryableError',
  description: 'There is nothing to retry: the call is still running, or it delivered every image.',
  interfaces: [ErrorRef],
});

builder.objectType(UnsupportedOptionError, {
  name: 'UnsupportedOptionError',
  description:
    'The model does not support an option, according to the catalogue (`models`), or the upstream API or the ' +
    'configuration of this server does not allow it. Nothing was stored, the upstream was not asked, and nothing was charged.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description: 'The requested model, or the default one; null when the model is not the reason.',
    }),
    option: t.exposeString('option', {
      description: 'The path of the option within the input, for example `options.quality`.',
    }),
    allowed: t.exposeStringList('allowed', {
      description:
        'The supported values. For a size: the nearest supported size, then examples. For a model that was shut ' +
        'down: its successor. When empty, omit the option.',
    }),
  }),
});

builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'Your credentials lack a scope. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    scope: t.expose('scope', { type: ScopeRef, description: 'The missing scope.' }),
  }),
});

builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description:
    'Too many requests in too little time, or too much open at once. Nothing was stored, and the upstream was not asked.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    retryAfter: t.expose('retryAfter', {
      type: 'DateTime',
      nullable: true,
      description:
        'The time from which the same request can succeed; null when it depends on the end of other calls or ' +
        'subscriptions.',
    }),
  }),
});

builder.objectType(NotAwaitingApprovalError, {
  name: 'NotAwaitingApprovalError',
  description: 'The call does not wait for approval: it never did, somebody has decided already, or it was cancelled.',
  interfaces: [ErrorRef],
});
