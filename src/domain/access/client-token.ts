/** Client tokens: short-lived credentials for browsers, limited to one conversation or one call. */
import type { Restriction } from './restriction.ts';
import type { Scope } from './scope.ts';

/** The scopes that a token can have. All others are about the principal as a whole. */
export const CLIENT_TOKEN_SCOPES: Readonly<Record<Restriction['type'], readonly Scope[]>> = {
  Conversation: ['READ', 'GENERATE', 'UPLOAD'],
  GenerationCall: ['READ'],
};

/** What a token says. */
export interface ClientTokenGrant {
  readonly principal: string;
  /** The credentials that created it: the token ends with them. */
  readonly credential: string | null;
  readonly only: Restriction;
  readonly scopes: readonly Scope[];
  /** In milliseconds since 1970, a whole number of seconds. */
  readonly endsAtMs: number;
}
