/** Requests as the bytes of their lines, and their answers, for tables of hostile inputs. */
import { expect } from 'vitest';
import type { HostileBytes } from './hostile-input.ts';

export const QUERY = JSON.stringify({ query: '{ __typename }' });
export const BAD_TARGET = 'The request target must be a path, such as /graphql. This server is not a proxy.\n';
export const HOST = 'Host: localhost';
export const BAD = '400 Bad Request';

export function error(code: string, message: string) {
  return { errors: [{ message, extensions: { code } }] };
}

/** The whole of one response: its status line, any headers, and exactly this body. Nothing may follow it. */
export function answer(status: string, body: string | object = ''): unknown {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const escaped = text.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`);
  return expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status}\\r\\n(?:[^\\r\\n]+\\r\\n)*\\r\\n${escaped}$`, 'u'));
}

/** Where Node answers, or the body is sent in chunks: no more than the status line is looked at. */
export function begins(status: string): unknown {
  return expect.stringMatching(new RegExp(`^HTTP/1\\.1 ${status}\\r\\n`, 'u'));
}

/** Lines of a request; the connection is to be closed after the answer. */
export function lines(...all: readonly string[]): string {
  return [...all, 'Connection: close', '', ''].join('\r\n');
}

export function post(headers: readonly string[], body: string): string {
  const head = ['POST /graphql HTTP/1.1', ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return `${lines(...head)}${body}`;
}

export const JSON_TYPE = 'Content-Type: application/json';

export function bytes(name: string, sent: string, response: unknown): HostileBytes {
  return { name, bytes: () => Buffer.from(sent, 'latin1'), response };
}

export const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

export function upgrade(headers: readonly string[], target = '/graphql', method = 'GET'): string {
  const defaults = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', KEY];
  const protocol = 'Sec-WebSocket-Protocol: graphql-transport-ws';
  const given = new Set(headers.map((line) => line.split(':')[0]));
  const rest = [...defaults, protocol, 'Host: localhost'].filter((line) => !given.has(line.split(':')[0] ?? ''));
  return [`${method} ${target} HTTP/1.1`, ...headers.filter((line) => !line.endsWith(': -')), ...rest, '', ''].join(
    '\r\n',
  );
}
