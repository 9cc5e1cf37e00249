/**
 * Bearer tokens (RFC 6750): `Authorization: Bearer <token>` of an HTTP request, or `{ "authorization": "Bearer <token>" }`
 * as the payload of `connection_init`. Each format of tokens has a driver.
 */
import type { Socket } from 'node:net';
import { type Authenticate, type Credentials, type Principal, UnauthenticatedError } from './authenticate.ts';

/**
 * Checks the tokens of one format. Resolves with null when the token is not of this format, so that the next driver sees it.
 * @throws {UnauthenticatedError} when the token is of this format and wrong
 * @throws {AuthenticationUnavailableError} when it cannot be checked now
 */
export interface BearerDriver {
  (token: string): Promise<Principal | null>;
  /**
   * Whether the token that this principal was found for is still valid, without waiting: as if it were presented again.
   * A driver without this checks the token of every request.
   */
  readonly isStillValid?: (principal: Principal) => boolean;
}

/** Longer tokens are refused before anything looks at them. Node limits all headers together to 16 kB. */
export const MAX_TOKEN_LENGTH = 8_192;

const MISSING = 'Credentials are required. Send "Authorization: Bearer <API key or token>".';
const MISSING_IN_WEBSOCKET =
  'Credentials are required. Send { "authorization": "Bearer <API key or token>" } as the payload of connection_init.';
const MALFORMED = 'The credentials are malformed. The format is "Bearer <API key or token>".';
const TWO_IN_WEBSOCKET = 'The payload of connection_init has different values for "authorization".';
const TOO_LONG = `The token is longer than ${MAX_TOKEN_LENGTH} characters.`;

/** The same for everything that is wrong with a token: a client without a valid one learns nothing about those of others. */
export const WRONG = 'The API key or token is unknown, revoked or expired.';

/** Scheme and token (RFC 9110 and RFC 6750). */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/iu;
const AUTHORIZATION = 'authorization';

/** @param drivers are asked in this order until one knows the format of the token */
export function createBearerAuthenticate(drivers: readonly BearerDriver[]): Authenticate {
  /** By connection: nearly every request presents the same as the one before it. */
  const lastOf = new WeakMap<Socket, Presented>();

  async function check(credentials: Credentials): Promise<Principal> {
    const token = bearerTokenOf(credentials);
    for (const driver of drivers) {
      const principal = await driver(token);
      if (principal !== null) {
        remember(credentials, principal, driver);
        return principal;
      }
    }
    throw new UnauthenticatedError(WRONG, 'invalid_token');
  }

  function remember({ socket, headers, connectionParams }: Credentials, principal: Principal, driver: BearerDriver) {
    const { authorization } = headers;
    const { isStillValid } = driver;
    if (socket === undefined || authorization === undefined || connectionParams || isStillValid === undefined) return;
    lastOf.set(socket, { authorization, principal, isStillValid });
  }

  return (credentials) => {
    const { socket, headers, connectionParams } = credentials;
    const last = socket === undefined || connectionParams ? undefined : lastOf.get(socket);
    if (last?.authorization === headers.authorization && last?.isStillValid(last.principal)) return last.principal;
    return check(credentials);
  };
}

/** Credentials that were found to be right. */
interface Presented {
  readonly authorization: string;
  readonly principal: Principal;
  readonly isStillValid: (principal: Principal) => boolean;
}

/** @throws {UnauthenticatedError} when there is no token, or none in the right form */
export function bearerTokenOf({ headers, connectionParams }: Credentials): string {
  const given = (connectionParams && authorizationIn(connectionParams)) ?? headers.authorization;
  if (given === undefined) throw new UnauthenticatedError(connectionParams ? MISSING_IN_WEBSOCKET : MISSING);
  const token = typeof given === 'string' ? BEARER.exec(given)?.[1] : undefined;
  if (token === undefined) throw new UnauthenticatedError(MALFORMED, 'invalid_request');
  if (token.length > MAX_TOKEN_LENGTH) throw new UnauthenticatedError(TOO_LONG, 'invalid_request');
  return token;
}

/** Clients write the key in any letter case; null counts as missing. @throws {UnauthenticatedError} when two are different */
function authorizationIn(connectionParams: Readonly<Record<string, unknown>>): unknown {
  const given = Object.entries(connectionParams)
    .filter(([key, value]) => key.toLowerCase() === AUTHORIZATION && value != null)
    .map(([, value]) => value);
  if (new Set(given).size > 1) throw new UnauthenticatedError(TWO_IN_WEBSOCKET, 'invalid_request');
  return given[0];
}
