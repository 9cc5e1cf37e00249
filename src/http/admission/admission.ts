/** What every request and every upgrade must pass before anything else: its host, and the limits of its address. */

import { HEALTH_PATHS } from '../health.ts';
import { type AddressLimit, createAddressLimit } from './address-limit.ts';
import { type AddressOf, createClientAddresses } from './client-address.ts';
import type { ConnectionOptions } from './connections.ts';
import { createRequestCheck, type RequestCheck } from './hosts.ts';

export interface Admission {
  readonly checkRequest: RequestCheck;
  readonly addressOf: AddressOf;
  readonly connections: ConnectionOptions;
  /** WebSockets of one address. */
  readonly sockets: AddressLimit;
  /** Responses of server-sent events of one address. */
  readonly eventStreams: AddressLimit;
}

export interface AdmissionOptions {
  /** Hosts that are served besides those of loopback, without a port; `*` for any. */
  readonly allowedHosts: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly connections: Omit<ConnectionOptions, 'isProxy'> & {
    readonly maxSocketsPerAddress: number;
    readonly maxEventStreamsPerAddress: number;
  };
}

export function createAdmission({ allowedHosts, trustedProxies, connections }: AdmissionOptions): Admission {
  const { addressOf, isProxy } = createClientAddresses(trustedProxies);
  return {
    checkRequest: createRequestCheck({ allowed: allowedHosts, exemptPaths: HEALTH_PATHS }),
    addressOf,
    connections: { ...connections, isProxy },
    sockets: createAddressLimit(connections.maxSocketsPerAddress),
    eventStreams: createAddressLimit(connections.maxEventStreamsPerAddress),
  };
}
