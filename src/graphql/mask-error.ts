/** What a client is told about an error. Expected errors keep their message; unexpected ones show an id of the log. */
import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { Principal } from '../auth/authenticate.ts';
import { fromPicodollars } from '../domain/cost/cost.ts';
import {
  BudgetExceededError,
  DomainError,
  ForbiddenError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
  RateLimitedError,
  RestrictedError,
  UnsupportedOptionError,
} from '../domain/errors.ts';
import { withoutSuggestions } from './plugins/use-hidden-schema.ts';

/** Turns anything that was thrown into an error that may be shown. */
export type MaskError = (error: unknown) => GraphQLError;

/** Whose operation an error belongs to, where that is known. */
export type OwnerOf = (error: unknown) => Principal | undefined;

export interface MaskErrorOptions {
  readonly logger: Logger;
  /** Whether messages about variables may suggest names of the schema. */
  readonly suggestsNames: boolean;
  readonly ownerOf: OwnerOf;
}

/** @returns a function that logs each unexpected error once, with the id that the client is given */
export function createMaskError({ logger, suggestsNames, ownerOf }: MaskErrorOptions): MaskError {
  return (error) => {
    const original = error instanceof GraphQLError ? error.originalError : error;
    const owner = ownerOf(error);
    const fields = owner === undefined ? {} : { principal: owner.id, credential: owner.credential };
    if (error instanceof GraphQLError && (original === undefined || original instanceof GraphQLError)) {
      // GraphQL.js gives its errors about variables no code; every error of this API has one.
      error.extensions['code'] ??= 'BAD_USER_INPUT';
      // Without its message, which may quote a variable.
      logger.debug({ ...fields, code: error.extensions['code'], path: error.path }, 'an operation was refused');
      if (!suggestsNames) error.message = withoutSuggestions(error.message);
      return error;
    }
    const where = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
    if (original instanceof DomainError) {
      logger.debug({ ...fields, code: original.code, path: where.path }, 'an operation was refused');
      return new GraphQLError(original.message, { ...where, extensions: extensionsOf(original) });
    }
    const errorId = randomUUID();
    logger.error({ ...fields, err: original, errorId }, 'unexpected error');
    const message = `Something went wrong on this server. Its log has more under ${errorId}.`;
    return new GraphQLError(message, { ...where, extensions: { code: 'INTERNAL_SERVER_ERROR', errorId } });
  };
}

function extensionsOf(error: DomainError): Record<string, unknown> {
  if (error instanceof InvalidInputError) return { code: error.code, fields: error.fields };
  if (error instanceof NotFoundError) return { code: error.code, field: error.field };
  if (error instanceof UnsupportedOptionError) {
    const { code, model, option, allowed } = error;
    return { code, model, option, allowed };
  }
  if (error instanceof ForbiddenError) return { code: error.code, scope: error.scope };
  if (error instanceof RestrictedError) return { code: error.code, instead: error.instead };
  if (error instanceof RateLimitedError) return { code: error.code, retryAfter: error.retryAfter };
  if (error instanceof LimitExceededError) {
    const { code, limit, max, executed } = error;
    return { code, limit, max, ...(executed !== null && { executed }) };
  }
  if (error instanceof BudgetExceededError) {
    return { code: error.code, resetsAt: error.resetsAt, required: fromPicodollars(error.required) };
  }
  return { code: error.code };
}
