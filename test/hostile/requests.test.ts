/** Requests that are malformed, under other names, or forged by pages of other sites. */
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import type { HostileBytes, HostileInput, HostileRequest } from './hostile-input.ts';
import {
  answer,
  BAD,
  BAD_TARGET,
  begins,
  bytes,
  error,
  HOST,
  JSON_TYPE,
  lines,
  post,
  QUERY,
  upgrade,
} from './raw-requests.ts';

const NOT_SERVED = 'This server does not answer to this host name. Its operator can add it to ALLOWED_HOSTS.\n';
const BAD_HOST = 'The Host header is malformed.\n';
const TYPE_REFUSED = error(
  'UNSUPPORTED_MEDIA_TYPE',
  'The content type must be application/json, or multipart/form-data for an upload.',
);
const OK = '{"data":{"__typename":"Query"}}';

/** The same over HTTP and for an upgrade to a WebSocket. */
function hostCase(host: string, status: string, body: string): readonly HostileBytes[] {
  return [
    bytes(`Host: ${host}`, post([`Host: ${host}`, JSON_TYPE], QUERY), answer(status, body)),
    bytes(`Host: ${host}, by an upgrade`, upgrade([`Host: ${host}`]), answer(status, body)),
  ];
}

const MISDIRECTED = '421 Misdirected Request';

const HOSTS: readonly HostileBytes[] = [
  ...hostCase('evil.example', MISDIRECTED, NOT_SERVED),
  ...hostCase('evil.example:4000', MISDIRECTED, NOT_SERVED),
  ...hostCase('localhost.evil.example', MISDIRECTED, NOT_SERVED),
  ...hostCase('127.0.0.1.evil.example', MISDIRECTED, NOT_SERVED),
  ...hostCase('169.254.169.254', MISDIRECTED, NOT_SERVED),
  ...hostCase('0.0.0.0', MISDIRECTED, NOT_SERVED),
  ...hostCase('[::2]', MISDIRECTED, NOT_SERVED),
  ...hostCase('localhost:99999', BAD, BAD_HOST),
  ...hostCase('localhost:', BAD, BAD_HOST),
  ...hostCase('localhost:4000:4000', BAD, BAD_HOST),
  ...hostCase('user@localhost', BAD, BAD_HOST),
  ...hostCase('localhost/graphql', BAD, BAD_HOST),
  ...hostCase('localhost#', BAD, BAD_HOST),
  ...hostCase('local host', BAD, BAD_HOST),
  ...hostCase('[::1', BAD, BAD_HOST),
  ...hostCase('%6cocalhost', BAD, BAD_HOST),
  ...hostCase('<script>', BAD, BAD_HOST),
  ...hostCase('', BAD, BAD_HOST),
  ...hostCase('1.2.3.4.5', BAD, BAD_HOST),
  ...hostCase('x'.repeat(300), BAD, BAD_HOST),
  bytes(
    'Host: evil.example, with an origin that matches',
    post(['Host: evil.example', 'Origin: http://evil.example', JSON_TYPE], QUERY),
    answer(MISDIRECTED, NOT_SERVED),
  ),
  bytes(
    'an image under another host',
    lines('GET /images/018f0000-0000-7000-8000-000000000000.png HTTP/1.1', 'Host: evil.example'),
    answer(MISDIRECTED, NOT_SERVED),
  ),
  bytes('the page under another host', lines('GET / HTTP/1.1', 'Host: evil.example'), answer(MISDIRECTED, NOT_SERVED)),
  bytes(
    'nothing under another host',
    lines('GET /none HTTP/1.1', 'Host: evil.example'),
    answer(MISDIRECTED, NOT_SERVED),
  ),
  bytes(
    'two Host headers',
    post(['Host: localhost', 'Host: evil.example', JSON_TYPE], QUERY),
    answer(BAD, 'There is more than one Host header.\n'),
  ),
  bytes('no Host header in HTTP/1.1', lines('GET /graphql HTTP/1.1'), begins(BAD)),
  bytes(
    'no Host header in HTTP/1.0',
    lines('GET /graphql HTTP/1.0'),
    answer(MISDIRECTED, 'The Host header is missing. Send the name of this server.\n'),
  ),
  // Allowed, in unusual forms.
  ...['LOCALHOST', 'localhost.', 'localhost:1', '127.1.2.3', '[::1]:80', '[0:0:0:0:0:0:0:1]'].map((host) =>
    bytes(`Host: ${host}, which is allowed`, post([`Host: ${host}`, JSON_TYPE], QUERY), answer('200 OK', OK)),
  ),
  bytes('a health check by another name', lines('GET /health/live HTTP/1.1', 'Host: 10.0.0.7'), begins('200 OK')),
  bytes('a health check without a host', lines('GET /health/live HTTP/1.0'), answer('200 OK', '{"status":"live"}')),
];

const SYNTAX: readonly HostileBytes[] = [
  bytes('the address of another server', lines('GET http://evil.example/ HTTP/1.1', HOST), answer(BAD, BAD_TARGET)),
  bytes('our own address in full', lines('GET http://localhost/graphql HTTP/1.1', HOST), answer(BAD, BAD_TARGET)),
  bytes('no path', lines('OPTIONS * HTTP/1.1', HOST), answer(BAD, BAD_TARGET)),
  bytes('a tunnel', lines('CONNECT evil.example:443 HTTP/1.1', HOST), ''),
  bytes(
    'a path out of the root',
    lines('GET /../../etc/passwd HTTP/1.1', HOST),
    answer('404 Not Found', nothingHere()),
  ),
  bytes(
    'a path with two slashes',
    lines('GET //evil.example/graphql HTTP/1.1', HOST),
    answer('404 Not Found', nothingHere()),
  ),
  bytes(
    'a path with a null character',
    lines('GET /graphql%00 HTTP/1.1', HOST),
    answer('404 Not Found', nothingHere()),
  ),
  bytes('a raw null character', 'GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n', answer(BAD)),
  bytes('a method that does not exist', lines('KNOCK /graphql HTTP/1.1', HOST), answer(BAD)),
  bytes('a version that does not exist', lines('GET /graphql HTTP/9.9', HOST), answer(BAD)),
  bytes('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', answer(BAD)),
  bytes('TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', answer(BAD)),
  bytes('lines that end with a bare line feed', 'GET /graphql HTTP/1.1\nHost: localhost\n\n', answer(BAD)),
  bytes('a header without a name', lines('GET /graphql HTTP/1.1', HOST, ': x'), answer(BAD)),
  bytes('a header name with a space', lines('GET /graphql HTTP/1.1', HOST, 'Con tent: x'), answer(BAD)),
  bytes('a folded header', lines('GET /none HTTP/1.1', HOST, 'X-A: a', ' b'), answer(BAD)),
  bytes(
    'headers of 20 kB',
    lines('GET /graphql HTTP/1.1', HOST, `X-A: ${'x'.repeat(20_000)}`),
    answer('431 Request Header Fields Too Large'),
  ),
  bytes(
    'two different Authorization headers',
    post([HOST, JSON_TYPE, 'Authorization: Bearer a', 'authorization: Bearer b'], QUERY),
    answer(BAD, 'There is more than one Authorization header, and they are different.\n'),
  ),
  bytes('two lengths', post([HOST, JSON_TYPE, 'Content-Length: 1'], QUERY), answer(BAD)),
  bytes('a length and chunks', post([HOST, JSON_TYPE, 'Transfer-Encoding: chunked'], QUERY), answer(BAD)),
  bytes(
    'a length that is no number',
    lines('POST /graphql HTTP/1.1', HOST, JSON_TYPE, 'Content-Length: -1'),
    answer(BAD),
  ),
  bytes(
    'an unknown transfer encoding',
    lines('POST /graphql HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: gzip'),
    answer(BAD),
  ),
  bytes(
    'chunks of an invalid size',
    `${lines('POST /graphql HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}zz\r\n`,
    begins(BAD),
  ),
  bytes(
    'a body in chunks of a byte',
    `${lines('POST /graphql HTTP/1.1', HOST, JSON_TYPE, 'Transfer-Encoding: chunked')}${[...QUERY].map((each) => `1\r\n${each}\r\n`).join('')}0\r\n\r\n`,
    begins('200 OK'),
  ),
  bytes(
    'an expectation that nobody knows',
    post([HOST, JSON_TYPE, 'Expect: a-miracle'], QUERY),
    begins('417 Expectation Failed'),
  ),
  bytes(
    'fifty requests in one packet, of which the last one asks to close',
    `${`POST /graphql HTTP/1.1\r\n${HOST}\r\n${JSON_TYPE}\r\nContent-Length: ${QUERY.length}\r\n\r\n${QUERY}`.repeat(49)}${post([HOST, JSON_TYPE], QUERY)}`,
    expect.stringMatching(/^(?:HTTP\/1\.1 200 OK\r\n(?:[^\r\n]+\r\n)*\r\n\{"data":\{"__typename":"Query"\}\}){50}$/u),
  ),
  bytes(
    'a request smuggled behind a request',
    `${lines('GET /none HTTP/1.1', HOST, 'Content-Length: 0')}GET /graphql HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
    begins(BAD),
  ),
  bytes('another protocol', lines('GET /none HTTP/1.1', HOST, 'Upgrade: h2c'), answer('404 Not Found', nothingHere())),
];

function nothingHere() {
  return { errors: [{ message: 'There is nothing here. The API is at /graphql.' }] };
}

function request(name: string, init: RequestInit, status: number, body: unknown, path = '/graphql'): HostileRequest {
  return { name, request: () => ({ path, init }), status, body };
}

const MUTATION = 'mutation { cancelGeneration(input: { callId: "x" }) { __typename } }';
const PREFLIGHT =
  'An upload needs one of these headers, with any value: graphql-require-preflight, apollo-require-preflight, ' +
  'x-graphql-yoga-csrf, x-requested-with.';
const METHODS = error('METHOD_NOT_ALLOWED', 'GraphQL is served over POST, and queries over GET.');
const COMPRESSED = error(
  'UNSUPPORTED_CONTENT_ENCODING',
  'Compressed requests are not supported. Send the body without Content-Encoding.',
);
const CROSS_SITE = error(
  'CROSS_SITE_REQUEST',
  'Another site may not send this query. Use fetch with CORS, from an origin that is allowed.',
);

function posted(type: string, body: string | Uint8Array<ArrayBuffer>): RequestInit {
  return { method: 'POST', headers: type === '' ? {} : { 'content-type': type }, body };
}

const FORGERIES: readonly HostileInput[] = [
  request(
    'a form',
    posted('application/x-www-form-urlencoded', `query=${encodeURIComponent(MUTATION)}`),
    415,
    TYPE_REFUSED,
  ),
  request('a document as the body', posted('application/graphql', MUTATION), 415, TYPE_REFUSED),
  request('JSON as plain text', posted('text/plain', JSON.stringify({ query: MUTATION })), 415, TYPE_REFUSED),
  request(
    'JSON as plain text that mentions JSON',
    posted('text/plain; application/json', JSON.stringify({ query: MUTATION })),
    415,
    TYPE_REFUSED,
  ),
  request('a body of no type', posted('', new Uint8Array(Buffer.from(QUERY))), 415, TYPE_REFUSED),
  request('no body and no type', { method: 'POST' }, 415, TYPE_REFUSED),
  request('a multipart body of another kind', posted('multipart/mixed; boundary=x', '--x--'), 415, TYPE_REFUSED),
  request(
    'an upload without a preflight',
    posted('multipart/form-data; boundary=x', '--x--\r\n'),
    403,
    error('PREFLIGHT_REQUIRED', PREFLIGHT),
  ),
  ...['PUT', 'DELETE', 'PATCH'].map((method) => request(method, { method, body: QUERY }, 405, METHODS)),
  request('HEAD', { method: 'HEAD' }, 405, ''),
  bytes('TRACE', lines('TRACE /graphql HTTP/1.1', HOST), answer('405 Method Not Allowed', METHODS)),
  request(
    'a gzip bomb',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: new Uint8Array(gzipSync(Buffer.alloc(50_000_000, 32))),
    },
    415,
    COMPRESSED,
  ),
  request(
    'an encoding that does not exist',
    { method: 'POST', headers: { 'content-type': 'application/json', 'content-encoding': 'x' }, body: QUERY },
    415,
    COMPRESSED,
  ),
  request(
    'a mutation by GET',
    { method: 'GET' },
    405,
    expect.objectContaining({ errors: expect.anything() }),
    `/graphql?query=${encodeURIComponent(MUTATION)}`,
  ),
  ...['cross-site', 'same-site'].map((site) =>
    bytes(
      `a query by GET that a ${site} page embeds`,
      lines('GET /graphql?query={__typename} HTTP/1.1', HOST, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: no-cors'),
      answer('403 Forbidden', CROSS_SITE),
    ),
  ),
  bytes(
    'a subscription by GET that another site embeds',
    lines(
      'GET /graphql?query=subscription{__typename} HTTP/1.1',
      HOST,
      'Accept: text/event-stream',
      'Sec-Fetch-Site: cross-site',
    ),
    answer('403 Forbidden', CROSS_SITE),
  ),
];

checkHostileInputs('hosts', HOSTS);
checkHostileInputs('the syntax of HTTP', SYNTAX);
checkHostileInputs('forgeries', FORGERIES);
