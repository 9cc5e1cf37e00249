/** Upgrades and messages that break the protocols of WebSocket and graphql-transport-ws. */
import { expect } from 'vitest';
import { checkHostileInputs } from './check-hostile-inputs.ts';
import type { HostileBytes, HostileInput, HostileMessages } from './hostile-input.ts';
import { answer, BAD, BAD_TARGET, bytes, upgrade } from './raw-requests.ts';

const UPGRADES: readonly HostileBytes[] = [
  bytes(
    'an upgrade of a page of another site',
    upgrade(['Origin: https://evil.example']),
    answer('403 Forbidden', foreign()),
  ),
  bytes('an upgrade of a sandboxed page', upgrade(['Origin: null']), answer('403 Forbidden', foreign())),
  bytes(
    'an upgrade elsewhere',
    upgrade([], '/images/x'),
    answer('404 Not Found', 'There is no WebSocket here. The API is at /graphql.\n'),
  ),
  bytes(
    'an upgrade with two different Authorization headers',
    upgrade(['Authorization: Bearer a', 'AUTHORIZATION: Bearer b']),
    answer(BAD, 'There is more than one Authorization header, and they are different.\n'),
  ),
  bytes('an upgrade with a full address', upgrade([], 'http://localhost/graphql'), answer(BAD, BAD_TARGET)),
  bytes('an upgrade by POST', upgrade([], '/graphql', 'POST'), answer('405 Method Not Allowed', 'Invalid HTTP method')),
  bytes(
    'an upgrade without a key',
    upgrade(['Sec-WebSocket-Key: -']),
    answer(BAD, 'Missing or invalid Sec-WebSocket-Key header'),
  ),
  bytes(
    'an upgrade with a short key',
    upgrade(['Sec-WebSocket-Key: x']),
    answer(BAD, 'Missing or invalid Sec-WebSocket-Key header'),
  ),
  bytes(
    'an upgrade of an old version',
    upgrade(['Sec-WebSocket-Version: 7']),
    answer(BAD, 'Missing or invalid Sec-WebSocket-Version header'),
  ),
  bytes(
    'an upgrade with a malformed protocol',
    upgrade(['Sec-WebSocket-Protocol: a,,b']),
    answer(BAD, 'Invalid Sec-WebSocket-Protocol header'),
  ),
  bytes(
    'a socket without the protocol',
    upgrade(['Sec-WebSocket-Protocol: -']),
    expect.stringContaining('Subprotocol not acceptable'),
  ),
  bytes(
    'a socket of another protocol',
    upgrade(['Sec-WebSocket-Protocol: graphql-ws']),
    expect.stringContaining('Subprotocol not acceptable'),
  ),
];

function foreign(): string {
  return 'Pages of this origin may not use this API. Its operator can allow them with ALLOWED_ORIGINS.\n';
}

const INIT = JSON.stringify({ type: 'connection_init' });
const ACK = { type: 'connection_ack' };

function messages(
  name: string,
  { sent = [], afterAck = [] }: { readonly sent?: readonly string[]; readonly afterAck?: readonly string[] },
  answers: readonly unknown[],
  closeCode: number | null,
): HostileMessages {
  return { name, messages: () => sent, afterAck: () => afterAck, answers, closeCode };
}

const SOCKETS: readonly HostileInput[] = [
  messages('a message that is no JSON', { sent: ['hello'] }, [], 4400),
  messages('a message that is a number', { sent: ['1'] }, [], 4400),
  messages('a message of an unknown type', { sent: ['{"type":"x"}'] }, [], 4400),
  messages('an operation before connection_init', { sent: [subscribe('1', '{ __typename }')] }, [], 4401),
  messages('connection_init twice', { sent: [INIT], afterAck: [INIT] }, [ACK], 4429),
  messages('nothing at all', {}, [], 4408),
  messages(
    'much before connection_init',
    { sent: [JSON.stringify({ type: 'connection_init', payload: { a: 'x'.repeat(100_000) } })] },
    [],
    1009,
  ),
  messages(
    'a message of 1.1 MB',
    { sent: [INIT], afterAck: [subscribe('1', `{ a${'a'.repeat(1_100_000)} }`)] },
    [ACK],
    1009,
  ),
  messages(
    'an operation without an id',
    { sent: [INIT], afterAck: ['{"type":"subscribe","payload":{"query":"{a}"}}'] },
    [ACK],
    4400,
  ),
  messages(
    'ten thousand ends of operations that never began',
    { sent: [INIT], afterAck: Array.from({ length: 10_000 }, (_, id) => `{"id":"${id}","type":"complete"}`) },
    [ACK],
    null,
  ),
  messages(
    'a thousand pings of the protocol',
    { sent: [INIT], afterAck: Array.from({ length: 1_000 }, () => '{"type":"ping"}') },
    [ACK, ...Array.from({ length: 1_000 }, () => ({ type: 'pong' }))],
    null,
  ),
  bytes('a frame that is not masked', `${upgrade([])}\x81\x02{}`, closedWith(1002)),
  bytes('a frame with a reserved bit', `${upgrade([])}\xf1\x80\0\0\0\0`, closedWith(1002)),
  bytes('an unknown opcode', `${upgrade([])}\x83\x80\0\0\0\0`, closedWith(1002)),
  bytes('a frame of 2^62 bytes', `${upgrade([])}\x81\xff\x40\0\0\0\0\0\0\0\0\0\0\0`, closedWith(1009)),
  bytes(
    'a message in ten thousand frames',
    `${upgrade([])}\x01\x80\0\0\0\0${'\x00\x80\0\0\0\0'.repeat(10_000)}`,
    closedWith(1008),
  ),
];

/** A close frame with this code and no reason. */
function closedWith(code: number): unknown {
  return expect.stringContaining(String.fromCharCode(0x88, 2, code >> 8, code & 255));
}

function subscribe(id: string, query: string): string {
  return JSON.stringify({ id, type: 'subscribe', payload: { query } });
}

checkHostileInputs('upgrades', UPGRADES);
checkHostileInputs('WebSockets', SOCKETS);
