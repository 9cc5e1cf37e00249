/**
 * What every request must pass before anything else, above all which names the server answers to. A page can make its own
 * name lead to this machine (DNS rebinding); the browser then takes the server for a part of the page, and only the `Host`
 * header tells. So every request and every upgrade with another name is refused before it does anything
 * (docs/decisions/2026-11-28-who-may-knock.md).
 */
import type { IncomingMessage } from 'node:http';
import { pathnameOf } from '../routes.ts';

/** Why a request is not answered at all. */
export interface RequestProblem {
  readonly status: 400 | 421;
  readonly message: string;
}

/** Null when the request may be answered. */
export type RequestCheck = (request: Pick<IncomingMessage, 'url' | 'rawHeaders' | 'headers'>) => RequestProblem | null;

export interface HostOptions {
  /** Names and addresses without a port, besides those of loopback; `*` for any. */
  readonly allowed: readonly string[];
  /** Paths that are answered under any name, for load balancers that know servers by their address. */
  readonly exemptPaths: ReadonlySet<string>;
}

/** A name or an IPv4 address, or an IPv6 address in brackets; then a port. */
const HOST = /^([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/iu;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u;
const MAX_PORT = 65_535;
/** Clients use few values of `Host`. */
const MAX_KNOWN = 100;

const NOT_SERVED: RequestProblem = {
  status: 421,
  message: 'This server does not answer to this host name. Its operator can add it to ALLOWED_HOSTS.',
};
const NO_HOST: RequestProblem = { status: 421, message: 'The Host header is missing. Send the name of this server.' };
const BAD_HOST = bad('The Host header is malformed.');
const TWO_HOSTS = bad('There is more than one Host header.');
const TWO_CREDENTIALS = bad('There is more than one Authorization header, and they are different.');
const BAD_TARGET = bad('The request target must be a path, such as /graphql. This server is not a proxy.');

export function createRequestCheck({ allowed, exemptPaths }: HostOptions): RequestCheck {
  const names = new Set(
    allowed.map((name) => canonical(name.includes(':') && !name.startsWith('[') ? `[${name}]` : name)),
  );
  /** Values of the header that were found to be allowed. */
  const known = new Set<string>();

  function hostProblem(host: string): RequestProblem | null {
    const [, name = '', port = '0'] = HOST.exec(host) ?? [];
    // What a URL cannot hold must reach nothing that makes a URL of it.
    if (name === '' || Number(port) > MAX_PORT || !URL.canParse(`http://${host}/`)) return BAD_HOST;
    const plain = canonical(name);
    if (!names.has('*') && !names.has(plain) && !LOOPBACK.test(plain)) return NOT_SERVED;
    if (known.size < MAX_KNOWN) known.add(host);
    return null;
  }

  return ({ url = '', rawHeaders, headers: { host } }) => {
    if (!url.startsWith('/')) return BAD_TARGET;
    const repeated = repetitionIn(rawHeaders);
    if (repeated !== null) return repeated;
    if (host !== undefined && known.has(host)) return null;
    const problem = host === undefined ? NO_HOST : hostProblem(host);
    return problem === null || exemptPaths.has(pathnameOf(url)) ? null : problem;
  };
}

/** Lower case, without the dot that ends a fully qualified name; IPv6 addresses in their shortest form. */
function canonical(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/u, '');
  if (!lower.startsWith('[')) return lower;
  return URL.canParse(`http://${lower}`) ? new URL(`http://${lower}`).hostname : lower;
}

/**
 * Node keeps the first one and says nothing, while a proxy may have looked at the other: the request would be for another
 * host, or of somebody else, than the proxy believes.
 */
function repetitionIn(rawHeaders: readonly string[]): RequestProblem | null {
  let hasHost = false;
  let authorization: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') {
      if (hasHost) return TWO_HOSTS;
      hasHost = true;
    } else if (name.length === 13 && name.toLowerCase() === 'authorization') {
      const value = rawHeaders[at + 1];
      if (authorization !== undefined && value !== authorization) return TWO_CREDENTIALS;
      authorization = value;
    }
  }
  return null;
}

function bad(message: string): RequestProblem {
  return { status: 400, message };
}
