/** Client tokens as bearer tokens. A token ends at its time, or with the credentials that created it. */
import type { ClientTokenGrant } from '../../../domain/access/client-token.ts';
import { callAt } from '../../../lib/call-at.ts';
import { type Principal, UnauthenticatedError } from '../../authenticate.ts';
import { type BearerDriver, WRONG } from '../../bearer.ts';
import type { ClientTokenFormat } from '../../client-token-format.ts';

export interface ClientTokensOptions {
  readonly format: Pick<ClientTokenFormat, 'read'>;
  /**
   * What these credentials of the principal prove, `key:<id>` for example; null when they have ended.
   * @throws {AuthenticationUnavailableError} when that cannot be found out now
   */
  readonly findCreator: (
    credential: string,
    principal: string,
  ) => Promise<Pick<Principal, 'id' | 'scopes' | 'watchEnd'> | null>;
  readonly nowMs: () => number;
}

const EXPIRED = 'The client token has expired. Get a new one.';

export function createClientTokenDriver({ format, findCreator, nowMs }: ClientTokensOptions): BearerDriver {
  return async (token) => {
    const grant = format.read(token);
    if (grant === null) return null;
    if (grant === 'wrong') throw new UnauthenticatedError(WRONG, 'invalid_token');
    if (grant.endsAtMs <= nowMs()) throw new UnauthenticatedError(EXPIRED, 'invalid_token');
    const { credential, principal } = grant;
    // Without credentials: it was created while the server had no authentication.
    const creator = credential === null ? null : await findCreator(credential, principal);
    if (creator?.id !== principal) throw new UnauthenticatedError(WRONG, 'invalid_token');
    return principalOf(grant, creator, nowMs);
  };
}

function principalOf(
  { principal, credential, only, scopes, endsAtMs }: ClientTokenGrant,
  creator: Pick<Principal, 'scopes' | 'watchEnd'>,
  nowMs: () => number,
): Principal {
  return {
    id: principal,
    scopes: new Set(scopes.filter((scope) => creator.scopes.has(scope))),
    // Of the creator: otherwise an API key could exceed its budget and its rates with tokens.
    credential,
    only,
    watchEnd(onEnd) {
      const stops: (() => void)[] = [];
      const stop = () => {
        for (const each of stops.splice(0)) each();
      };
      const end = () => {
        if (stops.length === 0) return;
        stop();
        onEnd();
      };
      stops.push(creator.watchEnd(end), callAt(endsAtMs, nowMs, end));
      return stop;
    },
  };
}
