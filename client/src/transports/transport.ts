/** How subscriptions reach the server. */
import { ConnectionLostError, type ResultError } from '../errors.ts';

/** What is sent. */
export interface SubscriptionRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SubscriptionResult {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly ResultError[];
}

/** One kind of connection. */
export interface Transport {
  /**
   * The results of a subscription, until the server completes it. A refused subscription has one result, with errors.
   * @param onOpen called when the server has accepted the connection, with its credentials
   * @throws {ConnectionLostError} · {CredentialsRefusedError} · the reason of the signal
   */
  subscribe(request: SubscriptionRequest, signal: AbortSignal, onOpen: () => void): AsyncIterable<SubscriptionResult>;
}

/**
 * An API key or a token, or a function that returns one, which is asked for every connection. Null for none.
 * @see docs/authentication.md
 */
export type Token = string | null | (() => string | null | Promise<string | null>);

/**
 * The value of `authorization`; undefined without credentials.
 * @throws {ConnectionLostError} when the function that is asked fails: it usually asks another server
 */
export async function authorizationOf(token: Token): Promise<string | undefined> {
  try {
    const value = typeof token === 'function' ? await token() : token;
    return value === null ? undefined : `Bearer ${value}`;
  } catch (cause) {
    throw new ConnectionLostError('There is no token.', { cause });
  }
}
