/** The environment variables that say which hosts are served, how long connections may take, and how many there may be. */
import { isIP } from 'node:net';
import type * as v from 'valibot';
import { integerOr, listOf, oneOf, orNull } from './values.ts';

export interface NetworkConfig {
  /** Host names and IP addresses that are served besides loopback names and PUBLIC_URL's; `*` serves any. Null for the default. */
  readonly allowedHosts: readonly string[] | null;
  /** Addresses and subnets of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** `auto` is on without authentication. It governs introspection and suggestions of names in error messages. */
  readonly introspection: (typeof INTROSPECTION)[number];
  readonly connections: ConnectionLimits;
}

export interface ConnectionLimits {
  /** How long a request without a file may take to arrive, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The least average speed of an upload, in bytes per second; 0 for none. */
  readonly minUploadBytesPerSecond: number;
  /** After how long without progress a client that takes nothing of its response is disconnected, in milliseconds. */
  readonly stalledTimeoutMs: number;
  readonly maxConnections: number;
  /** Connections of one address; those of trusted proxies are not counted. */
  readonly maxConnectionsPerAddress: number;
  readonly maxSocketsPerAddress: number;
  readonly maxEventStreamsPerAddress: number;
}

const INTROSPECTION = ['auto', 'on', 'off'] as const;

/** Ranges with a name, as `proxy-addr` knows them. */
const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/iu;

const hosts = listOf((host) => host === '*' || HOST_NAME.test(host) || isIP(withoutBrackets(host)) !== 0, {
  expected: 'host names or IP addresses without a scheme and without a port, separated by commas, or "*"',
});
const proxies = listOf(isRange, {
  expected:
    'IP addresses or subnets such as "10.0.0.0/8", or loopback, linklocal or uniquelocal, separated by commas; ' +
    'the addresses of your proxies',
});

export const NETWORK_ENVIRONMENT = {
  ALLOWED_HOSTS: orNull(hosts),
  TRUST_PROXY: orNull(proxies),
  INTROSPECTION: oneOf(INTROSPECTION, 'auto'),
  REQUEST_TIMEOUT_MS: integerOr(30_000, 100, 3_600_000),
  MIN_UPLOAD_BYTES_PER_SECOND: integerOr(4096, 0, 1_000_000_000),
  STALLED_TIMEOUT_MS: integerOr(30_000, 100, 3_600_000),
  MAX_CONNECTIONS: integerOr(5000, 1, 1_000_000),
  MAX_CONNECTIONS_PER_ADDRESS: integerOr(1000, 1, 1_000_000),
  MAX_SOCKETS_PER_ADDRESS: integerOr(500, 1, 1_000_000),
  MAX_EVENT_STREAMS_PER_ADDRESS: integerOr(200, 1, 1_000_000),
};

type Values = v.InferOutput<v.ObjectSchema<typeof NETWORK_ENVIRONMENT, undefined>>;

export function networkConfig(values: Values): NetworkConfig {
  return {
    allowedHosts: values.ALLOWED_HOSTS,
    trustedProxies: values.TRUST_PROXY ?? [],
    introspection: values.INTROSPECTION,
    connections: {
      requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
      minUploadBytesPerSecond: values.MIN_UPLOAD_BYTES_PER_SECOND,
      stalledTimeoutMs: values.STALLED_TIMEOUT_MS,
      maxConnections: values.MAX_CONNECTIONS,
      maxConnectionsPerAddress: values.MAX_CONNECTIONS_PER_ADDRESS,
      maxSocketsPerAddress: values.MAX_SOCKETS_PER_ADDRESS,
      maxEventStreamsPerAddress: values.MAX_EVENT_STREAMS_PER_ADDRESS,
    },
  };
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

function isRange(value: string): boolean {
  if (NAMED_RANGES.has(value)) return true;
  const [address = '', bits, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
