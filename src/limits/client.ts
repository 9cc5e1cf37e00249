/**
 * For whom something is counted. Clients with credentials are counted for their principal and, if it has less, for the
 * credentials. Without credentials all clients are one principal, so each is counted for its address.
 */
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../auth/authenticate.ts';

/** Who is asking, and over which connection. */
export interface Client {
  readonly identity: Principal;
  /** Over WebSocket the request that opened it. */
  readonly req: IncomingMessage;
}

/** What of a principal is counted for. */
export type Identity = Pick<Principal, 'id' | 'credential'>;

export type Holder = 'principal' | 'credential' | 'address';

/** Names the credentials among those of all principals: `jwt` alone would be all that have one. */
export function credentialOf({ id, credential }: Identity): string {
  return `${credential} ${id}`;
}

/** What credentials may use of a limit of their principal; at least 1. */
export function shareOf(limit: number, percent: number): number {
  return Math.max(1, Math.floor((limit * percent) / 100));
}
