/** Who a client is behind a proxy: what the proxy says, and never what the client says. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createClientAddresses } from '../../src/http/admission/client-address.ts';

function addressOf(trusted: readonly string[], remoteAddress: string, forwardedFor?: string): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  // The address is found in these two alone.
  const request = { socket: { remoteAddress }, connection: { remoteAddress }, headers } as unknown as IncomingMessage;
  return createClientAddresses(trusted).addressOf(request);
}

describe('the address of a client', () => {
  it.each([
    [[], '203.0.113.7', undefined, '203.0.113.7'],
    [[], '127.0.0.1', '203.0.113.7', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    [['loopback'], '::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
    [['loopback'], '203.0.113.9', '203.0.113.7', '203.0.113.9'],
    [['loopback'], '127.0.0.1', '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    [['loopback', '10.0.0.0/8'], '127.0.0.1', '1.1.1.1, 203.0.113.7, 10.2.3.4', '203.0.113.7'],
    [['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
    [['loopback'], '127.0.0.1', 'unknown', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '<script>', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '203.0.113.7:5678', '203.0.113.7'],
    [['loopback', '10.0.0.0/8'], '127.0.0.1', '1.1.1.1:1, 203.0.113.7:5678,10.2.3.4:80', '203.0.113.7'],
    [['loopback'], '127.0.0.1', '[2001:db8:1:2::3]:5678', '2001:db8:1:2::/64'],
    [['loopback'], '127.0.0.1', '[2001:db8:1:2::3]', '2001:db8:1:2::/64'],
    [['loopback'], '127.0.0.1', '2001:db8:1:2::3', '2001:db8:1:2::/64'],
    [['loopback'], '127.0.0.1', '[::ffff:203.0.113.7]:5678', '203.0.113.7'],
    [['loopback'], '127.0.0.1', '203.0.113.7, [::1]:80', '203.0.113.7'],
    [['loopback'], '127.0.0.1', '203.0.113.7:', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '203.0.113.7:http', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '203.0.113.7:123456', '127.0.0.1'],
    [['loopback'], '127.0.0.1', '[2001:db8::1', '127.0.0.1'],
  ])('with the trusted proxies %j, of %s with X-Forwarded-For %s is %s', (trusted, remote, forwardedFor, expected) => {
    expect(addressOf(trusted, remote, forwardedFor)).toBe(expected);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
  ])('%s counts as %s', (remote, expected) => {
    expect(addressOf([], remote)).toBe(expected);
  });
});
