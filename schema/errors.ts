/** The errors that can be expected, as members of the mutations' result unions. */

import type { DomainError } from '../src/domain/errors.ts';
import {
  ERROR_CODES,
  type FieldError,
  IdempotencyConflictError,
  InvalidInputError,
  NotCancellableError,
  NotFoundError,
  NotRetryableError,
  UnsupportedOptionError,
} from '../src/domain/errors.ts';
import { builder } from './builder.ts';

const CODE_DESCRIPTIONS: Readonly<Record<(typeof ERROR_CODES)[number], string>> = {
  INVALID_INPUT: 'Something in the input is not allowed; the fields say what would be right.',
  NOT_FOUND: 'There is no such thing, or it is not yours: the two look the same.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before with another input.',
  NOT_CANCELLABLE: 'The call has ended already.',
  NOT_RETRYABLE: 'The call is under way, or has brought everything.',
  UNSUPPORTED_OPTION: 'The model, or the API that is asked, does not take an option; or the model was shut down.',
};

const ErrorCodeRef = builder.enumType('ErrorCode', {
  description:
    'What kind of error it is, for programs. Errors outside of a result union carry it in `extensions.code`.',
  values: Object.fromEntries(ERROR_CODES.map((code) => [code, { description: CODE_DESCRIPTIONS[code] }])),
});

const ErrorRef = builder.interfaceRef<DomainError>('Error').implement({
  description: 'What every expected error says.',
  fields: (t) => ({
    code: t.field({ type: ErrorCodeRef, description: 'For programs.', resolve: (error) => error.code }),
    message: t.exposeString('message', { description: 'For people.' }),
  }),
});

const FieldErrorRef = builder.objectRef<FieldError>('FieldError').implement({
  description: 'One thing that is wrong with an input.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The path of the field inside the input: `options.size`.' }),
    message: t.exposeString('message', { description: 'What is wrong and what would be right.' }),
  }),
});

builder.objectType(InvalidInputError, {
  name: 'InvalidInputError',
  description: 'The input is not allowed. Nothing was stored and nothing was sent.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    fields: t.field({
      type: [FieldErrorRef],
      description: 'Everything that is wrong, at once.',
      resolve: ({ fields }) => fields,
    }),
  }),
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: 'What an id in the input names is not there, or is not yours. Nothing was stored and nothing was sent.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The field that holds the id.' }),
  }),
});

builder.objectType(IdempotencyConflictError, {
  name: 'IdempotencyConflictError',
  description: 'The idempotency key was used before with another input. Nothing was stored and nothing was sent.',
  interfaces: [ErrorRef],
});

builder.objectType(NotCancellableError, {
  name: 'NotCancellableError',
  description: 'The call has ended in another way already: its picture was finished first, or it had failed.',
  interfaces: [ErrorRef],
});

builder.objectType(NotRetryableError, {
  name: 'NotRetryableError',
  description: 'There is nothing to ask for once more: the call is still under way, or every picture of it has come.',
  interfaces: [ErrorRef],
});

builder.objectType(UnsupportedOptionError, {
  name: 'UnsupportedOptionError',
  description:
    'The catalogue (`models`) knows that the model does not do this, or the API that this server asks has no place for it. ' +
    'Nothing was stored, nothing was sent and nothing was spent.',
  interfaces: [ErrorRef],
  fields: (t) => ({
    model: t.exposeString('model', {
      nullable: true,
      description:
        'The model that was asked for, or the default one; null when it is the Image API that is in the way.',
    }),
    option: t.exposeString('option', { description: 'The path of the option inside the input: `options.quality`.' }),
    allowed: t.exposeStringList('allowed', {
      description:
        'What the model takes for it; of sizes, the nearest and examples; for a model that was shut down, its successor. ' +
        'Empty: leave it out.',
    }),
  }),
});
