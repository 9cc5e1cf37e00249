/** The address of a client, to count what each address does. */
import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import proxyAddress from 'proxy-addr';

/**
 * @returns an IPv4 address, or the /64 network of an IPv6 address, because one customer of a provider has a whole network;
 * empty when the connection is already closed
 */
export type AddressOf = (request: Pick<IncomingMessage, 'socket' | 'headers'>) => string;

/** The address of the other end of the connection: the client, or the nearest proxy. */
export const socketAddress: AddressOf = ({ socket }) => networkOf(socket.remoteAddress ?? '');

export interface ClientAddresses {
  readonly addressOf: AddressOf;
  /** Whether the other end of a connection is a proxy, whose connections are those of many clients. */
  readonly isProxy: (remoteAddress: string) => boolean;
}

/**
 * `X-Forwarded-For` is believed only from trusted proxies, from the nearest one on: any client can send the header.
 * @param trusted addresses and subnets of proxies; empty for none
 */
export function createClientAddresses(trusted: readonly string[]): ClientAddresses {
  if (trusted.length === 0) return { addressOf: socketAddress, isProxy: () => false };
  const isTrusted = proxyAddress.compile([...trusted]);
  return {
    addressOf(request) {
      const remote = request.socket.remoteAddress ?? '';
      const { 'x-forwarded-for': forwarded } = request.headers;
      if (forwarded === undefined || !isTrusted(remote, 0)) return networkOf(remote);
      const headers = { 'x-forwarded-for': withoutPorts(forwarded) };
      // proxy-addr reads this header and the socket alone.
      const address = proxyAddress({ socket: request.socket, headers } as unknown as IncomingMessage, isTrusted);
      // A trusted proxy may pass on what a client made up.
      return networkOf(isIP(address) === 0 ? remote : address);
    },
    isProxy: (remoteAddress) => isTrusted(remoteAddress, 0),
  };
}

/** `203.0.113.7:5678`, `[2001:db8::1]:80` or `[2001:db8::1]`, as some proxies write the address of their client. */
const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+):\d{1,5}|\[([\da-f:.]+)\](?::\d{1,5})?)$/iu;

/** Without this, such an entry would be no address, and all clients would count as their proxy. */
function withoutPorts(forwarded: string | readonly string[]): string {
  const entries = String(forwarded).split(',');
  return entries.map((entry) => entry.trim().replace(WITH_PORT, (_, v4, v6) => v4 ?? v6)).join(', ');
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu;

/** Of addresses that were asked for lately: reading one takes longer than everything else that is done with it. */
const networks = new Map<string, string>();
const MAX_NETWORKS = 10_000;

export function networkOf(address: string): string {
  const known = networks.get(address);
  if (known !== undefined) return known;
  const network = readNetwork(address);
  if (networks.size >= MAX_NETWORKS) networks.clear();
  networks.set(address, network);
  return network;
}

function readNetwork(address: string): string {
  if (!isIPv6(address)) return address;
  const [, mapped] = MAPPED.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
