/** Creates client tokens: short-lived credentials for browsers, limited to one conversation or one call. */
import type { Database } from '../db/database.ts';
import { CLIENT_TOKEN_SCOPES, type ClientTokenGrant } from '../domain/access/client-token.ts';
import type { Restriction } from '../domain/access/restriction.ts';
import type { Scope } from '../domain/access/scope.ts';
import { type FieldError, ForbiddenError } from '../domain/errors.ts';
import { refuseIfAny } from '../domain/generation/generation-input.ts';
import { requireCall, requireConversation } from './references.ts';

/** Who creates a token, by which credentials. */
export interface TokenCreator {
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly credential: string | null;
  readonly only: Restriction | null;
  /** When the credentials end, in milliseconds since 1970, where that is known in advance. */
  readonly endsAtMs?: number;
}

export interface ClientTokenInput {
  /** Exactly one of the two ids is given. */
  readonly conversationId: string | null;
  readonly callId: string | null;
  readonly scopes: readonly Scope[];
  readonly expiresInSeconds: number;
  /** Invalid fields found while the input was read. */
  readonly errors: readonly FieldError[];
}

export interface IssuedClientToken {
  readonly token: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339 in UTC. */
  readonly expiresAt: string;
}

export interface ClientTokens {
  /**
   * @throws {InvalidInputError} names each invalid field · {NotFoundError} no such conversation or call of this principal ·
   * {ForbiddenError} the creator lacks a scope
   */
  create(creator: TokenCreator, input: ClientTokenInput): Promise<IssuedClientToken>;
}

export interface ClientTokensOptions {
  readonly db: Database;
  /** The signed text of a token. */
  readonly write: (grant: ClientTokenGrant) => string;
  readonly nowMs: () => number;
}

const MAX_SECONDS = 86_400;

export function createClientTokens({ db, write, nowMs }: ClientTokensOptions): ClientTokens {
  return {
    async create(creator, input) {
      const { id: principal, credential, endsAtMs: creatorEndsAtMs = Number.POSITIVE_INFINITY } = creator;
      const only = restrictionOf(creator, input);
      const scopes = [...new Set(input.scopes)];
      const missing = scopes.find((scope) => !creator.scopes.has(scope));
      if (missing !== undefined) throw new ForbiddenError(missing);
      if (only.type === 'Conversation') await requireConversation(db, principal, only.id);
      else await requireCall(db, principal, only.id);
      const endsAtMs = wholeSeconds(Math.min(nowMs() + input.expiresInSeconds * 1000, creatorEndsAtMs));
      const token = write({ principal, credential, only, scopes, endsAtMs });
      return { token, scopes, expiresAt: new Date(endsAtMs).toISOString() };
    },
  };
}

/** @throws {InvalidInputError} */
function restrictionOf({ only }: TokenCreator, input: ClientTokenInput): Restriction {
  const { conversationId, callId, scopes, expiresInSeconds } = input;
  const errors = [...input.errors];
  const refuse = (field: string, message: string) => void errors.push({ field, message });
  const named = callId === null ? 'conversationId' : 'callId';
  if (only !== null) {
    refuse(named, 'cannot be given with a client token: use the API key or JWT that created it.');
  } else if ((conversationId === null) === (callId === null)) {
    refuse('conversationId', 'or callId must be given, and not both.');
  }
  const type = callId === null ? 'Conversation' : 'GenerationCall';
  const allowed = CLIENT_TOKEN_SCOPES[type];
  if (!scopes.includes('READ') || scopes.some((scope) => !allowed.includes(scope))) {
    const more = allowed.filter((scope) => scope !== 'READ').join(' and ');
    refuse('scopes', `must have READ${more === '' ? ' alone' : `, and can have ${more}`}.`);
  }
  if (expiresInSeconds < 1 || expiresInSeconds > MAX_SECONDS) {
    refuse('expiresIn', `must be 1 to ${MAX_SECONDS} seconds, not ${expiresInSeconds}.`);
  }
  refuseIfAny(errors);
  return { type, id: callId ?? conversationId ?? '' };
}

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}
